"""A program as it runs: which kit new journeys follow, whether learners are taken in, and who waits for a place.

In reading order: events, commands, state, evolve, decide. Its stream is `program-` and the program's id.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, assert_never, get_args

from pydantic import Field

from domain.ids import KitDigest, LearnerId, ProgramId, StreamId
from domain.values import Actor, Event, Frozen, Personal


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
    """These have a place: their journeys are begun."""

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


ProgramEvent = (
    KitPublished | EnrollmentOpened | EnrollmentClosed | LearnersEnrolled | LearnersWaitlisted | LearnerRemoved
)
EVENTS: dict[str, type[ProgramEvent]] = {event.type: event for event in get_args(ProgramEvent)}


class ProgramCommand(Frozen):
    by: Actor = "ops"


class PublishKit(ProgramCommand):
    kit: KitDigest
    version: str


class OpenEnrollment(ProgramCommand):
    """Take learners in. Opened again with more places, those who wait the longest get them."""

    places: int | None = Field(default=None, ge=0)


class CloseEnrollment(ProgramCommand):
    reason: Personal = ""


class Enroll(ProgramCommand):
    """Take these in, in this order. Who is enrolled or waits already is passed over."""

    learners: tuple[LearnerId, ...] = Field(min_length=1)


class Remove(ProgramCommand):
    """Free a learner's place; whoever waits the longest gets it, while enrollment is open."""

    learner: LearnerId
    reason: Personal = ""


class ProgramState(Frozen):
    kit: KitDigest | None = None
    is_open: bool = False
    places: int | None = None
    enrolled: frozenset[LearnerId] = frozenset()
    waiting: tuple[LearnerId, ...] = ()
    """Who waits the longest comes first."""

    @property
    def room(self) -> int | None:
        """How many more can be taken in; None: as many as come."""
        if not self.is_open:
            return 0
        return None if self.places is None else max(self.places - len(self.enrolled), 0)


class Refused(Exception):
    """The command does not fit the program as it stands; the message says why and what would help."""


def evolve(state: ProgramState, event: ProgramEvent) -> ProgramState:
    match event:
        case KitPublished():
            return state.model_copy(update={"kit": event.kit})
        case EnrollmentOpened():
            return state.model_copy(update={"is_open": True, "places": event.places})
        case EnrollmentClosed():
            return state.model_copy(update={"is_open": False})
        case LearnersEnrolled():
            taken = frozenset(event.learners)
            waiting = tuple(one for one in state.waiting if one not in taken)
            return state.model_copy(update={"enrolled": state.enrolled | taken, "waiting": waiting})
        case LearnersWaitlisted():
            return state.model_copy(update={"waiting": (*state.waiting, *event.learners)})
        case LearnerRemoved():
            waiting = tuple(one for one in state.waiting if one != event.learner)
            return state.model_copy(update={"enrolled": state.enrolled - {event.learner}, "waiting": waiting})
        case _:
            assert_never(event)


def fold(events: Sequence[ProgramEvent], state: ProgramState | None = None) -> ProgramState:
    state = state or ProgramState()
    for event in events:
        state = evolve(state, event)
    return state


def decide(
    state: ProgramState,
    command: PublishKit | OpenEnrollment | CloseEnrollment | Enroll | Remove,
    at: datetime,
) -> list[ProgramEvent]:
    """None come of a command that has already been obeyed.

    Raises:
        Refused: when the command does not fit the program as it stands.
    """
    match command:
        case PublishKit():
            return [] if state.kit == command.kit else [KitPublished(at=at, kit=command.kit, version=command.version)]
        case OpenEnrollment():
            if state.kit is None:
                raise Refused("the program has no kit yet; publish one first")
            if state.is_open and state.places == command.places:
                return []
            return _with_admissions(state, [EnrollmentOpened(at=at, places=command.places)], at)
        case CloseEnrollment():
            return [EnrollmentClosed(at=at, reason=command.reason)] if state.is_open else []
        case Enroll():
            return _enroll(state, command, at)
        case Remove():
            if command.learner not in state.enrolled and command.learner not in state.waiting:
                return []
            removed = LearnerRemoved(at=at, learner=command.learner, reason=command.reason)
            return _with_admissions(state, [removed], at)
        case _:
            assert_never(command)


def _enroll(state: ProgramState, command: Enroll, at: datetime) -> list[ProgramEvent]:
    known = state.enrolled | frozenset(state.waiting)
    new = [one for one in dict.fromkeys(command.learners) if one not in known]
    if not new:
        return []
    if not state.is_open:
        raise Refused("enrollment is closed; open it first")
    taken = new if state.room is None else new[: 0 if state.waiting else state.room]
    waiting = new[len(taken) :]
    events: list[ProgramEvent] = [LearnersEnrolled(at=at, learners=tuple(taken))] if taken else []
    return [*events, LearnersWaitlisted(at=at, learners=tuple(waiting))] if waiting else events


def _with_admissions(state: ProgramState, events: list[ProgramEvent], at: datetime) -> list[ProgramEvent]:
    """Whoever waits the longest gets what places there are now."""
    after = fold(events, state)
    admitted = after.waiting if after.room is None else after.waiting[: after.room]
    return [*events, LearnersEnrolled(at=at, learners=admitted)] if admitted else events
