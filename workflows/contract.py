"""The public face of a journey's workflow: how it is begun, what it answers, how it is found. See docs/contract.md."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, Field
from temporalio.common import SearchAttributeKey

from domain.ids import JourneyId, KitDigest, LearnerId, MentorId, ProgramId, Slug
from domain.journey import Awaited
from domain.journey.state import Case
from domain.journey.stored import StoredState
from domain.journey.terms import Ending, Stage
from domain.kit import Role, Severity
from domain.kit.stored import StoredKit
from domain.values import Frozen, Instant

TASK_QUEUE = "trellis-journeys"
WORKFLOW = "LearnerJourney"
MESSAGE_TASK_QUEUE = "trellis-messages"
MESSAGE_WORKFLOW = "DeliverMessage"

PROGRAM = SearchAttributeKey.for_keyword("TrellisProgram")
STAGE = SearchAttributeKey.for_keyword("TrellisStage")
MENTOR = SearchAttributeKey.for_keyword("TrellisMentor")
NEXT_DEADLINE = SearchAttributeKey.for_datetime("TrellisNextDeadline")
ATTENTION = SearchAttributeKey.for_keyword("TrellisAttention")
VERSION = SearchAttributeKey.for_int("TrellisVersion")
"""Of the journey's stream, as its workflow knows it."""
SEARCH_ATTRIBUTES: tuple[SearchAttributeKey[Any], ...] = (PROGRAM, STAGE, MENTOR, NEXT_DEADLINE, ATTENTION, VERSION)
"""To be registered with the namespace before the first journey: a workflow that sets an unknown one is stuck."""


CATCH_UP = "catch_up"
"""A signal to a workflow that may be behind its log: `{"version": 17}`, the version of its stream. One that knows less
loads the journey from the log; otherwise nothing happens."""

MAX_PAYLOAD_BYTES = 524_288
"""What a workflow takes into its history. Far more than any command may hold that the log records."""


class CommandEnvelope(Frozen):
    """A command as it was received, before anybody has read it. What is not yet handled is carried to the next run."""

    id: str
    """Its identity: see workflows/identity.py."""
    name: str
    payload: Any
    at: AwareDatetime
    legacy_id: str = ""
    """The identity that earlier releases gave it. They are recognized in what those recorded."""


class CarriedCommands(Frozen):
    """What the runs so far know of commands, beyond what each of them received."""

    signals: Mapping[str, int] = Field(default_factory=dict)
    """How many signals of each content the chain of runs has received."""
    recorded_updates: tuple[str, ...] = ()
    """Keys of the updates that are recorded."""


class Carried(Frozen):
    """What one run of a journey's workflow hands to the next. The kit is found by the digest in the state."""

    state: StoredState
    version: int
    orders: tuple[CommandEnvelope, ...]
    clock_ahead: float
    commands: CarriedCommands = CarriedCommands()
    kit: StoredKit | None = None
    """Only from runs of releases that carried kits in histories."""


class Begin(Frozen):
    """What a journey's workflow is started with."""

    program: Slug
    learner: Slug
    kit: KitDigest | None = None
    """The version of the program to follow; none: the newest that has been published."""
    rehearse_from: Instant | None = None
    """For rehearsals: the moment at which the journey believes it begins. Its commands then say in `at` when they are
    given, timers come true at exactly their time, and two rehearsals of one story tell the same events."""
    continue_after: int = Field(default=500, ge=1)
    """Orders after which the workflow continues as a new run, if the server has not suggested it before."""
    carried: Carried | None = None
    """From the run before; nobody else gives it."""

    @property
    def program_id(self) -> ProgramId:
        return ProgramId(self.program)

    @property
    def learner_id(self) -> LearnerId:
        return LearnerId(self.learner)


class Answer(Frozen):
    """What an update returns once its events are in the log. `version` is that of the journey's stream."""

    version: int
    stage: Stage
    events: tuple[str, ...]
    """The types of the events that the command brought about; none, when it changes nothing."""


class Upcoming(Frozen):
    at: AwareDatetime
    rule: str
    what: str
    stopped_by: Role


class Status(Frozen):
    """Where a journey stands, and what comes next."""

    journey: JourneyId
    program: ProgramId
    learner: LearnerId
    kit: KitDigest
    version: int
    stage: Stage
    since: AwareDatetime
    paused_until: AwareDatetime | None
    mentor: MentorId | None
    attention: Severity | None
    awaited: tuple[Awaited, ...]
    timers: tuple[Upcoming, ...]
    cases: tuple[Case, ...]
    ending: Ending | None
    as_of: datetime
    """The journey's own clock when it last did something."""
    waiting_orders: int
    """Commands received and not yet handled."""


class Ended(Frozen):
    """What the workflow returns."""

    ending: Ending
    version: int


REJECTED = "Rejected"
"""The type of the application error with which an update refuses a command."""

NOT_STARTED = "NotStarted"
"""The type of the application error with which a query is refused until the journey has begun."""
