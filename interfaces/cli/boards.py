"""The board as a table for the terminal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.words import distance, plain
from interfaces.cli.quick import Grid
from interfaces.cli.quick import Row as Line


class Row(Protocol):
    """A journey, as the API and the view of the board have it."""

    @property
    def journey(self) -> str: ...
    @property
    def learner(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def stage_since(self) -> datetime: ...
    @property
    def mentor(self) -> str | None: ...
    @property
    def paused_until(self) -> datetime | None: ...
    @property
    def ending(self) -> str | None: ...
    @property
    def attention(self) -> str | None: ...
    @property
    def awaited(self) -> Sequence[str]: ...
    @property
    def since(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def next_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: shown first, where the rows were chosen by it."""

    waiting_for: str | None = None
    waiting_on: str | None = None


_ANY = Wanted()
_COLUMNS = ("journey", "learner", "stage", "waiting for", "since", "deadline", "mentor", "attention")


def board_table(rows: Iterable[Row], names: Mapping[str, str], now: datetime, wanted: Wanted = _ANY) -> Grid:
    """What is awaited first, or what was asked for, where the rows were chosen by that."""
    return Grid(_COLUMNS, [_line(row, names, now, wanted) for row in rows])


def _line(row: Row, names: Mapping[str, str], now: datetime, wanted: Wanted) -> Line:
    deadline = row.due_at or row.next_at
    late = bool(deadline and deadline < now)
    cells = (
        row.journey,
        names.get(row.learner, row.learner),
        "paused" if row.paused_until else plain(row.ending or row.stage),
        _waiting(row, wanted),
        distance(row.since or row.stage_since, now),
        f"{distance(deadline, now)}{' (overdue)' if late else ''}" if deadline else "",
        names.get(row.mentor, row.mentor) if row.mentor else "",
        row.attention or "",
    )
    return Line(cells, "yellow" if late else "")


def _waiting(row: Row, wanted: Wanted) -> str:
    awaited = [one.partition(":")[::2] for one in row.awaited]
    asked = [(wanted.waiting_for in (None, duty), wanted.waiting_on in (None, who)) for duty, who in awaited]
    told = [f"{plain(duty)} ({who})" for (duty, who), fits in zip(awaited, asked, strict=True) if all(fits)]
    return ", ".join(told if wanted.waiting_for or wanted.waiting_on else told[:1])
