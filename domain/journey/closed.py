"""What a closed journey does with commands."""

from domain.journey.attendance import RecordAttendance
from domain.journey.bases import Events, JourneyCommand
from domain.journey.ending import CompleteWrapUp, EndEarly, RecordOutcome, Reopen, Withdraw, tally
from domain.journey.escalations import ReportActivity
from domain.journey.follow_ups import WriteNotes
from domain.journey.intake import ReviewIntake
from domain.journey.milestones import ReviewMilestone
from domain.journey.refusing import Code
from domain.journey.state import JourneyState
from domain.refusal import Rejected


def was_taken(command: JourneyCommand) -> bool:
    """Whether earlier releases took it."""
    return isinstance(command, RecordOutcome | Reopen)


def is_taken(command: JourneyCommand) -> bool:
    """Whether a closed journey still takes the command: what came of it, what puts the record right and asks nothing of
    anybody, and what opens it again.

    A corrected follow-up leaves next steps, and returned work another attempt: the journey is reopened for these.
    """
    match command:
        case RecordAttendance() | WriteNotes():
            return command.corrects
        case ReviewMilestone():
            return command.corrects and command.verdict != "returned"
        case _:
            return was_taken(command)


def after_closing(state: JourneyState, command: JourneyCommand) -> Events:
    """The command that closed the journey, given again, does nothing; anything else comes too late."""
    assert state.closing
    if isinstance(command, ReportActivity) or _is_the_closing(state, command):
        return []
    raise Rejected(
        Code.CLOSED,
        f"the journey closed on {state.closing.at:%d %B %Y} ({state.closing.ending.replace('_', ' ')}); an outcome can "
        "still be recorded, attendance, notes and a verdict corrected; if it was closed by mistake, reopen it",
        {"ending": state.closing.ending},
    )


def _is_the_closing(state: JourneyState, command: JourneyCommand) -> bool:
    assert state.closing
    match command:
        case Withdraw():
            ending, reason = "withdrawn", command.reason
        case EndEarly():
            ending, reason = "ended_early", command.reason
        case ReviewIntake(verdict="decline", pathway=None):
            ending, reason = "declined", command.reason
        case CompleteWrapUp():
            ending, reason = "completed", command.reason or tally(state)
            if set(command.done) != set(state.closing.done):
                return False
        case _:
            return False
    return (ending, reason) == (state.closing.ending, state.closing.reason)
