"""A mentor's training: which steps of which programs they have acknowledged.

In reading order: event, command, state, evolve, decide. The stream is `mentor-` and the mentor's id.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial, reduce
from typing import Annotated, ClassVar

from domain.decider import Decider
from domain.ids import SLUG, KitDigest, MentorId, ProgramId, StreamId
from domain.refusal import RefusalCode, Rejected
from domain.values import Actor, Event, Frozen


def mentor_stream(mentor: MentorId) -> StreamId:
    return StreamId(f"mentor-{mentor}")


class TrainingAcknowledged(Event):
    """The mentor has acknowledged this step of a program's training, in the text that the kit had then. That holds for
    every later version of the kit that still has the step."""

    type: ClassVar[str] = "mentor.training_acknowledged"
    program: ProgramId
    kit: KitDigest
    step: str


MentorEvent = TrainingAcknowledged
EVENTS: dict[str, type[MentorEvent]] = {TrainingAcknowledged.type: TrainingAcknowledged}


class AcknowledgeTraining(Frozen):
    mentor: Annotated[MentorId, SLUG]
    program: ProgramId
    step: str
    by: Actor = "ops"


class Syllabus(Frozen):
    """The training that a program has for its mentors, from its newest kit."""

    program: ProgramId
    version: str
    kit: KitDigest
    steps: tuple[str, ...]


class MentorState(Frozen):
    acknowledged: frozenset[tuple[ProgramId, str]] = frozenset()
    """Pairs of a program and a step of its training."""


class Code(RefusalCode):
    """Why a mentor's stream refuses a command."""

    NO_TRAINING = "program_without_training"
    UNKNOWN_STEP = "unknown_training_step"
    """`steps`: those of the program's training."""


INITIAL = MentorState()


def evolve(state: MentorState, event: MentorEvent) -> MentorState:
    return MentorState(acknowledged=state.acknowledged | {(event.program, event.step)})


def fold(events: Iterable[MentorEvent]) -> MentorState:
    return reduce(evolve, events, INITIAL)


def decide(
    syllabus: Syllabus, state: MentorState, command: AcknowledgeTraining, at: datetime
) -> list[TrainingAcknowledged]:
    """Returns no events for a step that was acknowledged before.

    Raises:
        Rejected: for a step that the program's training does not have, acknowledged before or not.
    """
    if command.step not in syllabus.steps:
        raise _no_such_step(syllabus, command.step)
    if (syllabus.program, command.step) in state.acknowledged:
        return []
    return [TrainingAcknowledged(at=at, program=syllabus.program, kit=syllabus.kit, step=command.step)]


def mentor(syllabus: Syllabus) -> Decider[AcknowledgeTraining, MentorState, MentorEvent]:
    return Decider(EVENTS, INITIAL, partial(decide, syllabus), evolve)


def _no_such_step(syllabus: Syllabus, step: str) -> Rejected:
    version = f"{syllabus.program} {syllabus.version}"
    if not syllabus.steps:
        return Rejected(
            Code.NO_TRAINING, f"{version} has no training for mentors; a kit names its steps under mentor_kit.training"
        )
    return Rejected(
        Code.UNKNOWN_STEP,
        f"the training of {version} has no step {step!r}; it has: {', '.join(syllabus.steps)}",
        {"steps": syllabus.steps},
    )
