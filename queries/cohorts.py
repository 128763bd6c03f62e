"""A group as people look at it: who is in it, when it meets, who came, and what journeys did not take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from domain.cohort import EVENTS, INITIAL, CohortState, evolve
from domain.cohort.state import GROUP, Meeting
from domain.ids import CohortId, JourneyId, LearnerId, MentorId, SessionId, cohort_stream
from domain.kit import Kit
from domain.refusal import NotFound
from projections.views import cohorts
from projections.views.cohorts import Standing
from store import kits, people
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog
from store.transact import Snapshot

_CODEC = Codec(EVENTS)


class NoSuchCohort(NotFound):
    """The log has no group of this id."""

    def __init__(self, cohort: str) -> None:
        super().__init__(f"there is no group {cohort!r}; `trellis cohort list` has those there are")


@dataclass(frozen=True, slots=True)
class GroupSession:
    session: SessionId
    title: str
    starts_at: datetime
    attendance: str | None
    """How it went for the group. None: nobody has said."""
    came: int
    """How many attended, on time or late."""
    invited: int
    """How many belonged to the group when it was to begin."""
    notes: bool
    follow_up: bool


@dataclass(frozen=True, slots=True)
class RosterEntry:
    learner: LearnerId
    name: str | None
    journey: JourneyId
    since: datetime
    stage: str | None
    """Of the journey; None where the board has not heard of it."""
    paused: bool
    attendance: Mapping[str, str | None]
    """By session; None: nobody has said, or it was taken back. What is corrected in a journey is here a moment later.
    Sessions that the learner did not have are left out."""
    refused: str | None
    """The code with which their journey refused what it was told last."""
    refused_command: str | None


@dataclass(frozen=True, slots=True)
class Roster:
    cohort: CohortId
    title: str
    program: str
    pathway: str
    mentors: tuple[MentorId, ...]
    """The first leads it before the second."""
    mentor_names: tuple[str | None, ...]
    """In the same order. Personal data."""
    slot: str | None
    least: int
    most: int
    sessions: Sequence[GroupSession]
    members: Sequence[RosterEntry]
    """By id."""
    former: Sequence[LearnerId]
    version: int
    told: bool
    """Whether the journeys of all members know what happened."""
    closed_at: datetime | None


async def snapshot(pool: Pool, group: CohortId) -> Snapshot[CohortState]:
    """As the stream has it now, also where there is none."""
    recorded = await EventLog(pool).read_stream(cohort_stream(group))
    return Snapshot(len(recorded), reduce(evolve, _CODEC.decode_known(recorded), INITIAL))


async def roster(pool: Pool, group: CohortId) -> Roster:
    """Raises NoSuchCohort."""
    state = (await snapshot(pool, group)).state
    if state.kit is None or state.program is None or state.pathway is None:
        raise NoSuchCohort(group)
    kit = await kits.load(pool, state.kit)
    standings = {one.learner: one for one in await cohorts.standings(pool, group)}
    names = await people.names_of(pool, [*state.members, *state.mentors])
    return Roster(
        cohort=group,
        title=title_of(kit, state.number),
        program=state.program,
        pathway=state.pathway,
        mentors=state.mentors,
        mentor_names=tuple(names.get(one) for one in state.mentors),
        slot=str(state.slot) if state.slot else None,
        least=state.least,
        most=state.most,
        sessions=[_session(kit, state, one) for one in state.meetings],
        members=[_entry(state, one, names.get(one), standings.get(one)) for one in sorted(state.members)],
        former=sorted(state.former),
        version=state.version,
        told=state.told >= state.news,
        closed_at=state.closed_at,
    )


def title_of(kit: Kit, number: int) -> str:
    title = kit.cohorts.title if kit.cohorts else "Group"
    return f"{title} {number}"


def _session(kit: Kit, state: CohortState, one: Meeting) -> GroupSession:
    pathway = kit.pathway(state.pathway) if state.pathway else None
    invited = state.invited(one)
    return GroupSession(
        session=one.session,
        title=pathway.title_of_session(one.session) if pathway else one.session,
        starts_at=one.starts_at,
        attendance=one.attendance.get(GROUP),
        came=sum(one.held_with(learner) for learner in invited),
        invited=len(invited),
        notes="notes" in one.said,
        follow_up="follow_up" in one.said,
    )


def _entry(state: CohortState, learner: LearnerId, name: str | None, standing: Standing | None) -> RosterEntry:
    member, refusal = state.members[learner], state.last_refusal(learner)
    return RosterEntry(
        learner=learner,
        name=name,
        journey=member.journey,
        since=member.since,
        stage=standing.stage if standing else None,
        paused=bool(standing and standing.paused_until),
        attendance={one.session: one.went(learner) for one in state.meetings if one.session not in member.left_out},
        refused=refusal.code if refusal else None,
        refused_command=refusal.command if refusal else None,
    )
