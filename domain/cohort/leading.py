"""What a group asks of those who lead it: the times of its sessions, and their minutes, once for all members.

Before a group gets a time or a mentor, the times are booked and the minutes reserved in the streams of those who lead
it (`asked_of_mentors`). What the group then has recorded is followed there (`following`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.cohort.commands import Command, FormCohort, MoveSession, ReplaceMentor
from domain.cohort.decide import Context
from domain.cohort.events import PlannedSession
from domain.cohort.state import CohortState
from domain.ids import MentorId, SessionId, StreamId, cohort_stream
from domain.kit import Kit, Pathway
from domain.mentor.bookings import BookTime, Dated, FollowSessions, ReleaseReason, ReleaseTime
from domain.mentor.demand import Demand, session_asks
from domain.mentor.hours import Surroundings
from domain.mentor.ledger import FollowHolder, ReservePlace
from domain.scheduling.slots import Terms
from domain.values import Actor

_STEP: Final = timedelta(minutes=5)
_FURTHEST: Final = timedelta(days=3_650)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command asks of one mentor."""

    mentor: MentorId
    times: Sequence[PlannedSession]
    """When they are to meet the group."""
    minutes: Sequence[PlannedSession]
    """Those whose minutes are new to them. Where a session only moves, they have them already."""


def asked_of_mentors(state: CohortState, command: Command) -> list[Asked]:
    match command:
        case FormCohort():
            return [Asked(one, command.sessions, command.sessions) for one in command.mentors]
        case MoveSession():
            moved = PlannedSession(session=command.session, starts_at=command.starts_at)
            return [Asked(one, [moved], []) for one in state.mentors]
        case ReplaceMentor():
            ahead = [one for one in state.meetings if not one.settled]
            planned = [PlannedSession(session=one.session, starts_at=one.starts_at) for one in ahead]
            return [Asked(command.replacement, planned, planned)]
        case _:
            return []


@dataclass(frozen=True, slots=True)
class Reserving:
    """The commands to a mentor's stream by which a group gets their time, at a moment."""

    context: Context
    pathway: Pathway
    as_of: int
    """The version of the group's stream on which it was decided."""
    asked: Asked
    now: datetime
    by: Actor

    @property
    def holder(self) -> StreamId:
        return cohort_stream(self.context.cohort)

    def bookings(self) -> list[BookTime]:
        """Only of what lies ahead."""
        kit, nothing = self.context.kit, timedelta(0)
        return [
            BookTime(
                mentor=self.asked.mentor,
                holder=self.holder,
                session=one.session,
                as_of=self.as_of,
                starts_at=one.starts_at,
                terms=Terms(self.pathway.session(one.session).length, nothing, _FURTHEST, kit.meeting.buffer, _STEP),
                around=Surroundings(),
                others=(),
                only_taken=True,
                by=self.by,
            )
            for one in self.asked.times
            if one.starts_at > self.now
        ]

    def reservation(self, hold: timedelta) -> ReservePlace | None:
        """Of their minutes, if any are new to them. `hold`: how long they are kept until it is recorded."""
        kit, minutes = self.context.kit, self.asked.minutes
        if not minutes:
            return None
        return ReservePlace(
            mentor=self.asked.mentor,
            holder=self.holder,
            as_of=self.as_of,
            program=kit.program_id,
            places=0,
            demand=demand_of(kit, self.pathway, minutes),
            policy=kit.capacity,
            until=self.now + hold,
            first_meeting=min(one.starts_at for one in minutes),
            by=self.by,
        )

    def given_back(self) -> list[ReleaseTime | FollowHolder]:
        """Of what was booked for nothing."""
        released: list[ReleaseTime | FollowHolder] = [
            ReleaseTime(self.asked.mentor, self.holder, one.session) for one in self.asked.times
        ]
        if self.asked.minutes:
            released.append(
                FollowHolder(
                    mentor=self.asked.mentor,
                    holder=self.holder,
                    as_of=self.as_of + 1,
                    program=self.context.kit.program_id,
                    standing=None,
                    because="nothing_recorded",
                    since=self.now,
                    until=self.now,
                )
            )
        return released


def demand_of(kit: Kit, pathway: Pathway, sessions: Iterable[PlannedSession]) -> Demand:
    asks = (session_asks(kit, pathway.session(one.session), one.starts_at) for one in sessions)
    return Demand(shared=tuple(sorted(asks, key=lambda one: (one.week, one.session))))


def following(context: Context, state: CohortState) -> list[FollowSessions]:
    """The times that are entered with every mentor who leads the group or has led it. Entering them again changes
    nothing."""
    holder, leading = cohort_stream(context.cohort), () if state.closed_at else state.mentors
    ahead = _ahead(context.pathway(state), state)
    left = [one for one in (*state.former_mentors, *state.mentors) if one not in leading]
    because: ReleaseReason = "closed" if state.closed_at else "mentor_left"
    return [
        *(FollowSessions(one, holder, state.version, ahead) for one in leading),
        *(FollowSessions(one, holder, state.version, {}, because) for one in left),
    ]


def _ahead(pathway: Pathway, state: CohortState) -> Mapping[SessionId, Dated]:
    return {
        one.session: Dated(one.starts_at, one.starts_at + pathway.session(one.session).length, one.dated, chosen=True)
        for one in state.meetings
        if not one.settled
    }
