"""The board as a table for the terminal."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from rich.table import Table

from domain.words import distance, plain
from projections.views.board import BoardRow, Filter

_ANY = Filter()


def board_table(rows: Iterable[BoardRow], names: Mapping[str, str], now: datetime, where: Filter = _ANY) -> Table:
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
            _waiting(row, where),
            distance(row.since or row.stage_since, now),
            f"{distance(deadline, now)}{' (overdue)' if late else ''}" if deadline else "",
            names.get(row.mentor, row.mentor) if row.mentor else "",
            row.attention or "",
            style="yellow" if late else None,
        )
    return table


def _waiting(row: BoardRow, where: Filter) -> str:
    awaited = [one.partition(":")[::2] for one in row.awaited]
    wanted = [(where.waiting_for in (None, duty), where.waiting_on in (None, who)) for duty, who in awaited]
    told = [f"{plain(duty)} ({who})" for (duty, who), fits in zip(awaited, wanted, strict=True) if all(fits)]
    return ", ".join(told if where.waiting_for or where.waiting_on else told[:1])
