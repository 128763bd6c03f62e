"""When a group meets: each session that the pathway has in the mode `cohort`, once."""

from datetime import datetime

from domain.cohort.events import PlannedSession
from domain.cohort.slots import Slot
from domain.ids import SessionId
from domain.kit import Kit, Pathway, Session


def sessions_of(pathway: Pathway) -> tuple[Session, ...]:
    """In the order in which they are held."""
    return tuple(sorted((one for one in pathway.sessions if one.mode == "cohort"), key=lambda one: one.after))


def plan(kit: Kit, pathway: Pathway, begins: datetime, slot: Slot | None) -> tuple[PlannedSession, ...]:
    """Each at the first slot from when the pathway asks for it, counted from `begins` or the beginning of the term, and
    never two at once. What would not be over by the end of a fixed term is left out."""
    counts_from = kit.starts_at or begins
    earliest, planned = begins, []
    for one in sessions_of(pathway):
        wanted = max(counts_from + one.after, earliest)
        starts_at = slot.first(wanted) if slot else wanted
        if kit.starts_at and starts_at + one.length > kit.starts_at + pathway.ends:
            break
        planned.append(PlannedSession(session=SessionId(one.id), starts_at=starts_at))
        earliest = starts_at + one.length
    return tuple(planned)
