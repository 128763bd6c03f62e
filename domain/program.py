"""A program as it runs: which kit new journeys follow, whether learners are taken in, and who waits for a place.

In reading order: events, commands, state, evolve, decide. Its stream is `program-` and the program's id.

A learner holds a place from the moment they are enrolled until their journey closes or they are removed. The places
that are taken are counted from this stream alone: what journeys do is recorded here as well (`FollowJourneys`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal, NamedTuple, Self, assert_never, get_args

from pydantic import Field

from domain.ids import SLUG, JourneyId, KitDigest, LearnerId, ProgramId, StreamId, entry_of, journey_id
from domain.refusal import RefusalCode, Rejected
from domain.values import Actor, Event, Frozen, Personal, Whole

LEARNERS_AN_EVENT = 1_000
"""So many at most, for an event has 262,144 bytes and an id up to 120 characters."""
LEARNERS_A_STEP = 50_000
"""So many at most by one command, for the events that it brings about are appended together."""


def program_stream(program: ProgramId) -> StreamId:
    return StreamId(f"program-{program}")


class KitPublished(Event):
    """A version of the kit became the one that new journeys follow. Those under way keep theirs."""

    type: ClassVar[str] = "program.kit_published"
    kit: KitDigest
    version: str


class EnrollmentOpened(Event):
    """Learners are taken in from here on; with `places`, so many at most, and further ones wait."""

    type: ClassVar[str] = "program.enrollment_opened"
    places: int | None


class EnrollmentClosed(Event):
    """Nobody is taken in any more. Who waits goes on waiting."""

    type: ClassVar[str] = "program.enrollment_closed"
    reason: Personal = ""


class LearnersEnrolled(Event):
    """These have a place: their journeys are begun. Whose journey has ended before begins another."""

    type: ClassVar[str] = "program.learners_enrolled"
    learners: tuple[LearnerId, ...]


class LearnersWaitlisted(Event):
    """There was no place left for these. They are taken in, in this order, when there is."""

    type: ClassVar[str] = "program.learners_waitlisted"
    learners: tuple[LearnerId, ...]


class LearnerRemoved(Event):
    """A learner gave up their place, or their wait for one."""

    type: ClassVar[str] = "program.learner_removed"
    learner: LearnerId
    reason: Personal = ""


class LearnersJoined(Event):
    """The journeys of these began without enrollment, by another system for instance. They have a place like everybody
    else, also beyond the number of places."""

    type: ClassVar[str] = "program.learners_joined"
    learners: tuple[LearnerId, ...]


class JourneysEnded(Event):
    """The journeys of these have closed, whatever the ending: their places are free."""

    type: ClassVar[str] = "program.journeys_ended"
    learners: tuple[LearnerId, ...]


class JourneysReopened(Event):
    """The journeys of these had been closed by mistake and go on: they have their places back, also beyond the number
    of places."""

    type: ClassVar[str] = "program.journeys_reopened"
    learners: tuple[LearnerId, ...]


ProgramEvent = (
    KitPublished
    | EnrollmentOpened
    | EnrollmentClosed
    | LearnersEnrolled
    | LearnersWaitlisted
    | LearnerRemoved
    | LearnersJoined
    | JourneysEnded
    | JourneysReopened
)
EVENTS: dict[str, type[ProgramEvent]] = {event.type: event for event in get_args(ProgramEvent)}


class ProgramCommand(Frozen):
    by: Actor = "ops"


class PublishKit(ProgramCommand):
    kit: KitDigest
    version: str


class OpenEnrollment(ProgramCommand):
    """Take learners in. Opened again with more places, those who wait the longest get them."""

    places: Whole | None = Field(default=None, ge=0)


class CloseEnrollment(ProgramCommand):
    reason: Personal = ""


class Enroll(ProgramCommand):
    """Take these in, in this order. Who is enrolled or waits already is passed over, and so is whose journey has ended,
    unless they are taken in `again`."""

    learners: tuple[Annotated[LearnerId, SLUG], ...] = Field(min_length=1, max_length=LEARNERS_A_STEP)
    again: bool = False


class Start(ProgramCommand):
    """Give these a place now, all of them or none; nobody is put on the waiting list. Who is enrolled already is passed
    over, and so is whose journey has ended, unless they start `again`."""

    learners: tuple[Annotated[LearnerId, SLUG], ...] = Field(min_length=1, max_length=LEARNERS_A_STEP)
    again: bool = False
    past_places: bool = False
    """Whether the number of places, and whether enrollment is open, does not matter."""


class Remove(ProgramCommand):
    """Free a learner's place; whoever waits the longest gets it, while enrollment is open."""

    learner: Annotated[LearnerId, SLUG]
    reason: Personal = ""


