"""Every group: who leads it, how many belong to it, when it meets next, and whether its members know all of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.cohort import EVENTS, INITIAL, CohortEvent, CohortState, evolve
from domain.ids import CohortId, LearnerId, MentorId, SessionId, cohort_stream
from projections.fold import DecodedEvent, Fold, Rows
from projections.kits import Kits
from projections.reading import View
from projections.sql import query
from store.codec import Codec
from store.database import Pool


class Cohorts(Fold[CohortEvent, CohortState]):
    name = "cohorts"
    version = 4
    handles = frozenset(EVENTS)
    codec = Codec(EVENTS)
    state = CohortState
    columns: ClassVar = {
        "cohorts": (
            *("stream", "cohort", "program", "pathway", "number", "mentors", "slot", "members", "least", "most"),
            *("sessions", "held", "next_session", "next_at", "refused", "told", "closed_at", "over"),
        ),
        "cohort_members": ("stream", "learner", "journey", "since", "refused"),
        "cohort_meetings": ("stream", "session", "starts_at", "settled", "called_off"),
    }
    keys: ClassVar = {"cohort_members": "learner", "cohort_meetings": "session"}

    def evolve(self, state: CohortState | None, event: CohortEvent) -> CohortState:
        return evolve(state or INITIAL, event)

    def rows(self, stream: str, state: CohortState, _: Sequence[DecodedEvent[CohortEvent]], __: Kits, /) -> Rows:
        following = state.next_meeting
        row = (
            *(stream, stream.removeprefix("cohort-"), state.program, state.pathway, state.number, list(state.mentors)),
            *(str(state.slot) if state.slot else None, len(state.members), state.least, state.most),
            *(len(state.meetings), sum(one.settled for one in state.meetings)),
            *((following.session, following.starts_at) if following else (None, None)),
            *(len(state.refusals), state.told >= state.news, state.closed_at, state.over),
        )
        members = [
            (stream, learner, one.journey, one.since, _refused(state, learner))
            for learner, one in state.members.items()
        ]
        meetings = [(stream, one.session, one.starts_at, one.settled, one.called_off) for one in state.meetings]
        return {"cohorts": [row], "cohort_members": members, "cohort_meetings": meetings}


def _refused(state: CohortState, learner: LearnerId) -> str | None:
    refusal = state.last_refusal(learner)
    return refusal.code if refusal else None


@dataclass(frozen=True, slots=True)
class CohortRow:
    cohort: CohortId
    program: str
    pathway: str
    number: int
    mentors: list[MentorId]
    """The first leads it before the second."""
    slot: str | None
    """The hour of the week at which it meets, in words."""
    members: int
    least: int
    most: int
    sessions: int
    held: int
    """How many of them were held or called off."""
    next_session: str | None
    next_at: datetime | None
    refused: int
    """How many journeys of members did not take what they were told last."""
    told: bool
    """Whether the journeys of all members know what happened."""
    closed_at: datetime | None


_COHORTS = View(cohorts=1)
_MEETINGS = View(cohorts=2)


async def listed(
    pool: Pool,
    programs: Sequence[str] | None = None,
    mentor: str | None = None,
    *,
    closed: bool = False,
    after: tuple[str, int] | None = None,
    limit: int | None = None,
) -> list[CohortRow]:
    """By program and number; of all programs and mentors, unless some are named. `closed`: also those that are.
    `after`: only those behind the one with this program and number."""
    beyond, number = after or (None, None)
    wanted = None if programs is None else list(programs)
    rows = await _COHORTS.fetch(pool, query("cohorts_list"), wanted, mentor, closed, beyond, number, limit)
    return [CohortRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class GroupMeeting:
    """A session of a group, at the time for which it is planned."""

    cohort: CohortId
    program: str
    pathway: str
    number: int
    session: SessionId
    starts_at: datetime
    settled: bool
    """Whether somebody has said how it went."""
    called_off: bool
    mentors: list[MentorId]
    """Of the group; the first leads it before the second."""


async def meetings(
    pool: Pool,
    since: datetime,
    until: datetime,
    *,
    programs: Iterable[str] | None = None,
    mentor: str | None = None,
    limit: int = 500,
) -> list[GroupMeeting]:
    """Of the groups that are not closed, in [since, until), the earliest first. `programs`: of these alone."""
    wanted = None if programs is None else sorted(programs)
    rows = await _MEETINGS.fetch(pool, query("cohorts_meetings"), since, until, wanted, mentor, limit)
    return [GroupMeeting(*row) for row in rows]


async def of_program(
    pool: Pool, program: str | None = None, mentor: str | None = None, *, closed: bool = False
) -> list[CohortRow]:
    return await listed(pool, [program] if program else None, mentor, closed=closed)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the journey of a member stands."""

    learner: LearnerId
    stage: str | None
    paused_until: datetime | None


_STANDINGS = View(cohorts=1, board=3)


async def standings(pool: Pool, cohort: CohortId) -> list[Standing]:
    """Of those members whom the view knows."""
    rows = await _STANDINGS.fetch(pool, query("cohorts_standings"), cohort_stream(cohort))
    return [Standing(*row) for row in rows]
