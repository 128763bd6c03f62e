"""What a caller may know of: programs, journeys, mentors and groups.

What is not visible to them does not exist for them: the answer is the same as for what does not exist.
"""

from collections.abc import Iterable

from client.journeys import NoSuchJourney
from domain.access import Caller, KeyRole
from domain.ids import CohortId, JourneyId, MentorId, ProgramId
from interfaces.http.access import Denied, require_mentor, require_program
from projections.views import mentors as view
from queries.cohorts import NoSuchCohort, snapshot
from queries.mentors import Mentor, NoSuchMentor, mentor
from queries.parties import Parties, parties_of
from services.mentors import NotAddable
from store.database import Pool

_LONGEST_ID = 1_000
"""Of a workflow: Temporal takes no longer one."""


def one_program(caller: Caller, program: str | None) -> str | None:
    """The program to look at; None: all of them, for a caller who may use all.

    Raises:
        NotFound: when the caller may not use it.
        Denied: when none is named and the caller may use some alone, unless that is one.
    """
    if program is not None:
        require_program(caller, ProgramId(program))
        return program
    if caller.programs is None:
        return None
    if len(caller.programs) == 1:
        return next(iter(caller.programs))
    says = f"Name the program: your key is for {', '.join(sorted(caller.programs)) or 'none'}."
    raise Denied(422, "program_required", says)


def programs_seen(caller: Caller, program: str | None) -> list[str] | None:
    """The programs of a listing; None: all of them. Of one that the caller may not use there is nothing, as of one that
    does not exist."""
    if program is not None:
        return [program] if caller.may_use(program) else []
    return None if caller.programs is None else sorted(caller.programs)


async def visible_mentor(pool: Pool, caller: Caller, one: MentorId) -> Mentor:
    """A mentor whom the caller may know of: themselves, or one whom a program of the caller may use.

    Raises NoSuchMentor.
    """
    require_mentor(caller, one)
    found = await mentor(pool, one)
    if caller.programs is None or found.programs is None or caller.programs & set(found.programs):
        return found
    raise NoSuchMentor(one)


async def require_visible_mentor(pool: Pool, caller: Caller, one: MentorId) -> None:
    """For what changes something about a mentor. A caller for all programs may name anybody: the change itself says
    whether there is such a mentor.

    Raises NoSuchMentor.
    """
    require_mentor(caller, one)
    if caller.programs is not None and caller.role is not KeyRole.MENTOR:
        await visible_mentor(pool, caller, one)


async def require_addable(pool: Pool, caller: Caller, mentors: Iterable[MentorId]) -> None:
    """Raises NotAddable for ids of mentors who belong to programs that the caller may not use."""
    if caller.programs is None:
        return
    others = {
        str(one): ("this id is taken", "give the mentor an id of their own")
        for one, row in (await view.by_ids(pool, mentors)).items()
        if row.programs is not None and not caller.programs & set(row.programs)
    }
    if others:
        raise NotAddable(others)


def require_all_programs(caller: Caller) -> None:
    """For what belongs to no single program. Raises Denied."""
    if caller.programs is not None:
        raise Denied(403, "key_of_some_programs", "This takes a key that is for all programs.")


async def require_cohort(pool: Pool, caller: Caller, one: str) -> ProgramId:
    """Its program. Raises NoSuchCohort, also for a group that the caller has nothing to do with."""
    cohort = CohortId(one)
    state = (await snapshot(pool, cohort)).state
    leads = caller.role is not KeyRole.MENTOR or caller.mentor in state.mentors
    if state.program is None or not leads or not caller.may_use(state.program):
        raise NoSuchCohort(cohort)
    return state.program


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
