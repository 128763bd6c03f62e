"""The contract of the workflows: their names, inputs and answers, and the search attributes. See docs/contract.md."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, Field
from temporalio.common import SearchAttributeKey

from domain.ids import BulkId, JourneyId, KitDigest, LearnerId, MentorId, ProgramId, RoundId, Slug
from domain.journey import Awaited
from domain.journey.state import Case
from domain.journey.terms import Ending, Stage
from domain.kit import Role, Severity
from domain.origin import Origin
from domain.round.events import Cause
from domain.round.state import Phase, Step
from domain.values import Frozen, Instant, is_none

TASK_QUEUE = "trellis-journeys"
WORKFLOW = "LearnerJourney"
PROGRAM_TASK_QUEUE = "trellis-programs"
"""What concerns many people of a program at once: rounds of matching and of reviews, groups, reviews of capacity."""
MESSAGE_TASK_QUEUE = "trellis-messages"
MESSAGE_WORKFLOW = "DeliverMessage"
SINGLE_START = "SingleStart"
ROUND_WORKFLOW = "MatchingRound"
TAKE_BACK_WORKFLOW = "RoundTakeBack"
CAPACITY_REVIEW = "CapacityReview"
DETECTING = "Detecting"
COHORT_WORKFLOW = "Cohort"
WEBHOOK_TASK_QUEUE = "trellis-webhooks"
WEBHOOK_WORKFLOW = "DeliverToWebhook"
WEBHOOK_TEST = "TestWebhook"
BULK_WORKFLOW = "Bulk"
SURVEY_WORKFLOW = "Survey"
PULSES_WORKFLOW = "Pulses"
SILENCES_WORKFLOW = "Silences"
MONTHLY_REVIEW = "MonthlyReview"
REVIEW_LETTERS = "ReviewLetters"
QA_ROUND = "QaRound"

PROGRAM = SearchAttributeKey.for_keyword("TrellisProgram")
STAGE = SearchAttributeKey.for_keyword("TrellisStage")
MENTOR = SearchAttributeKey.for_keyword("TrellisMentor")
NEXT_DEADLINE = SearchAttributeKey.for_datetime("TrellisNextDeadline")
ATTENTION = SearchAttributeKey.for_keyword("TrellisAttention")
VERSION = SearchAttributeKey.for_int("TrellisVersion")
"""Of the journey's stream, as its workflow knows it."""
SEARCH_ATTRIBUTES: tuple[SearchAttributeKey[Any], ...] = (PROGRAM, STAGE, MENTOR, NEXT_DEADLINE, ATTENTION, VERSION)
"""Register them with the namespace before the first journey: a workflow that sets an unknown one is stuck."""


CATCH_UP = "catch_up"
"""A signal to a workflow that may be behind its log: `{"version": 17}`, the version of its stream. A workflow at an
earlier version loads the journey from the log; otherwise nothing happens."""

NEWS = "news"
"""A signal to the workflow of a webhook: there is something to deliver. It carries nothing."""

MAX_PAYLOAD_BYTES = 524_288
"""The largest payload that a workflow accepts. Far more than the log records of any command."""


class Begin(Frozen):
    """What a journey's workflow is started with."""

    program: Slug
    learner: Slug
    kit: KitDigest | None = None
    """The version of the program to follow. None: the newest that is published."""
    rehearse_from: Instant | None = None
    """For rehearsals: the moment at which the journey begins by its own clock. Commands then say in `at` when they are
    given, timers fire at exactly their time, and two rehearsals of one scenario record the same events."""
    continue_after: int = Field(default=500, ge=1)
    """Number of commands after which the workflow continues as a new run, unless the server suggests it before."""
    origin: Origin | None = Field(default=None, exclude_if=is_none)
    """Where the start came in."""

    @property
    def program_id(self) -> ProgramId:
        return ProgramId(self.program)

    @property
    def learner_id(self) -> LearnerId:
        return LearnerId(self.learner)


class Answer(Frozen):
    """What an update returns once its events are in the log."""

    version: int
    """Of the journey's stream."""
    stage: Stage
    events: tuple[str, ...]
    """The types of the events that follow from the command. None: it changes nothing."""


class Upcoming(Frozen):
    """A timer: `rule` is the place in the kit that sets it, `what` says in words what will happen."""

    at: AwareDatetime
    rule: str
    what: str
    stopped_by: Role


class Status(Frozen):
    """The answer to the query `status`: the present state of a journey, and what comes next."""

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
    """The journey's own clock when its workflow last did something."""
    waiting_orders: int
    """Number of commands that are received and not yet handled."""


class Ended(Frozen):
    """What the workflow returns."""

    ending: Ending
    version: int


REJECTED = "Rejected"
"""The type of the application error with which an update refuses a command."""

NOT_STARTED = "NotStarted"
"""The type of the application error with which a query is refused until the journey has begun."""


class Single(Frozen):
    """What `SingleStart` is started with: the workflow of which at most one runs under this id."""

    workflow: str
    id: str
    task_queue: str
    input: Mapping[str, Any] = {}


def matching_workflow(program: ProgramId) -> str:
    """The id of the workflow of a program's open round: one at a time."""
    return f"matching-{program}"


def qa_workflow(program: ProgramId) -> str:
    """The id of the workflow of a program's open round of reviews: one at a time."""
    return f"qa-{program}"


def take_back_workflow(round_: RoundId) -> str:
    return f"taking-back-{round_}"


def review_letters_workflow(program: ProgramId, month: str) -> str:
    return f"review-letters-{program}.{month}"


def webhook_workflow(webhook: str) -> str:
    return f"webhook-{webhook}"


class BeginMatching(Frozen):
    """What `MatchingRound` is started with."""

    program: Slug
    cause: Cause = "demand"
    round: RoundId | None = None
    """A round that is open in the log, to go on with. None: a new one."""
    continue_after: int = Field(default=300, ge=1)
    """Number of updates after which the workflow continues as a new run, unless the server suggests it before."""

    @property
    def program_id(self) -> ProgramId:
        return ProgramId(self.program)


class TakeBack(Frozen):
    """What `RoundTakeBack` is started with: a round of which the log has that it is taken back."""

    round: RoundId


class RunBulk(Frozen):
    """What `Bulk` is started with: a bulk action of which the log has that it was begun."""

    bulk: BulkId
    version: int = 0
    """Of its stream, as far as it is known."""
    wanted: int = 0
    """The latest version that a signal has named."""


class RoundStatus(Frozen):
    """Where a round stands: the answer to the query `status` and to every update."""

    round: RoundId
    version: int
    """Of the round's stream."""
    phase: Phase
    next_step: Step
    draft: int | None = None
    """The number of the present draft. None: there is none yet."""
    stale: bool = False
    """Whether pairs were pinned or forbidden, or that was undone, since the draft was made."""
    waiting: int = 0
    pairs: int = 0
    unplaced: int = 0
    pending: int = 0
    """Pairs that have not been sent yet."""
    sent: int = 0
    refused: int = 0
    taken_back: bool = False
    withdrawn: int = 0


class RoundEnded(Frozen):
    """What `MatchingRound` and `RoundTakeBack` return."""

    status: RoundStatus | None
    """None: nobody waited, so there was no round."""
