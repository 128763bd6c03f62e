"""The feed of events as a webhook gets it: of the types and programs that it wants, with what its role may see."""

from collections.abc import Sequence

from domain.access import Caller, KeyRole
from domain.ids import ProgramId
from domain.refusal import Rejected
from queries.event_feed import EventFeed, FeedEvent, Wanted
from queries.event_types import types_named
from store.event_log import RecordedEvent
from store.webhooks import Subscription


class WebhookFeed:
    """One for a process is enough."""

    def __init__(self, feed: EventFeed) -> None:
        self._feed = feed

    async def page(self, wanted: Subscription, after: int, limit: int) -> tuple[Sequence[FeedEvent], int, bool]:
        """Up to `limit` events, the position up to which they are all, and whether that is the end of the log."""
        page = await self._feed.page(after, wanted_of(wanted.types, wanted.programs), limit)
        return page.events, page.next, page.end

    async def described(self, recorded: Sequence[RecordedEvent]) -> Sequence[FeedEvent]:
        return await self._feed.described(recorded)

    @staticmethod
    def sees_personal_data(wanted: Subscription) -> bool:
        return Caller(key="", role=KeyRole(wanted.role), actor="").sees_personal_data


def wanted_of(types: Sequence[str], programs: Sequence[ProgramId] | None) -> Wanted:
    """A name that this release does not know fits nothing: it is one of a later release, or of an earlier one."""
    known = [one for one in types if _is_known(one)]
    return Wanted(
        types=types_named(known) if types else None,
        programs=None if programs is None else frozenset(programs),
    )


def _is_known(name: str) -> bool:
    try:
        types_named([name])
    except Rejected:
        return False
    return True
