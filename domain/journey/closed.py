"""What a closed journey does with commands."""

from domain.journey.bases import Events, JourneyCommand
from domain.journey.ending import CompleteWrapUp, EndEarly, Withdraw, tally
from domain.journey.escalations import ReportActivity
from domain.journey.intake import ReviewIntake
from domain.journey.refusing import Code
from domain.journey.state import JourneyState
from domain.refusal import Rejected


def after_closing(state: JourneyState, command: JourneyCommand) -> Events:
    """The command that closed the journey, given again, does nothing; anything else comes too late."""
    assert state.closing
    if isinstance(command, ReportActivity) or _is_the_closing(state, command):
        return []
    raise Rejected(
        Code.CLOSED,
        f"the journey closed on {state.closing.at:%d %B %Y} ({state.closing.ending.replace('_', ' ')}); an outcome can "
        "still be recorded, and if it was closed by mistake, reopen it",
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
