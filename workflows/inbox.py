"""The one queue of a journey: commands in the order in which they were received, whichever handler received them."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from workflows.clock import JourneyClock
from workflows.contract import MAX_PAYLOAD_BYTES, REJECTED, Answer
from workflows.identity import SignalCounter, cancellation_identity, update_identity
from workflows.journey_activities import RecordedCommand
from workflows.reading import CANCEL, Identity, content_of, problem_with_size, receive
from workflows.refusals import Code, refused, refused_as_recorded
from workflows.run_input import CommandEnvelope


class Inbox:
    """Commands that wait to be handled, and the updates that wait for an answer."""

    def __init__(self, clock: JourneyClock, signals: SignalCounter) -> None:
        self._clock = clock
        self._signals = signals
        self._waiting: deque[CommandEnvelope] = deque()
        self._answers: dict[str, asyncio.Future[Answer]] = {}
        self._has_cancellation = False

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def first(self) -> CommandEnvelope | None:
        return self._waiting[0] if self._waiting else None

    @property
    def has_unanswered_updates(self) -> bool:
        return bool(self._answers)

    def put_signal(self, name: str, args: Sequence[RawValue]) -> None:
        identity = self._signals.identify(name, content_of(args))
        self._waiting.append(self._envelope(identity, name, args))

    async def put_update(self, name: str, args: Sequence[RawValue]) -> Answer:
        """Returns once the command has been handled.

        Raises:
            ApplicationError: of type REJECTED, when it was refused.
        """
        update = workflow.current_update_info()
        assert update, "only update handlers call this"
        envelope = self._envelope(update_identity(update.id), name, args)
        answer = self._answers[envelope.id] = asyncio.Future()
        self._waiting.append(envelope)
        return await answer

    def check_size(self, args: Sequence[RawValue]) -> None:
        """Raises ApplicationError for what is too large for a history. It leaves no trace; all other refusals do."""
        if problem := problem_with_size(args):
            raise refused(problem, Code.TOO_LARGE, {"limit": MAX_PAYLOAD_BYTES})

    def put_cancellation(self) -> None:
        """Turns a request to cancel the workflow into a command, which is refused. The server keeps one a run."""
        if self._has_cancellation or workflow.cancellation_reason() is None:
            return
        self._has_cancellation = True
        identity = cancellation_identity(workflow.info().run_id)
        self._waiting.append(CommandEnvelope(id=identity, name=CANCEL, payload={}, at=self._clock.now()))

    def put_back(self, envelopes: Sequence[CommandEnvelope]) -> None:
        """Ahead of what this run has received: what the run before it left unhandled."""
        self._waiting.extendleft(reversed(envelopes))

    def take(self) -> CommandEnvelope:
        return self._waiting.popleft()

    def unhandled(self, is_recorded: Callable[[CommandEnvelope], object]) -> tuple[CommandEnvelope, ...]:
        """For the next run, which would not know what this one learned of those that are recorded already."""
        return tuple(envelope for envelope in self._waiting if not is_recorded(envelope))

    def answer(self, envelope: CommandEnvelope, recorded: RecordedCommand) -> None:
        answer = self._answers.pop(envelope.id, None)
        if answer and recorded.refusal is not None:
            answer.set_exception(refused_as_recorded(recorded.refusal, recorded.details))
        elif answer:
            answer.set_result(Answer(version=recorded.version, stage=recorded.stage, events=recorded.events))

    def refuse_all(self, error: ApplicationError) -> None:
        """For a journey that cannot start: whoever sent a command along with the start gets the reason."""
        details = error.details or [{"code": Code.NO_SUCH_KIT, "data": {}}]
        for answer in self._answers.values():
            answer.set_exception(ApplicationError(error.message, *details, type=REJECTED, non_retryable=True))
        self._answers.clear()

    def _envelope(self, identity: str, name: str, args: Sequence[RawValue]) -> CommandEnvelope:
        both = Identity(identity, legacy_id=str(workflow.uuid4()))
        return receive(both, name, args, self._clock.now(), rehearsal=self._clock.is_rehearsal)
