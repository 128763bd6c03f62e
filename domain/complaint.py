"""A complaint: a low answer to a survey with words beside it, which a person deals with.

In reading order: events, commands, state, evolve, decide. Its stream is `complaint-` and the id of the request that was
answered. The words of the complaint are in that answer, and are not copied.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Literal, assert_never, get_args

from pydantic import Field

from domain.decider import Decider
from domain.ids import CaseId, JourneyId, ProgramId, StreamId, SurveyRequestId
from domain.refusal import RefusalCode, Rejected
from domain.values import Actor, Event, Frozen, Personal, changed

Standing = Literal["new", "taken_up", "answered"]


def complaint_stream(request: SurveyRequestId) -> StreamId:
    return StreamId(f"complaint-{request}")


class ComplaintTakenUp(Event):
    """A person deals with it: as a case of the journey, where one was opened, and otherwise by themself."""

    type: ClassVar[str] = "complaint.taken_up"
    program: ProgramId
    journey: JourneyId
    case: CaseId | None
    by: Actor


class ComplaintAnswered(Event):
    """The person who complained has an answer. That ends it."""

    type: ClassVar[str] = "complaint.answered"
    program: ProgramId
    journey: JourneyId
    answer: Personal
    sent: bool
    """Whether it went to them as a message; otherwise they were told in another way."""
    by: Actor


ComplaintEvent = ComplaintTakenUp | ComplaintAnswered
EVENTS: dict[str, type[ComplaintEvent]] = {event.type: event for event in get_args(ComplaintEvent)}


class ComplaintCommand(Frozen):
    program: ProgramId
    journey: JourneyId
    by: Actor = "ops"


class TakeUpComplaint(ComplaintCommand):
    case: CaseId | None = None


class AnswerComplaint(ComplaintCommand):
    answer: Personal = Field(min_length=1)
    sent: bool


Command = TakeUpComplaint | AnswerComplaint


class Code(RefusalCode):
    """Why nothing can be done about a complaint."""

    ANSWERED = "complaint_answered"


class ComplaintState(Frozen):
    standing: Standing = "new"
    case: CaseId | None = None
    answer: str | None = None


INITIAL = ComplaintState()


def evolve(state: ComplaintState, event: ComplaintEvent) -> ComplaintState:
    match event:
        case ComplaintTakenUp():
            return changed(state, {"standing": "taken_up", "case": event.case})
        case ComplaintAnswered():
            return changed(state, {"standing": "answered", "answer": event.answer})
        case _:
            assert_never(event)


def decide(state: ComplaintState, command: Command, at: datetime) -> Sequence[ComplaintEvent]:
    """Returns no events for a command that was carried out.

    Raises:
        Rejected: when there is an answer already.
    """
    match command:
        case TakeUpComplaint():
            if state.standing == "answered":
                raise _answered()
            return [] if state.standing == "taken_up" else [_taken_up(command, at)]
        case AnswerComplaint():
            if state.standing != "answered":
                return [_with_answer(command, at)]
            if state.answer == command.answer:
                return []
            raise _answered()
        case _:
            assert_never(command)


def _taken_up(command: TakeUpComplaint, at: datetime) -> ComplaintTakenUp:
    return ComplaintTakenUp(at=at, program=command.program, journey=command.journey, case=command.case, by=command.by)


def _with_answer(command: AnswerComplaint, at: datetime) -> ComplaintAnswered:
    return ComplaintAnswered(
        at=at,
        program=command.program,
        journey=command.journey,
        answer=command.answer,
        sent=command.sent,
        by=command.by,
    )


def _answered() -> Rejected:
    return Rejected(Code.ANSWERED, "this complaint has been answered; to say more, send the person a message")


COMPLAINT: Decider[Command, ComplaintState, ComplaintEvent] = Decider(EVENTS, INITIAL, decide, evolve)
