"""When a group meets: each session that the pathway has in the mode `cohort`, once."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from domain.cohort.events import PlannedSession
from domain.cohort.slots import Slot
from domain.ids import SessionId
from domain.kit import Kit, Pathway, Session
from domain.scheduling.intervals import Interval


def sessions_of(pathway: Pathway) -> tuple[Session, ...]:
    """In the order in which they are held."""
    return tuple(sorted((one for one in pathway.sessions if one.mode == "cohort"), key=lambda one: one.after))


_WEEKS_TRIED = 8


def plan(
    kit: Kit, pathway: Pathway, begins: datetime, slot: Slot | None, free: Callable[[Interval], bool] = lambda _: True
) -> tuple[PlannedSession, ...]:
    """Each at the first slot from when the pathway asks for it, counted from `begins` or the beginning of the term, and
    never two at once. Without a slot, just when the pathway asks for it, or at that hour of a later day. What would not
    be over by the end of a fixed term is left out.

    `free`: whether those who lead the group can come; where they cannot for eight weeks, nobody waits for them.
    """
    counts_from = kit.starts_at or begins
    earliest, planned = begins, []
    for one in sessions_of(pathway):
        wanted = max(counts_from + one.after, earliest)
        starts_at = next((each for each in _tried(slot, wanted) if free(Interval(each, each + one.length))), None)
        starts_at = starts_at or next(_tried(slot, wanted))
        if kit.starts_at and starts_at + one.length > kit.starts_at + pathway.ends:
            break
        planned.append(PlannedSession(session=SessionId(one.id), starts_at=starts_at))
        earliest = starts_at + one.length
    return tuple(planned)


def _tried(slot: Slot | None, wanted: datetime) -> Iterator[datetime]:
    """The earliest first."""
    if slot is None:
        yield from (wanted + timedelta(days=nth) for nth in range(7 * _WEEKS_TRIED))
        return
    starts_at = slot.first(wanted)
    for _ in range(_WEEKS_TRIED):
        yield starts_at
        starts_at = slot.first(starts_at + timedelta(days=1))
