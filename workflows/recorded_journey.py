"""The journey as it is recorded, and the activities that record it."""

from collections.abc import Mapping, Sequence

from temporalio.exceptions import ApplicationError

from domain.ids import JourneyId, KitDigest, journey_stream
from domain.journey import JourneyEvent, JourneyState, fold
from domain.kit import Kit
from workflows.calling import call_activity
from workflows.contract import NOT_STARTED
from workflows.identity import update_keys
from workflows.journey_activities import (
    FIND_COMMAND,
    LOAD_JOURNEY,
    LOAD_KIT,
    RECORD,
    Cause,
    CommandFound,
    FindCommand,
    LoadedJourney,
    LoadJourney,
    LoadKit,
    Record,
    Recorded,
    RecordedCommand,
    facts,
)
from workflows.legacy import answers_of_earlier_release
from workflows.pinned_kits import PinnedKit
from workflows.run_input import Carried, CommandEnvelope, RunInput


class RecordedJourney:
    """Its state, version and kit, as far as this run knows the log, and the answers to commands that are recorded."""

    def __init__(self, journey: JourneyId, run_input: RunInput | None, signals: str) -> None:
        """`run_input`: None when it does not fit; such a journey is never loaded. `signals`: how the identities of this
        chain's signals begin (workflows/identity.py)."""
        self.id = journey
        self.version = 0
        self.kit: Kit
        self.is_legacy = False
        """See workflows/legacy.py."""
        self._input = run_input
        self._signals = signals
        self._digest: KitDigest | None = None
        self._state: JourneyState | None = None
        self._commands: dict[str, RecordedCommand] = {}
        carried = run_input.carried if run_input else None
        self._updates = dict.fromkeys(carried.commands.recorded_updates if carried else ())

    @property
    def has_started(self) -> bool:
        return self._state is not None

    @property
    def state(self) -> JourneyState:
        """Raises ApplicationError of type NOT_STARTED."""
        if self._state is None:
            raise ApplicationError("the journey has not started yet", type=NOT_STARTED)
        return self._state

    @property
    def recorded_updates(self) -> tuple[str, ...]:
        """Short keys of all updates that are recorded, for the next run."""
        return tuple(self._updates)

    # Loading

    async def resume(self, carried: Carried) -> None:
        self._state, self.version = carried.state, carried.version
        await self._use_kit(carried.state.kit, carried.kit)

    async def load(self) -> LoadedJourney:
        """Takes over what the log knows beyond this run: the state, and the answers to commands recorded since."""
        run_input = self._input
        assert run_input, "a journey whose input does not fit is refused before"
        question = LoadJourney(
            journey=self.id, program=run_input.program_id, kit=run_input.kit, after=self.version, signals=self._signals
        )
        loaded = await call_activity(LOAD_JOURNEY, question, LoadedJourney, summary="Load the journey from the log")
        if self.version and loaded.version == self.version:
            return loaded
        await self._use_kit(loaded.digest, loaded.kit)
        self._state, self.version = loaded.state, loaded.version
        self._learn(loaded.commands)
        self._learn(answers_of_earlier_release(loaded))
        self._updates.update(dict.fromkeys(loaded.recorded_updates))
        return loaded

    def _learn(self, commands: Mapping[str, RecordedCommand]) -> None:
        self._commands.update(commands)
        self._updates.update(dict.fromkeys(update_keys(commands)))

    async def _use_kit(self, digest: KitDigest, inline: Kit | None) -> None:
        if inline:
            self.kit, self.is_legacy = inline, True
        elif digest != self._digest:
            self.kit = await load_kit(digest, summary="Load the kit")
        self._digest = digest

    def adopt(self, digest: KitDigest, kit: Kit) -> None:
        """After a move to another version of the program."""
        self.kit, self._digest = kit, digest

    # Recording

    async def record(self, cause: Cause, events: Sequence[JourneyEvent]) -> bool:
        """Whether the events stand in the log now. If not, something else stands in their place, which was loaded."""
        stream = journey_stream(self.id)
        record = Record(
            stream=stream, expected_version=self.version, facts=facts(stream, self.version, events), cause=cause
        )
        summary = ", ".join(event.type.removeprefix("journey.").replace("_", " ") for event in events)
        recorded = await call_activity(RECORD, record, Recorded, summary=summary)
        if recorded.in_place:
            self._state, self.version = fold(events, self._state), recorded.version
            self._updates.update(dict.fromkeys(update_keys([cause.order])))
            return True
        await self.load()
        return False

    async def is_up_to_date(self) -> bool:
        """Whether the log knew no more. Otherwise it was loaded."""
        before = self.version
        await self.load()
        return self.version == before

    # Commands that are recorded

    async def answer_to(self, envelope: CommandEnvelope) -> RecordedCommand | None:
        """What is recorded of this command, also by an earlier run or a lost attempt of a workflow task."""
        if recorded := self.known_answer_to(envelope):
            return recorded
        if not self._updates.keys() & update_keys([envelope.id]):
            return None
        question = FindCommand(journey=self.id, order=envelope.id)
        found = await call_activity(FIND_COMMAND, question, CommandFound, summary="Find the recorded answer")
        return found.command

    def known_answer_to(self, envelope: CommandEnvelope) -> RecordedCommand | None:
        """Among what this run has loaded from the log."""
        return self._commands.get(envelope.id) or self._commands.get(envelope.legacy_id)


async def load_kit(digest: KitDigest, *, summary: str) -> Kit:
    pinned = await call_activity(LOAD_KIT, LoadKit(digest=digest), PinnedKit, summary=summary)
    return pinned.kit
