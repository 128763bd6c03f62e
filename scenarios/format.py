"""The contents of a scenario. docs/scenarios.md describes its folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from pydantic import Field

from domain.activity import LearnerWasActive
from domain.cohort import Command as GroupCommand
from domain.cohort.commands import (
    CloseCohort,
    MoveSession,
    RecordAttendance,
    RecordNotes,
    RemoveMember,
    ReplaceMentor,
    SendFollowUp,
)
from domain.ids import (
    CohortId,
    JourneyId,
    LearnerId,
    MentorId,
    MilestoneId,
    PathwayId,
    Slug,
    SurveyRequestId,
    journey_id,
)
from domain.journey.terms import Ending, MilestoneStatus, Score, Stage
from domain.kit import Kit, SurveyAnswer
from domain.values import Actor, Frozen, Instant
from services.mentors import MentorEntry
from store.people import Person

LEARNERS = "learners.csv"
MENTORS = "mentors.csv"
COMMANDS = "commands.ndjson"
ACTIVITY = "activity.csv"
EXPECTED = "expected.ndjson"
PROGRAM = "program.ndjson"

ANSWERS = "answers"

BEGIN = "begin"
"""The line that starts a learner's journey; without it, the journey starts with the first command."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command and its time. `input` has been validated."""

    at: datetime
    command: str
    input: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Script:
    """All commands for one journey, in the order of time."""

    learner: LearnerId
    begins_at: datetime
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class ActiveDay:
    """A day on which a learner was active, and how much."""

    day: date
    clicks: int
    pages: int

    @property
    def fact(self) -> LearnerWasActive:
        """Dated noon UTC, because the data has only the day."""
        at = datetime.combine(self.day, time(12), UTC)
        return LearnerWasActive(at=at, clicks=self.clicks, pages=self.pages)


class ExpectedMilestone(Frozen):
    status: MilestoneStatus
    score: Score | None = None


class Expected(Frozen):
    """The expected state of a journey at the end. Fields that are left out are not compared."""

    learner: LearnerId
    stage: Stage | None = None
    ending: Ending | None = None
    mentor: MentorId | None = None
    milestones: Mapping[MilestoneId, ExpectedMilestone] | None = None
    """Exactly the milestones that were submitted."""


class CommandLine(Frozen):
    """A line of commands.ndjson."""

    at: Instant
    learner: LearnerId
    command: str
    input: dict[str, Any] = Field(default_factory=dict)


class _Ops(Frozen):
    by: Actor = "ops"


class HoldRound(_Ops):
    """A round of matching for all who wait, whose draft is released at once."""


class FormGroups(_Ops):
    """Groups of all who can join one."""

    pathway: PathwayId | None = None
    """Of this one only."""


class MeasureSilences(Frozen):
    """How long the learners have been quiet is measured, as a schedule does each day."""

    measurement: Slug
    """Names it: recorded once."""


class AskSurveys(Frozen):
    """From now on people are asked what the kit wants to know."""


class AnswerSurvey(Frozen):
    request: SurveyRequestId
    answers: dict[str, SurveyAnswer]
    by: Actor = "learner"


ProgramDeed = HoldRound | FormGroups | MeasureSilences | AskSurveys | AnswerSurvey
PROGRAM_DEEDS: Mapping[str, type[ProgramDeed]] = {
    "hold_round": HoldRound,
    "form_groups": FormGroups,
    "measure_silences": MeasureSilences,
    "ask_surveys": AskSurveys,
    "answer_survey": AnswerSurvey,
}
GROUP_COMMANDS: Mapping[str, type[GroupCommand]] = {
    "record_attendance": RecordAttendance,
    "write_notes": RecordNotes,
    "send_follow_up": SendFollowUp,
    "move_session": MoveSession,
    "remove_member": RemoveMember,
    "replace_mentor": ReplaceMentor,
    "close": CloseCohort,
}
"""For the group that the line names."""


class ProgramLine(Frozen):
    """A line of program.ndjson: what is done in the program as a whole, or for a group."""

    at: Instant
    command: str
    cohort: CohortId | None = None
    input: dict[str, Any] = Field(default_factory=dict)

    def deed(self) -> ProgramDeed | GroupCommand:
        """Raises ValidationError, and KeyError for a command that is not known."""
        known = GROUP_COMMANDS if self.cohort else PROGRAM_DEEDS
        return known[self.command].model_validate(self.input)


@dataclass(frozen=True)
class Scenario:
    kit: Kit
    learners: tuple[Person, ...]
    mentors: tuple[MentorEntry, ...]
    scripts: tuple[Script, ...]
    """One for each learner, in the order of their start."""
    activity: Mapping[LearnerId, tuple[ActiveDay, ...]] = field(default_factory=dict)
    """By day."""
    expected: tuple[Expected, ...] = ()
    program: tuple[ProgramLine, ...] = ()
    """In the order of time."""

    def journey(self, learner: LearnerId) -> JourneyId:
        return journey_id(self.kit.program_id, learner)

    def commands(self) -> Iterator[CommandLine]:
        """Every command in the order of time; at equal times, in the order of the scripts."""
        lines = [line for script in self.scripts for line in _lines(script)]
        yield from sorted(lines, key=lambda line: line.at)


def _lines(script: Script) -> Iterator[CommandLine]:
    yield CommandLine(at=script.begins_at, learner=script.learner, command=BEGIN)
    for step in script.steps:
        yield CommandLine(at=step.at, learner=script.learner, command=step.command, input=dict(step.input))


def answers_of(learner: Person) -> Mapping[str, Any]:
    """The answers to the intake in learners.csv."""
    answers: Mapping[str, Any] = learner.attributes.get(ANSWERS, {})
    return answers
