"""What a scenario holds. docs/scenarios.md describes the folder that it is kept in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from pydantic import Field

from domain.activity import LearnerWasActive
from domain.ids import JourneyId, LearnerId, MentorId, MilestoneId, journey_id
from domain.journey.terms import Ending, MilestoneStatus, Score, Stage
from domain.kit import Kit
from domain.values import Frozen, Instant
from store.people import Person

LEARNERS = "learners.csv"
MENTORS = "mentors.csv"
COMMANDS = "commands.ndjson"
ACTIVITY = "activity.csv"
EXPECTED = "expected.ndjson"

ANSWERS = "answers"

BEGIN = "begin"
"""The line with which a learner's journey begins; where it is missing, it begins with their first command."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command at its moment. `input` is known to fit the command."""

    at: datetime
    command: str
    input: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Script:
    """All that is asked of one journey, in the order of time."""

    learner: LearnerId
    begins_at: datetime
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class ActiveDay:
    """A day on which a learner was seen, and how busily."""

    day: date
    clicks: int
    pages: int

    @property
    def fact(self) -> LearnerWasActive:
        """Dated noon UTC: of the day itself, the data says no more."""
        at = datetime.combine(self.day, time(12), UTC)
        return LearnerWasActive(at=at, clicks=self.clicks, pages=self.pages)


class ExpectedMilestone(Frozen):
    status: MilestoneStatus
    score: Score | None = None


class Expected(Frozen):
    """How a journey ought to stand at the end. What is left out may be anything."""

    learner: LearnerId
    stage: Stage | None = None
    ending: Ending | None = None
    mentor: MentorId | None = None
    milestones: Mapping[MilestoneId, ExpectedMilestone] | None = None
    """All those that were handed in, and none besides."""


class CommandLine(Frozen):
    """A line of commands.ndjson."""

    at: Instant
    learner: LearnerId
    command: str
    input: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    kit: Kit
    learners: tuple[Person, ...]
    mentors: tuple[Person, ...]
    scripts: tuple[Script, ...]
    """One for each learner, in the order in which they begin."""
    activity: Mapping[LearnerId, tuple[ActiveDay, ...]] = field(default_factory=dict)
    """By day."""
    expected: tuple[Expected, ...] = ()

    def journey(self, learner: LearnerId) -> JourneyId:
        return journey_id(self.kit.program_id, learner)

    def commands(self) -> Iterator[CommandLine]:
        """Every line of the story in the order of time; at one moment, in the order of the scripts."""
        lines = [line for script in self.scripts for line in _lines(script)]
        yield from sorted(lines, key=lambda line: line.at)


def _lines(script: Script) -> Iterator[CommandLine]:
    yield CommandLine(at=script.begins_at, learner=script.learner, command=BEGIN)
    for step in script.steps:
        yield CommandLine(at=step.at, learner=script.learner, command=step.command, input=dict(step.input))


def answers_of(learner: Person) -> Mapping[str, Any]:
    """What learners.csv says that they answer to the questions of the intake."""
    answers: Mapping[str, Any] = learner.attributes.get(ANSWERS, {})
    return answers
