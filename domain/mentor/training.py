"""Which steps of which programs' training a mentor has acknowledged."""

from datetime import datetime
from typing import Annotated, ClassVar

from domain.ids import SLUG, KitDigest, MentorId, ProgramId
from domain.mentor.state import MentorState
from domain.refusal import RefusalCode, Rejected
from domain.values import Actor, Event, Frozen, changed


class TrainingAcknowledged(Event):
    """The mentor has acknowledged this step of a program's training, in the text that the kit had then. That holds for
    every later version of the kit that still has the step."""

    type: ClassVar[str] = "mentor.training_acknowledged"
    program: ProgramId
    kit: KitDigest
    step: str


class Syllabus(Frozen):
    """The training that a program has for its mentors, from its newest kit."""

    program: ProgramId
    version: str
    kit: KitDigest
    steps: tuple[str, ...]


class AcknowledgeTraining(Frozen):
    """The service hands in the syllabus, as the program has it now."""

    mentor: Annotated[MentorId, SLUG]
    syllabus: Syllabus
    step: str
    by: Actor = "ops"


class Code(RefusalCode):
    """Why a step cannot be acknowledged."""

    NO_TRAINING = "program_without_training"
    UNKNOWN_STEP = "unknown_training_step"
    """`steps`: those of the program's training."""


def evolve(state: MentorState, event: TrainingAcknowledged) -> MentorState:
    return changed(state, {"acknowledged": state.acknowledged | {(event.program, event.step)}})


def decide(state: MentorState, command: AcknowledgeTraining, at: datetime) -> list[TrainingAcknowledged]:
    """Returns no events for a step that was acknowledged before.

    Raises:
        Rejected: for a step that the program's training does not have, acknowledged before or not.
    """
    syllabus = command.syllabus
    if command.step not in syllabus.steps:
        raise _no_such_step(syllabus, command.step)
    if (syllabus.program, command.step) in state.acknowledged:
        return []
    return [TrainingAcknowledged(at=at, program=syllabus.program, kit=syllabus.kit, step=command.step)]


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
