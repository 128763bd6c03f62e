"""Who can join a group: learners who have sessions ahead with one. Groups are formed of them; nobody else is added."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from domain.cohort.decide import Code
from domain.cohort.state import CohortState
from domain.journey.duty import chosen_pathway
from domain.journey.refusing import Code as OfJourneys
from domain.journey.state import JourneyState
from domain.kit import Kit, Pathway
from domain.refusal import Rejected

_NAMED = 5
"""Of so many learners the message says why; the data of the refusal has all of them."""


class Newcomer(NamedTuple):
    kit: Kit
    """The one that the journey follows."""
    state: JourneyState


def in_the_way(kit: Kit, state: JourneyState) -> OfJourneys | None:
    """Why the learner cannot join any group now, by the kit that the journey follows. None: they can.

    A learner who waits for a mentor of their own has no sessions yet, and nobody knows when they begin: what a group
    recorded by then could not be entered in the journey. Only a group that brings the mentor can take them.
    """
    brings = kit.cohorts is not None and kit.cohorts.brings_mentor
    if state.pause:
        return OfJourneys.PAUSED
    if state.cohort:
        return OfJourneys.IN_COHORT
    if state.pathway is None or not (state.stage == "sessions" or (brings and state.stage == "matching")):
        return OfJourneys.WRONG_STAGE
    if kit.cohorts is None:
        return OfJourneys.NO_COHORTS
    return None if _has_meetings_ahead(chosen_pathway(kit, state), state) else OfJourneys.SESSION_OVER


def _has_meetings_ahead(pathway: Pathway, state: JourneyState) -> bool:
    recorded = {one.session for one in state.sessions if one.attendance}
    return any(one.mode == "cohort" and one.id not in recorded for one in pathway.sessions)


def require_can_join(group: CohortState, newcomers: Iterable[Newcomer]) -> None:
    """Raises Rejected, which says of each learner what is in the way, and what would help."""
    found = {one.state.learner: (code, one) for one in newcomers if (code := _in_the_way_of(group, one))}
    if not found:
        return
    says = [f"{learner}: {in_words(code, *one)}" for learner, (code, one) in found.items()]
    more = f"; and {len(says) - _NAMED} more" if len(says) > _NAMED else ""
    raise Rejected(
        Code.CANNOT_JOIN,
        f"nobody was added. {'; '.join(says[:_NAMED])}{more}",
        {"learners": list(found), "codes": [str(code) for code, _ in found.values()]},
    )


def _in_the_way_of(group: CohortState, one: Newcomer) -> OfJourneys | None:
    """Beside what is in the way of joining any group: the learner has other sessions than this one."""
    if code := in_the_way(one.kit, one.state):
        return code
    known = {session.id for session in chosen_pathway(one.kit, one.state).sessions}
    return None if known.issuperset(meeting.session for meeting in group.meetings) else OfJourneys.UNKNOWN_SESSION


def in_words(code: OfJourneys, kit: Kit, state: JourneyState) -> str:
    """What is in the way, and what would help."""
    match code:
        case OfJourneys.PAUSED:
            return "the journey is paused; resume it first"
        case OfJourneys.IN_COHORT:
            there = state.cohort.cohort if state.cohort else ""
            return f"the learner is in the group {there!r}; take them out of it first"
        case OfJourneys.WRONG_STAGE:
            return _STAGES[state.stage]
        case OfJourneys.NO_COHORTS:
            return (
                f"the journey follows version {kit.version} of the program, which forms no groups; to move it: "
                f"trellis program migrate {kit.program}"
            )
        case OfJourneys.SESSION_OVER:
            return "the learner has had every session that a group has together"
        case _:
            return f"the pathway {state.pathway!r} does not have the sessions of this group; choose another group"


_BEFORE: Final = "so the learner has no sessions yet; add them once the match is made"
_STAGES: Final[Mapping[str, str]] = {
    "intake": f"the journey is in the stage intake, {_BEFORE}",
    "matching": f"the journey is in the stage matching, {_BEFORE}",
    "wrap_up": "the journey is in the stage wrap-up, so no session lies ahead",
    "closed": "the journey is closed, so no session lies ahead",
}
