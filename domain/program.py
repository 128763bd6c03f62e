"""A program in operation: the kit that new journeys follow, whether enrollment is open, and the waiting list.

In reading order: events, commands, state, evolve, decide. Its stream is `program-` and the program's id.

A learner holds a place from enrollment until their journey closes or they are removed. Places are counted from this
stream alone, so what journeys do is recorded here as well (`FollowJourneys`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal, NamedTuple, Self, assert_never, get_args

from pydantic import Field

from domain.decider import Decider
from domain.ids import SLUG, JourneyId, KitDigest, LearnerId, ProgramId, StreamId, entry_of, journey_id
from domain.refusal import RefusalCode, Rejected
from domain.values import Actor, Event, Frozen, Personal, Whole, together
from domain.words import plain

LEARNERS_AN_EVENT = 1_000
"""The most learners in one event, which has at most 262,144 bytes; an id has up to 120 characters."""
LEARNERS_A_STEP = 50_000
"""The most learners in one command, whose events are appended together."""


def program_stream(program: ProgramId) -> StreamId:
    return StreamId(f"program-{program}")


class KitPublished(Event):
    """New journeys follow this version of the kit from now on. Journeys under way keep theirs."""

    type: ClassVar[str] = "program.kit_published"
    kit: KitDigest
    version: str


class EnrollmentOpened(Event):
    """Learners are enrolled from now on, up to `places`; further ones join the waiting list. None: without a limit."""

    type: ClassVar[str] = "program.enrollment_opened"
    places: int | None


class GrowthGateOverridden(Event):
    """Enrollment is opened for more learners than the kit allows before its rules of growth hold, for this reason."""

    type: ClassVar[str] = "program.growth_gate_overridden"
    places: int | None
    """Without a limit: None."""
    unmet: tuple[str, ...]
    """The rules that did not hold."""
    reason: Personal


class EnrollmentClosed(Event):
    """Nobody is enrolled from now on. The waiting list stays."""

    type: ClassVar[str] = "program.enrollment_closed"
    reason: Personal = ""


class LearnersEnrolled(Event):
    """These learners have a place, and their journeys are started: another one where an earlier journey has ended."""

    type: ClassVar[str] = "program.learners_enrolled"
    learners: tuple[LearnerId, ...]


class LearnersWaitlisted(Event):
    """There was no place left for these learners. They get the next free places, in this order."""

    type: ClassVar[str] = "program.learners_waitlisted"
    learners: tuple[LearnerId, ...]


class LearnerRemoved(Event):
    """A learner was removed from the program or from its waiting list."""

    type: ClassVar[str] = "program.learner_removed"
    learner: LearnerId
    reason: Personal = ""


class LearnersJoined(Event):
    """The journeys of these learners were started without enrollment, for instance by another system. They have a place
    as well, even beyond the limit."""

    type: ClassVar[str] = "program.learners_joined"
    learners: tuple[LearnerId, ...]


class JourneysEnded(Event):
    """The journeys of these learners have closed, however they ended: their places are free."""

    type: ClassVar[str] = "program.journeys_ended"
    learners: tuple[LearnerId, ...]


class JourneysReopened(Event):
    """The journeys of these learners had been closed by mistake and continue: they have their places back, even beyond
    the limit."""

    type: ClassVar[str] = "program.journeys_reopened"
    learners: tuple[LearnerId, ...]


ProgramEvent = (
    KitPublished
    | EnrollmentOpened
    | GrowthGateOverridden
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
    """Enroll learners from now on. Opening again with more places enrolls from the top of the waiting list."""

    places: Whole | None = Field(default=None, ge=0)
    unmet: tuple[str, ...] = ()
    """The rules of growth of the kit that ask for more than there is, as services/enrollment.py finds them."""
    override: Personal = ""
    """Why it is opened all the same."""


class CloseEnrollment(ProgramCommand):
    reason: Personal = ""


class Enroll(ProgramCommand):
    """Enroll these learners, in this order. Those who are enrolled or on the waiting list are skipped, and so are those
    whose journey has ended, unless `again` is set."""

    learners: tuple[Annotated[LearnerId, SLUG], ...] = Field(min_length=1, max_length=LEARNERS_A_STEP)
    again: bool = False


class Start(ProgramCommand):
    """Give these learners a place now, all of them or none, without a waiting list. Those who are enrolled are skipped,
    and so are those whose journey has ended, unless `again` is set."""

    learners: tuple[Annotated[LearnerId, SLUG], ...] = Field(min_length=1, max_length=LEARNERS_A_STEP)
    again: bool = False
    past_places: bool = False
    """Ignores the limit, and that enrollment is closed."""


class Remove(ProgramCommand):
    """Free a learner's place. While enrollment is open, the first on the waiting list gets it."""

    learner: Annotated[LearnerId, SLUG]
    reason: Personal = ""


