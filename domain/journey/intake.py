"""The intake: from the beginning of a journey to a chosen pathway."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, ClassVar, Literal, assert_never

from pydantic import AwareDatetime, Field, ValidationError

from domain.ids import SLUG, KitDigest, LearnerId, PathwayId, ProgramId
from domain.journey import reminders
from domain.journey.bases import Command, Events, NamedCommand, Repeatable, TimerCommand
from domain.journey.duty import Awaited, Context
from domain.journey.ending import closed
from domain.journey.parts import changed
from domain.journey.refusing import Code, require_reason, require_stage
from domain.journey.repeating import digest, is_recorded, nothing_new
from domain.journey.state import JourneyState, StageWait
from domain.journey.steps import awaiting, awaits
from domain.journey.terms import Answers
from domain.journey.timer import Timer
from domain.kit import Kit, Pathway
from domain.refusal import Rejected
from domain.values import Event, Personal, Truth


class JourneyStarted(Event):
    """A journey begins. The kit is fixed from here on; the learner is awaited to fill in the intake."""

    type: ClassVar[str] = "journey.started"
    program: ProgramId
    learner: LearnerId
    kit: KitDigest
    intake_due_at: AwareDatetime


class IntakeSubmitted(Event):
    """The learner sent in the intake form. A person now reads it, within the service level."""

    type: ClassVar[str] = "journey.intake_submitted"
    answers: Answers
    review_due_at: AwareDatetime


class AnswersGiven(Event):
    """Some questions of the intake are answered, and the form is not sent in yet. The learner is awaited as before, and
    need not answer these again."""

    type: ClassVar[str] = "journey.answers_given"
    answers: Answers


class MoreInformationRequested(Repeatable):
    """The reader could not decide yet. The learner is awaited again; nothing they sent is lost."""

    type: ClassVar[str] = "journey.more_information_requested"
    reason: Personal
    intake_due_at: AwareDatetime

    def key_and_digest(self) -> tuple[str, str]:
        return "intake_review", digest("more_information", self.reason)


class IntakeApproved(Repeatable):
    """A person read the intake and chose the pathway. A mentor is wanted, within the service level."""

    type: ClassVar[str] = "journey.intake_approved"
    schema_version: ClassVar[int] = 2
    pathway: PathwayId
    match_due_at: AwareDatetime
    reason: Personal = ""

    def key_and_digest(self) -> tuple[str, str]:
        return "intake_review", digest("approve", self.reason)


class PathwayChosenAnew(Repeatable):
    """A person found another pathway to fit better than the one that the answers led to."""

    type: ClassVar[str] = "journey.pathway_chosen_anew"
    pathway: PathwayId
    reason: Personal

    def key_and_digest(self) -> tuple[str, str]:
        return "pathway", digest(self.pathway, self.reason)


IntakeEvent = (
    JourneyStarted | IntakeSubmitted | AnswersGiven | MoreInformationRequested | IntakeApproved | PathwayChosenAnew
)


class StartJourney(Command):
    """Begin. Given once, by the workflow, before anything else."""

    name: ClassVar[str] = "start"
    program: ProgramId
    learner: Annotated[LearnerId, SLUG]
    kit: KitDigest


class SubmitIntake(NamedCommand):
    """Send the filled-in intake form, or with `partial` some answers of it."""

    name: ClassVar[str] = "submit_intake"
    answers: Answers = Field(default_factory=dict)
    partial: Truth = False
    """Keep these answers; the rest, and sending the form in, is still awaited. Answers given so count as if sent in
    with the form."""


class ReviewIntake(NamedCommand):
    """Approve an intake, ask for more information, or decline with a reason."""

    name: ClassVar[str] = "review_intake"
    verdict: Literal["approve", "more_information", "decline"]
    pathway: PathwayId | None = None
    """With `approve`: another pathway than the one that the answers lead to."""
    reason: Personal = ""


class ChoosePathway(NamedCommand):
    """Put the learner on another pathway than the one chosen at the intake; before there is a mentor."""

    name: ClassVar[str] = "choose_pathway"
    pathway: PathwayId
    reason: Personal = Field(min_length=1)


class GiveUpIntake(TimerCommand):
    name: ClassVar[str] = "give_up_intake"

    def in_words(self) -> str:
        return "the intake counts as abandoned"


IntakeCommand = SubmitIntake | ReviewIntake | ChoosePathway | GiveUpIntake


# Rules


def decide(kit: Kit, state: JourneyState, command: IntakeCommand, at: datetime) -> Events:
    match command:
        case SubmitIntake():
            return _submit(kit, state, command, at)
        case ReviewIntake():
            return _review(kit, state, command, at)
        case ChoosePathway():
            return _choose_pathway(kit, state, command, at)
        case GiveUpIntake():
            return [closed("ended_early", "the intake was not sent in", at)]
        case _:
            assert_never(command)


def start(kit: Kit, command: StartJourney, at: datetime) -> JourneyStarted:
    if command.program != kit.program_id:
        raise Rejected(
            Code.OTHER_PROGRAM,
            f"this kit is of the program {kit.program!r}, not of {command.program!r}",
            {"program": kit.program},
        )
    return JourneyStarted(
        at=at,
        program=command.program,
        learner=command.learner,
        kit=command.kit,
        intake_due_at=at + kit.intake.within,
    )


def require_answers(kit: Kit, command: SubmitIntake) -> None:
    """As a journey that has just begun takes them. Raises Rejected."""
    if command.partial:
        _require_some(kit, command)
    else:
        _require_whole(kit, command.answers)


def _require_whole(kit: Kit, answers: Answers) -> None:
    if problems := kit.intake.problems_with(answers):
        raise Rejected(Code.ANSWERS_INVALID, "the intake is not complete: " + "; ".join(problems))


def _require_some(kit: Kit, command: SubmitIntake) -> None:
    if problems := kit.intake.problems_with(command.answers, partial=True):
        raise Rejected(Code.ANSWERS_INVALID, "these are no answers to the intake: " + "; ".join(problems))


def _submit(kit: Kit, state: JourneyState, command: SubmitIntake, at: datetime) -> Events:
    if command.partial:
        return _submit_some(kit, state, command, at)
    with_earlier = {**kit.intake.fitting(state.answers_so_far or {}), **command.answers}
    if state.answers in (command.answers, with_earlier) and not awaits(state, "intake"):
        return []
    require_stage(state, "intake")
    answers = with_earlier if state.answers is None else command.answers
    _require_whole(kit, answers)
    _refuse_too_much(command, answers)
    due = at + kit.service_levels.intake_review
    return [IntakeSubmitted(at=at, answers=answers, review_due_at=due)]


def _submit_some(kit: Kit, state: JourneyState, command: SubmitIntake, at: datetime) -> Events:
    given = state.answers_so_far or {}
    if all(name in given and given[name] == answer for name, answer in command.answers.items()):
        return []
    require_stage(state, "intake")
    if state.answers is not None:
        raise Rejected(Code.RECORDED_OTHERWISE, "the intake has been sent in before; send the whole form to change it")
    _require_some(kit, command)
    _refuse_too_much(command, {**given, **command.answers})
    return [AnswersGiven(at=at, answers=command.answers)]


def _refuse_too_much(command: SubmitIntake, answers: Answers) -> None:
    """Answers that come piece by piece are limited as those that come at once."""
    try:
        SubmitIntake(by=command.by, answers=answers)
    except ValidationError:
        raise Rejected(
            Code.ANSWERS_INVALID, "with the answers given before, these are more than one form can hold; shorten them"
        ) from None


def _review(kit: Kit, state: JourneyState, command: ReviewIntake, at: datetime) -> Events:
    if command.verdict == "approve" and state.stage != "intake":
        there = f"the intake was approved for the pathway {state.pathway!r}"
        if command.pathway not in (None, state.pathway):
            raise Rejected(Code.RECORDED_OTHERWISE, f"{there}; before there is a mentor, choose_pathway changes it")
        return nothing_new(state, "intake_review", "approve", command.reason, otherwise=f"{there}, with other words")
    require_stage(state, "intake")
    if not awaits(state, "intake_review") and not (command.verdict == "more_information" and state.answers is not None):
        raise Rejected(Code.INTAKE_NOT_SUBMITTED, "the learner has not sent in the intake yet")
    match command.verdict:
        case "approve":
            pathway = PathwayId(_chosen(kit, state, command.pathway).id)
            match_due_at = at + kit.service_levels.match
            return [IntakeApproved(at=at, pathway=pathway, match_due_at=match_due_at, reason=command.reason)]
        case "more_information":
            if awaits(state, "intake") and is_recorded(state, "intake_review", command.verdict, command.reason):
                return []
            require_reason(command.reason, "say what the learner should add")
            due = at + kit.intake.within
            return [MoreInformationRequested(at=at, reason=command.reason, intake_due_at=due)]
        case "decline":
            require_reason(command.reason, "say why, so that the learner can be told")
            return [closed("declined", command.reason, at)]
        case _:
            assert_never(command.verdict)


def require_coherent(_: Kit, __: JourneyState, command: ReviewIntake, ___: datetime) -> None:
    """Raises Rejected for a pathway that would be passed over."""
    if command.pathway and command.verdict != "approve":
        raise Rejected(
            Code.FIELDS_CONFLICT,
            "a `pathway` goes with the verdict approve; leave it out",
            {"fields": ("pathway", "verdict")},
        )


def _chosen(kit: Kit, state: JourneyState, named: PathwayId | None) -> Pathway:
    pathways = [pathway.id for pathway in kit.pathways]
    there_are = ", ".join(pathways)
    if named:
        if found := kit.pathway(named):
            return found
        raise Rejected(
            Code.UNKNOWN_PATHWAY, f"{named!r} is not a pathway of this kit; it has: {there_are}", {"pathways": pathways}
        )
    if routed := kit.route(state.answers or {}):
        return routed
    raise Rejected(
        Code.UNKNOWN_PATHWAY, f"no pathway fits these answers; name one of: {there_are}", {"pathways": pathways}
    )


def _choose_pathway(kit: Kit, state: JourneyState, command: ChoosePathway, at: datetime) -> Events:
    if state.pathway == command.pathway:
        there = f"the learner is on the pathway {state.pathway!r} already, and nothing was changed"
        return nothing_new(state, "pathway", command.pathway, command.reason, otherwise=there)
    require_stage(state, "matching")
    pathway = PathwayId(_chosen(kit, state, command.pathway).id)
    return [PathwayChosenAnew(at=at, pathway=pathway, reason=command.reason)]


# The state


def started(event: JourneyStarted) -> JourneyState:
    return JourneyState(
        program=event.program,
        learner=event.learner,
        kit=event.kit,
        stage="intake",
        stage_since=event.at,
        wait=StageWait(duty="intake", turn=1, since=event.at, due_at=event.intake_due_at),
    )


def evolve(state: JourneyState, event: IntakeEvent) -> JourneyState:
    match event:
        case JourneyStarted():
            return started(event)
        case IntakeSubmitted():
            return changed(awaiting(state, "intake_review", event.at, event.review_due_at), answers=event.answers)
        case AnswersGiven():
            return changed(state, answers_so_far={**(state.answers_so_far or {}), **event.answers})
        case MoreInformationRequested():
            return awaiting(state, "intake", event.at, event.intake_due_at, again=True)
        case IntakeApproved():
            state = awaiting(state, "match", event.at, event.match_due_at)
            return changed(state, stage="matching", stage_since=event.at, pathway=event.pathway)
        case PathwayChosenAnew():
            return changed(state, pathway=event.pathway)
        case _:
            assert_never(event)


# What is awaited


def timers(kit: Kit, wait: StageWait, waits: Sequence[Awaited], context: Context) -> list[Timer]:
    """Reminders count back from the end of the intake, which a pause moves."""
    if wait.duty != "intake":
        return []
    began = wait.due_at - kit.intake.within
    dates = [(f"intake.reminders.{nth}", began + after) for nth, after in enumerate(kit.intake.reminders)]
    found = reminders.timers(waits[0], "of intake", dates)
    if context.stage == "intake":
        found.append(Timer(wait.due_at, "intake.within", "the intake is abandoned", GiveUpIntake(), "learner"))
    return found
