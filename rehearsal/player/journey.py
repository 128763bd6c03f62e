"""One journey that is played: the loop of its workflow, with a clock that only goes where it is moved."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from domain.holding import Bearing, JourneyAsHolder, needs_place
from domain.ids import JourneyId, KitDigest, LearnerId, MentorId, PathwayId, journey_stream
from domain.journey import (
    CheckActivity,
    CommandRejected,
    Finish,
    JourneyCommand,
    JourneyEvent,
    JourneyState,
    Rejected,
    StartJourney,
    Timer,
    Wait,
    decide,
    evolve,
    next_action,
)
from domain.journey.commands import AdoptKit, ApproveMatch, MoveToKit, NamedCommand, OfferMatch, ReportActivity
from domain.kit import Kit
from domain.silences import OthersSeen
from domain.survey import OCCASIONS
from rehearsal.player.recording import Append, Record


class Places(Protocol):
    """Mentors, with their places."""

    def reserve(self, mentor: MentorId, journey: "PlayedJourney", command: ApproveMatch | OfferMatch | None) -> None:
        """Keeps a place for what the journey is about to record; without a command, only looks whether the mentor is
        known. Raises Rejected."""
        ...


class PlayedJourney:
    """It is at rest between two calls: whatever falls due until then has happened."""

    def __init__(
        self,
        journey: JourneyId,
        learner: LearnerId,
        kit: Kit,
        *,
        places: Places,
        record: Record,
        last_active: Callable[[datetime], datetime | None] = lambda _: None,
        others: Callable[[PathwayId], OthersSeen | None] = lambda _: None,
        kits: Mapping[KitDigest, Kit] | None = None,
        occasion: Callable[[JourneyEvent], None] | None = None,
        heard: Callable[["PlayedJourney", JourneyEvent], None] | None = None,
    ) -> None:
        """`last_active`: the learner's latest activity elsewhere, up to a moment. `others`: how long those on a pathway
        have been quiet, as it was measured last. `kits`: other versions of the program, to which it may be moved.
        `occasion`: told of each event after which there may be a survey, when the journey is as it is right after
        it. `heard`: the same of every event."""
        self.id = journey
        self.stream = journey_stream(journey)
        self.learner = learner
        self.kit = kit
        self.version = 0
        self.bearing = Bearing()
        self.now = datetime.min.replace(tzinfo=UTC)
        """The time of what happened last; nothing happens before it."""
        self._state: JourneyState | None = None
        self._places = places
        self._record = record
        self.last_active = last_active
        self._others = others
        self._kits = kits or {}
        self._occasion = occasion
        self._heard = heard
        self.next_timer: Timer | None = None
        """What happens next by itself."""
        self.is_over = False

    @property
    def state(self) -> JourneyState:
        assert self._state, "it has begun"
        return self._state

    @property
    def has_begun(self) -> bool:
        return self._state is not None

    @property
    def as_holder(self) -> JourneyAsHolder:
        return JourneyAsHolder(self.stream, self.state, self.kit, self.bearing)

    def begin(self, at: datetime) -> None:
        start = StartJourney(by="system", program=self.kit.program_id, learner=self.learner, kit=self.kit.digest)
        self.now = at
        self._add(start, decide(self.kit, None, start, at))

    def pass_time(self, until: datetime) -> None:
        """Everything that falls due by then happens, each at its own time."""
        while (timer := self.next_timer) and timer.at <= until:
            self._fire(timer)

    def give(self, command: NamedCommand, at: datetime) -> Rejected | None:
        """Timers of the same moment come first. Returns the refusal, which is recorded."""
        self.pass_time(at)
        self.now = max(at, self.now)
        try:
            events, decided = self._decided(command)
        except Rejected as rejected:
            event = CommandRejected.of(command.name, rejected, self.now)
            self._put(Append(self.stream, self.version, (event,), "rejected", command.by, refusal=rejected))
            return rejected
        self._add(decided, events)
        if isinstance(decided, AdoptKit):
            self.kit = decided.content
            self._look_ahead()
        return None

    def _decided(self, given: NamedCommand) -> tuple[Sequence[JourneyEvent], JourneyCommand]:
        """Raises Rejected."""
        command = self._complete(given)
        if isinstance(command, ApproveMatch | OfferMatch):
            wanted = needs_place(self.kit, self.state, command, self.now)
            self._places.reserve(command.mentor, self, command if wanted else None)
        return decide(self.kit, self.state, command, self.now), command

    def _complete(self, command: NamedCommand) -> JourneyCommand:
        """The kit of a move, if the program has published it."""
        kit = self._kits.get(KitDigest(command.kit)) if isinstance(command, MoveToKit) else None
        if not isinstance(command, MoveToKit) or kit is None or kit.program_id != self.state.program:
            return command
        return AdoptKit(by=command.by, digest=command.kit, content=kit, reason=command.reason)

    def _fire(self, timer: Timer) -> None:
        self.now = max(timer.at, self.now)
        then = timer.then
        command = self._report_activity() if isinstance(then, CheckActivity) else then
        events = decide(self.kit, self.state, command, self.now)
        if not events:
            raise RuntimeError(f"the rule {timer.rule} fell due and changed nothing: it would do so endlessly")
        self._add(command, events, timer.rule)

    def _report_activity(self) -> ReportActivity:
        pathway = self.state.pathway
        others = self._others(pathway) if pathway and self.kit.rules_that_compare else None
        return ReportActivity(last_active_at=self.last_active(self.now), others=others)

    def _add(self, command: JourneyCommand, events: Sequence[JourneyEvent], rule: str | None = None) -> None:
        if events:
            self._put(Append(self.stream, self.version, events, command.name, command.by, rule))

    def _put(self, append: Append) -> None:
        for event in append.events:
            self.version += 1
            self._state = evolve(self._state, event)
            self.bearing = self.bearing.after(self.version, event)
            if self._occasion and isinstance(event, OCCASIONS):
                self._occasion(event)
            if self._heard:
                self._heard(self, event)  # type: ignore[arg-type]
        self._look_ahead()
        self._record(append)

    def _look_ahead(self) -> None:
        action = next_action(self.kit, self.state)
        self.is_over = isinstance(action, Finish)
        self.next_timer = action.next_timer if isinstance(action, Wait) else None
