"""What goes between groups and the journeys of their members in a rehearsal."""

from typing import NamedTuple

from domain.ids import CohortId, JourneyId, LearnerId, PathwayId, SessionId
from domain.journey.bases import NamedCommand
from domain.journey.terms import Attendance
from domain.matching.pool import Candidate


class Told(NamedTuple):
    """What a group has recorded, for the journey of one member."""

    journey: JourneyId
    cohort: CohortId
    version: int
    """Of the event in the group's stream."""
    command: NamedCommand


class NotTaken(NamedTuple):
    """A journey has refused what it was told."""

    cohort: CohortId
    version: int
    learner: LearnerId
    command: str
    code: str


class Came(NamedTuple):
    """How a session of the group went for one member, which nobody has recorded yet."""

    cohort: CohortId
    session: SessionId
    learner: LearnerId
    attendance: Attendance


class CanJoin(NamedTuple):
    """A learner who can join a group from now on. Without a pathway: no longer."""

    learner: LearnerId
    pathway: PathwayId | None
    candidate: Candidate | None = None
