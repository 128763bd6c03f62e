"""Saving views of the table of journeys, and forgetting them."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from domain.access import Caller, KeyRole
from domain.refusal import NotFound, RefusalCode, Rejected
from store import saved_views as store
from store.database import Pool
from store.saved_views import MOST_OF_ONE, SavedView


class Code(RefusalCode):
    """Why a view cannot be saved."""

    TOO_MANY = "saved_views_too_many"
    """`most`: how many one person may have."""


class NoSuchView(NotFound):
    def __init__(self, view: str) -> None:
        super().__init__(f"there is no saved view {view!r}; GET /v1/saved-views lists those there are")


async def save(pool: Pool, caller: Caller, name: str, query: str, program: str | None, *, shared: bool) -> SavedView:
    """A view of the same name that the caller saved before is replaced.

    Raises:
        Rejected: when the caller has as many as one person may have.
    """
    view = SavedView(uuid4().hex[:12], caller.actor, name, query, program, shared, datetime.now(UTC))
    saved = await store.save(pool, view)
    if saved is None:
        raise Rejected(
            Code.TOO_MANY,
            f"you have {MOST_OF_ONE} saved views, the most there may be; delete one",
            {"most": MOST_OF_ONE},
        )
    return replace(view, id=saved)


async def forget(pool: Pool, caller: Caller, view: str) -> SavedView:
    """One of the caller's own, or one that is shared with them.

    Raises NoSuchView, also for one that is not theirs to forget.
    """
    found = await store.get(pool, view)
    if found is None or not _may_forget(caller, found):
        raise NoSuchView(view)
    await store.forget(pool, view)
    return found


def _may_forget(caller: Caller, view: SavedView) -> bool:
    """Whether it is the caller's to forget. Mentors see what is shared with them, and leave it alone."""
    mine = view.owner == caller.actor
    theirs = mine or (view.shared and caller.role is not KeyRole.MENTOR)
    return theirs and (view.program is None or caller.may_use(view.program))
