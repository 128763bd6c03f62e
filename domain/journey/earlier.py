"""Decisions as they were made before repeats were distinguished from changes, for workflow runs that began then.

A workflow replays its own decisions: those of a run that began under the earlier rules must come out as they did. A run
that has its kit in its history is one of these; the next run goes by the present rules.
"""

from domain.journey import commands as c
from domain.journey.bases import JourneyCommand
from domain.journey.cases import is_closed
from domain.journey.state import JourneyState
from domain.journey.steps import awaits


def was_a_repeat(state: JourneyState, command: JourneyCommand) -> bool:
    """Whether the earlier rules took for a repeat what now has an event, or is refused."""
    match command:
        case c.Pause():
            return state.pause is not None
        case c.PrepareSession():
            session = state.session(command.session)
            return session is not None and session.prepared and state.stage == "sessions"
        case c.SubmitMilestone():
            milestone = state.milestone(command.milestone)
            return milestone is not None and milestone.status == "submitted"
        case c.ReviewIntake(verdict="more_information"):
            return state.stage == "intake" and state.answers is not None and not awaits(state, "intake_review")
        case c.WriteNotes():
            session = state.session(command.session)
            return session is not None and session.held and session.notes_due_at is None
        case c.SendFollowUp():
            session = state.session(command.session)
            return session is not None and session.held and session.follow_up_due_at is None
        case c.SnoozeCase():
            case = state.case(command.case)
            return is_closed(state, command.case) or bool(case and case.snoozed_until == command.until)
        case _:
            return False


def was_refused(state: JourneyState, command: JourneyCommand) -> bool:
    """Whether the earlier rules refused as well what now says something else than what is recorded. They took the rest
    for repeats."""
    match command:
        case c.OfferMatch():
            return state.offer is not None and command.mentor not in {state.offer.mentor, state.mentor}
        case c.AnswerOffer():
            return command.answer != "accept" or (state.offer is None and state.mentor is None)
        case c.ChooseRemedy():
            return True
        case _:
            return False