class JourneyStep(NamedTuple):
    """Something that happened to the journey of a learner, as its stream says."""

    learner: LearnerId
    journey: JourneyId
    what: Literal["began", "ended", "reopened"]


@dataclass(frozen=True, slots=True)
class FollowJourneys:
    """Take note of what journeys of this program did, in that order; free places go to those who wait the longest.
    Following the same steps again, in whole or in part, changes nothing."""

    program: ProgramId
    steps: Sequence[JourneyStep] = ()
    by: Actor = "system"


Command = PublishKit | OpenEnrollment | CloseEnrollment | Enroll | Start | Remove | FollowJourneys


class ProgramState(Frozen):
    kit: KitDigest | None = None
    is_open: bool = False
    is_limited: bool = False
    """Whether enrollment was ever opened. Until then, whoever is started has a place."""
    places: int | None = None
    enrolled: frozenset[LearnerId] = frozenset()
    waiting: tuple[LearnerId, ...] = ()
    """Who waits the longest comes first."""
    entries: Mapping[LearnerId, int] = {}
    """How many journeys through the program each learner has been given."""
    ended: frozenset[LearnerId] = frozenset()
    """Those whose latest journey has closed."""

    @property
    def room(self) -> int | None:
        """How many more can be taken in; None: as many as come."""
        if not self.is_open:
            return 0
        return None if self.places is None else max(self.places - len(self.enrolled), 0)

    def journey_of(self, program: ProgramId, learner: LearnerId) -> JourneyId:
        """The latest of the learner, or the first that they would be given."""
        return journey_id(program, learner, self.entries.get(learner, 1))


class Code(RefusalCode):
    """Why a program refuses a command."""

    NO_KIT = "program_without_kit"
    """It has published no kit, so there is nothing that learners could follow."""
    CLOSED = "enrollment_closed"
    FULL = "too_few_places"
    """`places`: how many the program has; `left`: how many are free; `wanted`: how many are needed."""
    ENDED = "journey_has_ended"
    """`journey`: the one that the learner has completed or left. Another begins only when that is asked for."""


def evolve(state: ProgramState, event: ProgramEvent) -> ProgramState:
    return fold([event], state)


def fold(events: Iterable[ProgramEvent], state: ProgramState | None = None) -> ProgramState:
    roll = _Roll.of(state or ProgramState())
    for event in events:
        roll.take(event)
    return roll.state()


@dataclass
class _Roll:
    """A state that is written on, so that folding takes time by the learners named, not by all for every event."""

    base: ProgramState
    enrolled: set[LearnerId]
    waiting: dict[LearnerId, None]
    entries: dict[LearnerId, int]
    ended: set[LearnerId]

    @classmethod
    def of(cls, state: ProgramState) -> Self:
        waiting = dict.fromkeys(state.waiting)
        return cls(state, set(state.enrolled), waiting, dict(state.entries), set(state.ended))

    def state(self) -> ProgramState:
        return self.base.model_copy(
            update={
                "enrolled": frozenset(self.enrolled),
                "waiting": tuple(self.waiting),
                "entries": self.entries,
                "ended": frozenset(self.ended),
            }
        )

    def take(self, event: ProgramEvent) -> None:
        match event:
            case KitPublished():
                self.base = self.base.model_copy(update={"kit": event.kit})
            case EnrollmentOpened():
                opened = {"is_open": True, "is_limited": True, "places": event.places}
                self.base = self.base.model_copy(update=opened)
            case EnrollmentClosed():
                self.base = self.base.model_copy(update={"is_open": False})
            case LearnersEnrolled() | LearnersJoined():
                for one in event.learners:
                    self._admit(one)
            case LearnersWaitlisted():
                self.waiting.update(dict.fromkeys(event.learners))
            case LearnerRemoved():
                self.waiting.pop(event.learner, None)
                self.enrolled.discard(event.learner)
            case JourneysEnded():
                self.enrolled.difference_update(event.learners)
                self.ended.update(event.learners)
            case JourneysReopened():
                self.ended.difference_update(event.learners)
                for one in event.learners:
                    self._admit(one)
            case _:
                assert_never(event)

    def _admit(self, learner: LearnerId) -> None:
        self.waiting.pop(learner, None)
        self.enrolled.add(learner)
        if learner in self.ended or learner not in self.entries:
            self.entries[learner] = self.entries.get(learner, 0) + 1
            self.ended.discard(learner)


