"""Which programs a mentor belongs to. Until somebody says so, any program may use them."""

from datetime import datetime
from typing import Annotated, ClassVar

from domain.ids import SLUG, MentorId, ProgramId
from domain.mentor.state import MentorState
from domain.refusal import RefusalCode, Rejected
from domain.values import Actor, Event, Frozen, changed


class JoinedProgram(Event):
    """Learners of this program may be matched with the mentor, and from now on only learners of programs that the
    mentor has joined."""

    type: ClassVar[str] = "mentor.joined_program"
    program: ProgramId


class LeftProgram(Event):
    """No further learners of this program are matched with the mentor; those whom they have stay with them."""

    type: ClassVar[str] = "mentor.left_program"
    program: ProgramId


BelongingEvent = JoinedProgram | LeftProgram


class JoinProgram(Frozen):
    mentor: Annotated[MentorId, SLUG]
    program: Annotated[ProgramId, SLUG]
    by: Actor = "ops"


class LeaveProgram(Frozen):
    mentor: Annotated[MentorId, SLUG]
    program: Annotated[ProgramId, SLUG]
    by: Actor = "ops"


BelongingCommand = JoinProgram | LeaveProgram


class Code(RefusalCode):
    """Why a mentor cannot leave a program."""

    ANY_PROGRAM = "mentor_of_any_program"


def evolve(state: MentorState, event: BelongingEvent) -> MentorState:
    programs = state.programs or frozenset()
    match event:
        case JoinedProgram():
            return changed(state, {"programs": programs | {event.program}})
        case LeftProgram():
            return changed(state, {"programs": programs - {event.program}})


def decide(state: MentorState, command: BelongingCommand, at: datetime) -> list[BelongingEvent]:
    """Returns no event for what is so already.

    Raises:
        Rejected: when the mentor is to leave a program and nobody has said to which they belong.
    """
    match command:
        case JoinProgram():
            joined = state.programs is not None and command.program in state.programs
            return [] if joined else [JoinedProgram(at=at, program=command.program)]
        case LeaveProgram():
            if state.programs is None:
                says = (
                    "nobody has said to which programs the mentor belongs, so any may use them; join them to one first"
                )
                raise Rejected(Code.ANY_PROGRAM, says)
            return [LeftProgram(at=at, program=command.program)] if command.program in state.programs else []
