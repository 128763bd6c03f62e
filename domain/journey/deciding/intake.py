"""From the beginning to a chosen pathway."""

from datetime import datetime
from typing import assert_never

from pydantic import ValidationError

from domain.ids import PathwayId
from domain.journey import events as e
from domain.journey.commands import ChoosePathway, ReviewIntake, StartJourney, SubmitIntake
from domain.journey.deciding.closing import closed
from domain.journey.deciding.refusing import Rejected, only_in, wants_reason
from domain.journey.deciding.repeating import is_recorded, nothing_new
from domain.journey.outlook import awaits
from domain.journey.state import JourneyState
from domain.kit import Kit, Pathway


def start(kit: Kit, command: StartJourney, at: datetime) -> e.JourneyEvent:
    if command.program != kit.program_id:
        raise Rejected(f"this kit is of the program {kit.program!r}, not of {command.program!r}")
    return e.JourneyStarted(
        at=at,
        program=command.program,
        learner=command.learner,
        kit=command.kit,
        intake_due_at=at + kit.intake.within,
    )


def submit(kit: Kit, state: JourneyState, command: SubmitIntake, at: datetime) -> e.Events:
    if command.partial:
        return _submit_some(kit, state, command, at)
    with_earlier = {**kit.intake.fitting(state.answers_so_far or {}), **command.answers}
    if state.answers in (command.answers, with_earlier) and not awaits(state, "intake"):
        return []
    only_in(state, "intake")
    answers = with_earlier if state.answers is None else command.answers
    if problems := kit.intake.problems_with(answers):
        raise Rejected("the intake is not complete: " + "; ".join(problems))
    _refuse_too_much(command, answers)
    due = at + kit.service_levels.intake_review
    return [e.IntakeSubmitted(at=at, answers=answers, review_due_at=due)]


def _submit_some(kit: Kit, state: JourneyState, command: SubmitIntake, at: datetime) -> e.Events:
    known = state.answers_so_far or {}
    if all(name in known and known[name] == answer for name, answer in command.answers.items()):
        return []
    only_in(state, "intake")
    if state.answers is not None:
        raise Rejected("the intake has been sent in before; send the whole form to change it")
    if problems := kit.intake.problems_with(command.answers, partial=True):
        raise Rejected("these are no answers to the intake: " + "; ".join(problems))
    _refuse_too_much(command, {**known, **command.answers})
    return [e.AnswersGiven(at=at, answers=command.answers)]


def _refuse_too_much(command: SubmitIntake, answers: e.Answers) -> None:
    """Answers that come piece by piece are limited as those that come at once."""
    try:
        SubmitIntake(by=command.by, answers=answers)
    except ValidationError:
        raise Rejected("with the answers given before, these are more than one form can hold; shorten them") from None


def review(kit: Kit, state: JourneyState, command: ReviewIntake, at: datetime) -> e.Events:
    if command.verdict == "approve" and state.stage != "intake":
        there = f"the intake was approved for the pathway {state.pathway!r}"
        if command.pathway not in (None, state.pathway):
            raise Rejected(f"{there}; before there is a mentor, choose_pathway changes it")
        return nothing_new(state, "intake_review", "approve", command.reason, otherwise=f"{there}, with other words")
    only_in(state, "intake")
    if not awaits(state, "intake_review") and not (command.verdict == "more_information" and state.answers is not None):
        raise Rejected("the learner has not sent in the intake yet")
    match command.verdict:
        case "approve":
            pathway = PathwayId(_chosen(kit, state, command.pathway).id)
            match_due_at = at + kit.service_levels.match
            return [e.IntakeApproved(at=at, pathway=pathway, match_due_at=match_due_at, reason=command.reason)]
        case "more_information":
            if awaits(state, "intake") and is_recorded(state, "intake_review", command.verdict, command.reason):
                return []
            wants_reason(command.reason, "say what the learner should add")
            due = at + kit.intake.within
            return [e.MoreInformationRequested(at=at, reason=command.reason, intake_due_at=due)]
        case "decline":
            wants_reason(command.reason, "say why, so that the learner can be told")
            return [closed("declined", command.reason, at)]
        case _:
            assert_never(command.verdict)


def is_coherent(command: ReviewIntake) -> None:
    """Raises Rejected for a pathway that would be passed over."""
    if command.pathway and command.verdict != "approve":
        raise Rejected("a `pathway` goes with the verdict approve; leave it out")


def _chosen(kit: Kit, state: JourneyState, named: PathwayId | None) -> Pathway:
    there_are = ", ".join(pathway.id for pathway in kit.pathways)
    if named:
        if found := kit.pathway(named):
            return found
        raise Rejected(f"{named!r} is not a pathway of this kit; it has: {there_are}")
    if routed := kit.route(state.answers or {}):
        return routed
    raise Rejected(f"no pathway welcomes these answers; name one of: {there_are}")


def choose_pathway(kit: Kit, state: JourneyState, command: ChoosePathway, at: datetime) -> e.Events:
    if state.pathway == command.pathway:
        there = f"the learner is on the pathway {state.pathway!r} already, and nothing was changed"
        return nothing_new(state, "pathway", command.pathway, command.reason, otherwise=there)
    only_in(state, "matching")
    pathway = PathwayId(_chosen(kit, state, command.pathway).id)
    return [e.PathwayChosenAnew(at=at, pathway=pathway, reason=command.reason)]
