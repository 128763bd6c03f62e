"""Repeats and corrections: a command that says what is recorded does nothing, and one that says something else does not
pass for a repeat."""

from domain.journey import events as e
from domain.journey.commands import CorrectableCommand
from domain.journey.deciding.refusing import Rejected, SaysSomethingElse, wants_reason
from domain.journey.saying import CORRECTED, digest
from domain.journey.state import JourneyState


def is_recorded(state: JourneyState, key: str, *content: object) -> bool:
    """Whether just this was the last that was said under the key."""
    recorded = state.said.get(key)
    return recorded is not None and recorded.partition(CORRECTED)[0] == digest(*content)


def nothing_new(state: JourneyState, key: str, *content: object, otherwise: str) -> e.Events:
    """No events, for a command whose fact is there already, in these words.

    Raises:
        Rejected: where it is there in other words; `otherwise` says what is there, and what can be done instead.
    """
    if not is_recorded(state, key, *content):
        raise SaysSomethingElse(otherwise)
    return []


def corrects(state: JourneyState, command: CorrectableCommand, key: str, *content: object, there: str) -> bool:
    """Whether the command corrects the fact that is there already; False for one that repeats it.

    Raises:
        Rejected: where it says something else and not that it corrects, or corrects to what is recorded already.
    """
    recorded = state.said.get(key, "")
    same, _, why = recorded.partition(CORRECTED)
    if same != digest(*content):
        if not command.corrects:
            raise SaysSomethingElse(
                f"{there}, and this says something else; to correct it, give the command again with `corrects`: true "
                "and a `reason`"
            )
        wants_reason(command.reason, "say why what is recorded is corrected")
        return True
    if command.corrects and why != digest(command.reason):
        raise Rejected(f"{there}, in just these words; there is nothing to correct")
    if not command.corrects:
        _no_reason_without_correction(command)
    return False


def is_first(command: CorrectableCommand, what: str, *, reason_of_its_own: bool = False) -> None:
    """Refuses a correction of what is not recorded yet, and a reason for correcting nothing."""
    if command.corrects:
        raise Rejected(f"{what} is not recorded yet, so there is nothing to correct; leave `corrects` out")
    if not reason_of_its_own:
        _no_reason_without_correction(command)


def _no_reason_without_correction(command: CorrectableCommand) -> None:
    if command.reason:
        raise Rejected("a `reason` goes with `corrects`: leave it out, or say that you correct what is recorded")