def decide(state: ProgramState, command: Command, at: datetime) -> list[ProgramEvent]:
    """None come of a command that has already been obeyed.

    Raises:
        Rejected: when the command does not fit the program as it stands.
    """
    match command:
        case PublishKit():
            return [] if state.kit == command.kit else [KitPublished(at=at, kit=command.kit, version=command.version)]
        case OpenEnrollment():
            if state.kit is None:
                raise Rejected(Code.NO_KIT, "the program has no kit yet; publish one first")
            if state.is_open and state.places == command.places:
                return []
            return _with_admissions(state, [EnrollmentOpened(at=at, places=command.places)], at)
        case CloseEnrollment():
            return [EnrollmentClosed(at=at, reason=command.reason)] if state.is_open else []
        case Enroll():
            return _enroll(state, command, at)
        case Start():
            return _start(state, command, at)
        case Remove():
            if command.learner not in state.enrolled and command.learner not in state.waiting:
                return []
            removed = LearnerRemoved(at=at, learner=command.learner, reason=command.reason)
            return _with_admissions(state, [removed], at)
        case FollowJourneys():
            return _with_admissions(state, list(_followed(state, command, at)), at)
        case _:
            assert_never(command)


def _enroll(state: ProgramState, command: Enroll, at: datetime) -> list[ProgramEvent]:
    new = _new(state, command.learners, state.enrolled.union(state.waiting), again=command.again)
    if not new:
        return []
    if not state.is_open:
        raise Rejected(Code.CLOSED, "enrollment is closed; open it first")
    taken = new if state.room is None else new[: 0 if state.waiting else state.room]
    return [*_events(LearnersEnrolled, taken, at), *_events(LearnersWaitlisted, new[len(taken) :], at)]


def _start(state: ProgramState, command: Start, at: datetime) -> list[ProgramEvent]:
    new = _new(state, command.learners, state.enrolled, again=command.again)
    if new and state.is_limited and not command.past_places:
        if not state.is_open:
            raise Rejected(
                Code.CLOSED,
                "enrollment is closed; open it with `trellis enrollment open`, or start with --past-places",
            )
        if state.room is not None and state.room < len(new):
            raise Rejected(
                Code.FULL,
                f"{state.room} of {state.places} places left, and {len(new)} learners to start; `trellis enrollment "
                "add` puts who finds none on the waiting list, and --past-places starts all of them nevertheless",
                {"places": state.places, "left": state.room, "wanted": len(new)},
            )
    return _events(LearnersEnrolled, new, at)


def _new(
    state: ProgramState, learners: Iterable[LearnerId], known: frozenset[LearnerId], *, again: bool
) -> list[LearnerId]:
    """Each once, in their order."""
    return [one for one in dict.fromkeys(learners) if one not in known and (again or one not in state.ended)]


_Followed = LearnersJoined | JourneysEnded | JourneysReopened


def _followed(state: ProgramState, command: FollowJourneys, at: datetime) -> Iterator[ProgramEvent]:
    """Neighbors of one kind share an event."""
    roll = _Roll.of(state)
    kind: type[_Followed] | None = None
    learners: list[LearnerId] = []
    for step in command.steps:
        told = _told(roll, command.program, step)
        if told is None:
            continue
        if told is not kind and kind:
            yield from _events(kind, learners, at)
            learners = []
        kind = told
        learners.append(step.learner)
        roll.take(told(at=at, learners=(step.learner,)))
    if kind:
        yield from _events(kind, learners, at)


def _told(roll: _Roll, program: ProgramId, step: JourneyStep) -> type[_Followed] | None:
    """What a step adds to what is known; None: nothing. A journey under an id of its own takes no place."""
    entry, latest = entry_of(step.journey, program, step.learner), roll.entries.get(step.learner, 0)
    if entry is None:
        return None
    has_ended = latest == 0 or step.learner in roll.ended
    match step.what:
        case "began":
            return LearnersJoined if has_ended and entry == latest + 1 else None
        case "ended":
            return JourneysEnded if not has_ended and entry == latest else None
        case "reopened":
            return JourneysReopened if step.learner in roll.ended and entry == latest else None


def _with_admissions(state: ProgramState, events: list[ProgramEvent], at: datetime) -> list[ProgramEvent]:
    """Whoever waits the longest gets what places there are now."""
    after = fold(events, state)
    room = LEARNERS_A_STEP if after.room is None else min(after.room, LEARNERS_A_STEP)
    return [*events, *_events(LearnersEnrolled, after.waiting[:room], at)]


def _events(
    kind: Callable[..., LearnersEnrolled | LearnersWaitlisted | _Followed],
    learners: Sequence[LearnerId],
    at: datetime,
) -> list[ProgramEvent]:
    """As many events as it takes."""
    return [
        kind(at=at, learners=tuple(learners[first : first + LEARNERS_AN_EVENT]))
        for first in range(0, len(learners), LEARNERS_AN_EVENT)
    ]
