"""What people want to look at again: the filters and the order of the table of journeys, under a name."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from store.database import Executor, query

MOST_OF_ONE = 50
"""Views that one person may save."""
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class SavedView:
    id: str
    owner: str
    """Who saved it, such as `ops:ana`."""
    name: str
    query: str
    """As in the address of a page of journeys: `program=job-ready&stage=sessions&sort=since`."""
    program: str | None
    """By which it filters; only those who may use it see the view."""
    shared: bool
    """Whether everybody sees it who may use its program, or its owner alone."""
    saved_at: datetime


async def listed(executor: Executor, actor: str, programs: Collection[str] | None) -> list[SavedView]:
    """Those that somebody sees: their own first, by name. `programs`: those that they may use; None: all."""
    names = None if programs is None else list(programs)
    rows = await executor.fetch(query("saved_views_list"), actor, names, MOST_LISTED)
    return [SavedView(*row) for row in rows]


async def get(executor: Executor, view: str) -> SavedView | None:
    row = await executor.fetchrow(query("saved_view_get"), view)
    return SavedView(*row) if row else None


async def save(executor: Executor, view: SavedView) -> str | None:
    """Its id, that of the view of the same owner and name if there is one. None: the owner has as many as they may."""
    saved: str | None = await executor.fetchval(
        query("saved_view_save"),
        *(view.id, view.owner, view.name, view.query, view.program, view.shared, view.saved_at),
        MOST_OF_ONE,
    )
    return saved


async def forget(executor: Executor, view: str) -> None:
    await executor.execute(query("saved_view_forget"), view)