class JourneyStep(NamedTuple):
    """What happened to a learner's journey, from its stream."""

    learner: LearnerId
    journey: JourneyId
    what: Literal["began", "ended", "reopened"]


@dataclass(frozen=True, slots=True)
class FollowJourneys:
    """Record what journeys of this program did, in that order; free places go to the waiting list. Recording a step
    twice changes nothing."""

    program: ProgramId
    steps: Sequence[JourneyStep] = ()
    by: Actor = "system"


Command = PublishKit | OpenEnrollment | CloseEnrollment | Enroll | Start | Remove | FollowJourneys


class ProgramState(Frozen):
    kit: KitDigest | None = None
    is_open: bool = False
    is_limited: bool = False
    """True once enrollment was opened. Until then, starting a journey takes no free place."""
    places: int | None = None
    enrolled: frozenset[LearnerId] = frozenset()
    waiting: tuple[LearnerId, ...] = ()
    """The first in line comes first."""
    entries: Mapping[LearnerId, int] = {}
    """How many journeys through the program each learner has had."""
    ended: frozenset[LearnerId] = frozenset()
    """Learners whose latest journey has closed."""

    @property
    def room(self) -> int | None:
        """How many more can be enrolled; None: any number."""
        if not self.is_open:
            return 0
        return None if self.places is None else max(self.places - len(self.enrolled), 0)

    def journey_of(self, program: ProgramId, learner: LearnerId) -> JourneyId:
        """The learner's latest journey, or the first one that they would get."""
        return journey_id(program, learner, self.entries.get(learner, 1))


class Code(RefusalCode):
    """Why a program refuses a command."""

    NO_KIT = "program_without_kit"
    """It has published no kit, so there is nothing that learners could follow."""
    CLOSED = "enrollment_closed"
    FULL = "too_few_places"
    """`places`: how many the program has; `left`: how many are free; `wanted`: how many are needed."""
    NOT_READY = "not_ready_to_grow"
    """`unmet`: the rules of growth in the kit that do not hold."""
    ENDED = "journey_has_ended"
    """`journey`: the one that the learner has completed or left. Another begins only when that is asked for."""


INITIAL = ProgramState()


def evolve(state: ProgramState, event: ProgramEvent) -> ProgramState:
    return fold([event], state)


def fold(events: Iterable[ProgramEvent], state: ProgramState = INITIAL) -> ProgramState:
    roster = _Roster.of(state)
    for event in events:
        roster.apply(event)
    return roster.state()


