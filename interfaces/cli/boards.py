"""The board as a table for the terminal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rich.table import Table

from domain.words import distance, plain


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


def board_table(rows: Iterable[Row], names: Mapping[str, str], now: datetime, wanted: Wanted = _ANY) -> Table:
    """What is awaited first, or what was asked for, where the rows were chosen by that."""
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("journey", "learner", "stage", "waiting for", "since", "deadline", "mentor", "attention"):
        table.add_column(column, overflow="fold")
    for row in rows:
        deadline = row.due_at or row.next_at
        late = bool(deadline and deadline < now)
        table.add_row(
            row.journey,
            names.get(row.learner, row.learner),
            "paused" if row.paused_until else plain(row.ending or row.stage),
            _waiting(row, wanted),
            distance(row.since or row.stage_since, now),
            f"{distance(deadline, now)}{' (overdue)' if late else ''}" if deadline else "",
            names.get(row.mentor, row.mentor) if row.mentor else "",
            row.attention or "",
            style="yellow" if late else None,
        )
    return table


def _waiting(row: Row, wanted: Wanted) -> str:
    awaited = [one.partition(":")[::2] for one in row.awaited]
    asked = [(wanted.waiting_for in (None, duty), wanted.waiting_on in (None, who)) for duty, who in awaited]
    told = [f"{plain(duty)} ({who})" for (duty, who), fits in zip(awaited, asked, strict=True) if all(fits)]
    return ", ".join(told if wanted.waiting_for or wanted.waiting_on else told[:1])
