"""Which journeys a caller reaches. Of the others they learn nothing, not even that they exist."""

from client.journeys import NoSuchJourney
from domain.access import Caller, KeyRole
from domain.ids import JourneyId
from queries.parties import Parties, parties_of
from store.database import Pool

_LONGEST_ID = 1_000
"""Of a workflow: Temporal takes no longer one."""


async def require_journey(pool: Pool, caller: Caller, journey: JourneyId) -> None:
    """Raises NoSuchJourney for a journey of another program, or of a learner who is not the mentor's."""
    if len(journey) > _LONGEST_ID:
        raise NoSuchJourney(journey)
    if _sees_all(caller):
        return
    if not _reaches(caller, await parties_of(pool, journey)):
        raise NoSuchJourney(journey)


def _sees_all(caller: Caller) -> bool:
    return caller.programs is None and caller.role is not KeyRole.MENTOR


def _reaches(caller: Caller, parties: Parties) -> bool:
    """A mentor reaches the journeys of their learners, and those for which they are asked."""
    of_mentor = caller.role is not KeyRole.MENTOR or caller.mentor in (parties.mentor, parties.proposed)
    return caller.may_use(parties.program) and of_mentor