@dataclass
class _Roster:
    """A mutable copy of a state: folding many events costs time by the learners that they name, and does not copy all
    learners for every event."""

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

    def apply(self, event: ProgramEvent) -> None:
        match event:
            case KitPublished():
                self.base = self.base.model_copy(update={"kit": event.kit})
            case EnrollmentOpened():
                opened = {"is_open": True, "is_limited": True, "places": event.places}
                self.base = self.base.model_copy(update=opened)
            case EnrollmentClosed():
                self.base = self.base.model_copy(update={"is_open": False})
            case GrowthGateOverridden():
                pass  # the opening that follows says what is so now
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
    """Returns no events for a command that changes nothing, such as a repeated one.

    Raises:
        Rejected: when the state of the program does not allow it.
    """
    match command:
        case PublishKit():
            return [] if state.kit == command.kit else [KitPublished(at=at, kit=command.kit, version=command.version)]
        case OpenEnrollment():
            if state.kit is None:
                raise Rejected(Code.NO_KIT, "the program has no kit yet; publish one first")
            if state.is_open and state.places == command.places:
                return []
            return _with_admissions(state, _opened(command, at), at)
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


def _opened(command: OpenEnrollment, at: datetime) -> list[ProgramEvent]:
    """Raises Rejected when the program is not ready to grow, and nobody gives a reason to open it all the same."""
    opened = EnrollmentOpened(at=at, places=command.places)
    if not command.unmet:
        return [opened]
    if not command.override.strip():
        raise Rejected(
            Code.NOT_READY,
            f"the program is not ready to grow: {together(plain(one) for one in command.unmet)}. `trellis growth` "
            "shows what is lacking. Open fewer places, or give the reason to open it all the same, as an override",
            {"unmet": command.unmet},
        )
    overridden = GrowthGateOverridden(at=at, places=command.places, unmet=command.unmet, reason=command.override)
    return [overridden, opened]


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
    """Without duplicates, in their order."""
    return [one for one in dict.fromkeys(learners) if one not in known and (again or one not in state.ended)]


_Followed = LearnersJoined | JourneysEnded | JourneysReopened


def _followed(state: ProgramState, command: FollowJourneys, at: datetime) -> Iterator[ProgramEvent]:
    """Consecutive steps of one kind share an event."""
    roster = _Roster.of(state)
    kind: type[_Followed] | None = None
    learners: list[LearnerId] = []
    for step in command.steps:
        found = _event_of(roster, command.program, step)
        if found is None:
            continue
        if found is not kind and kind:
            yield from _events(kind, learners, at)
            learners = []
        kind = found
        learners.append(step.learner)
        roster.apply(found(at=at, learners=(step.learner,)))
    if kind:
        yield from _events(kind, learners, at)


def _event_of(roster: _Roster, program: ProgramId, step: JourneyStep) -> type[_Followed] | None:
    """None: the step is known already. A journey under an id of its own takes no place."""
    entry, latest = entry_of(step.journey, program, step.learner), roster.entries.get(step.learner, 0)
    if entry is None:
        return None
    has_ended = latest == 0 or step.learner in roster.ended
    match step.what:
        case "began":
            return LearnersJoined if has_ended and entry == latest + 1 else None
        case "ended":
            return JourneysEnded if not has_ended and entry == latest else None
        case "reopened":
            return JourneysReopened if step.learner in roster.ended and entry == latest else None


def _with_admissions(state: ProgramState, events: list[ProgramEvent], at: datetime) -> list[ProgramEvent]:
    """The waiting list gets the places that are free after these events."""
    after = fold(events, state)
    room = LEARNERS_A_STEP if after.room is None else min(after.room, LEARNERS_A_STEP)
    return [*events, *_events(LearnersEnrolled, after.waiting[:room], at)]


def _events(
    kind: Callable[..., LearnersEnrolled | LearnersWaitlisted | _Followed],
    learners: Sequence[LearnerId],
    at: datetime,
) -> list[ProgramEvent]:
    """As many events as the size of one requires."""
    return [
        kind(at=at, learners=tuple(learners[first : first + LEARNERS_AN_EVENT]))
        for first in range(0, len(learners), LEARNERS_AN_EVENT)
    ]


PROGRAM: Decider[Command, ProgramState, ProgramEvent] = Decider(EVENTS, INITIAL, decide, evolve, fold)
