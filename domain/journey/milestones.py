"""Milestones: work that is handed in, judged, handed in again, or waived."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, assert_never

from pydantic import AwareDatetime, Field, StringConstraints

from domain.ids import MilestoneId
from domain.journey import reminders
from domain.journey.bases import ActorEvent, CorrectableCommand, Events, NamedCommand, Repeatable, TimerCommand
from domain.journey.duty import Awaited, Context, chosen_pathway, milestone_in_words
from domain.journey.escalations import forget_fired
from domain.journey.parts import changed, replaced
from domain.journey.refusing import Code, require_milestone, require_stage, require_under_way
from domain.journey.repeating import corrected, corrects, digest, is_first, is_recorded, nothing_new
from domain.journey.state import JourneyState, MilestoneStanding
from domain.journey.steps import mentor_seen, seen
from domain.journey.terms import Score, Verdict
from domain.journey.timer import Timer
from domain.kit import Kit, Pathway
from domain.refusal import Rejected
from domain.values import Event, Frozen, Number, Personal, Whole


class PlannedMilestone(Frozen):
    milestone: MilestoneId
    due_at: AwareDatetime


class MilestoneSubmitted(Repeatable):
    """The learner handed in their work. A mentor now reviews it, within the service level. Handed in again before the
    review, the later link and note count, and the review stays due when it was."""

    type: ClassVar[str] = "journey.milestone_submitted"
    schema_version: ClassVar[int] = 2
    milestone: MilestoneId
    attempt: int
    review_due_at: AwareDatetime
    link: Personal = ""
    note: Personal = ""

    def key_and_digest(self) -> tuple[str, str]:
        return f"work:{self.milestone}#{self.attempt}", digest(self.link, self.note)


class MilestoneDeadlineMissed(Event):
    """The day came and nothing was handed in. It may still be, late, until the journey closes."""

    type: ClassVar[str] = "journey.milestone_deadline_missed"
    milestone: MilestoneId
    attempt: int


class MilestoneReviewed(Repeatable):
    """A person judged the work. Returned work has another attempt, due at `due_at`; the other verdicts settle it."""

    type: ClassVar[str] = "journey.milestone_reviewed"
    milestone: MilestoneId
    attempt: int
    verdict: Verdict
    score: Score | None = None
    feedback: Personal = ""
    due_at: AwareDatetime | None = None

    def key_and_digest(self) -> tuple[str, str]:
        return f"verdict:{self.milestone}#{self.attempt}", digest(self.verdict, self.score, self.feedback)


class ReviewCorrected(ActorEvent, Repeatable):
    """The verdict on an attempt was recorded wrongly. Setbacks and attempts count as if the right one had been."""

    type: ClassVar[str] = "journey.review_corrected"
    milestone: MilestoneId
    attempt: int
    was: Verdict
    verdict: Verdict
    score: Score | None = None
    feedback: Personal = ""
    reason: Personal
    due_at: AwareDatetime | None = None
    """When returned work is due again."""

    def key_and_digest(self) -> tuple[str, str]:
        return f"verdict:{self.milestone}#{self.attempt}", corrected(
            digest(self.verdict, self.score, self.feedback), self.reason
        )


class MilestoneWaived(ActorEvent, Repeatable):
    """A person decided that this milestone is not asked of this learner, and why."""

    type: ClassVar[str] = "journey.milestone_waived"
    milestone: MilestoneId
    reason: Personal

    def key_and_digest(self) -> tuple[str, str]:
        return f"waived:{self.milestone}", digest(self.reason)


MilestoneEvent = MilestoneSubmitted | MilestoneDeadlineMissed | MilestoneReviewed | ReviewCorrected | MilestoneWaived


class SubmitMilestone(NamedCommand):
    """Hand in the work for a milestone; given again before its review, the later link and note count."""

    name: ClassVar[str] = "submit_milestone"
    milestone: MilestoneId
    link: Annotated[Personal, StringConstraints(pattern=r"^(https?://\S+)?$", max_length=2_000)] = ""
    """Where the work is: an address that begins with https:// or http://."""
    note: Personal = ""


class ReviewMilestone(CorrectableCommand):
    """Judge the work that was handed in."""

    name: ClassVar[str] = "review_milestone"
    milestone: MilestoneId
    attempt: Whole | None = Field(default=None, ge=1)
    """Which attempt is judged; None: the present one. A verdict that comes late then judges no newer work."""
    verdict: Verdict
    score: Annotated[Number, Field(ge=0, le=100)] | None = None
    feedback: Personal = ""


class WaiveMilestone(NamedCommand):
    """Decide that a milestone is not asked of this learner."""

    name: ClassVar[str] = "waive_milestone"
    milestone: MilestoneId
    reason: Personal = Field(min_length=1)


@dataclass(unsafe_hash=True, slots=True, kw_only=True)
class MissDeadline(TimerCommand):
    name: ClassVar[str] = "miss_deadline"
    milestone: MilestoneId

    def in_words(self) -> str:
        return f"milestone {self.milestone} counts as missed"


MilestoneCommand = SubmitMilestone | ReviewMilestone | WaiveMilestone | MissDeadline


# Rules


def decide(kit: Kit, state: JourneyState, command: MilestoneCommand, at: datetime) -> Events:
    match command:
        case SubmitMilestone():
            return _submit(kit, state, command, at)
        case ReviewMilestone():
            return _review(kit, state, command, at)
        case WaiveMilestone():
            return _waive(state, command, at)
        case MissDeadline():
            attempt = require_milestone(state, command.milestone).attempt
            return [MilestoneDeadlineMissed(at=at, milestone=command.milestone, attempt=attempt)]
        case _:
            assert_never(command)


def _submit(kit: Kit, state: JourneyState, command: SubmitMilestone, at: datetime) -> Events:
    require_stage(state, "sessions", "wrap_up")
    one = require_milestone(state, command.milestone)
    said = (f"work:{one.milestone}#{one.attempt}", command.link, command.note)
    if one.status == "submitted" and is_recorded(state, *said):
        return []
    if one.settled:
        raise Rejected(
            Code.MILESTONE_SETTLED,
            f"milestone {one.milestone!r} has already been judged: {one.status}",
            {"status": one.status},
        )
    due = one.review_due_at or at + kit.service_levels.milestone_review
    return [
        MilestoneSubmitted(
            at=at,
            milestone=one.milestone,
            attempt=one.attempt,
            review_due_at=due,
            link=command.link,
            note=command.note,
        )
    ]


def _review(kit: Kit, state: JourneyState, command: ReviewMilestone, at: datetime) -> Events:
    require_under_way(state, corrects=command.corrects)
    one = require_milestone(state, command.milestone)
    said = (command.verdict, command.score, command.feedback)
    if judged := _judged(state, one, command):
        attempt, was = judged
        what = f"attempt {attempt} at milestone {one.milestone!r} has already been judged: {was}"
        if one.status == "open":
            what = f"attempt {one.attempt} has not been handed in, and {what}"
        if not corrects(state, command, f"verdict:{one.milestone}#{attempt}", *said, there=what):
            return []
        returned_before = was == command.verdict == "returned"
        return [
            ReviewCorrected(
                at=at,
                milestone=one.milestone,
                attempt=attempt,
                was=was,
                verdict=command.verdict,
                score=command.score,
                feedback=command.feedback,
                reason=command.reason,
                due_at=one.due_at if returned_before else _due_again(kit, state, one, command, at),
            )
        ]
    if command.attempt and is_recorded(state, f"verdict:{one.milestone}#{command.attempt}", *said):
        return []
    _of_present_attempt(one, command)
    if one.status == "open":
        raise Rejected(
            Code.MILESTONE_NOT_SUBMITTED,
            f"milestone {one.milestone!r} has not been handed in, so there is nothing to review",
        )
    if one.status == "waived":
        raise Rejected(
            Code.MILESTONE_SETTLED,
            f"milestone {one.milestone!r} is waived, so there is nothing to review",
            {"status": one.status},
        )
    is_first(command, f"a verdict on attempt {one.attempt} at milestone {one.milestone!r}")
    return [
        MilestoneReviewed(
            at=at,
            milestone=one.milestone,
            attempt=one.attempt,
            verdict=command.verdict,
            score=command.score,
            feedback=command.feedback,
            due_at=_due_again(kit, state, one, command, at),
        )
    ]


def _judged(state: JourneyState, one: MilestoneStanding, command: ReviewMilestone) -> tuple[int, Verdict] | None:
    """The latest attempt that was judged, with its verdict, where the command can mean it: nothing newer is there."""
    if one.status in ("passed", "failed") and command.attempt in (None, one.attempt):
        return one.attempt, one.status
    before = one.attempt - 1
    if one.status == "open" and f"verdict:{one.milestone}#{before}" in state.said and command.attempt in (None, before):
        return before, "returned"
    return None


def _due_again(
    kit: Kit, state: JourneyState, one: MilestoneStanding, command: ReviewMilestone, at: datetime
) -> datetime | None:
    """When returned work is due again."""
    if command.verdict != "returned":
        return None
    return max(one.due_at, at + chosen_pathway(kit, state).rework_of(one.milestone))


def _of_present_attempt(one: MilestoneStanding, command: ReviewMilestone) -> None:
    if command.attempt not in (None, one.attempt):
        raise Rejected(
            Code.WRONG_ATTEMPT,
            f"milestone {one.milestone!r} is at attempt {one.attempt}, not {command.attempt}; "
            "judge that one, or leave `attempt` out",
            {"attempt": one.attempt},
        )


def _waive(state: JourneyState, command: WaiveMilestone, at: datetime) -> Events:
    require_stage(state, "sessions", "wrap_up")
    one = require_milestone(state, command.milestone)
    if one.status == "waived":
        there = f"milestone {one.milestone!r} is waived already, for a reason that is recorded"
        return nothing_new(state, f"waived:{one.milestone}", command.reason, otherwise=there)
    if one.settled:
        raise Rejected(
            Code.MILESTONE_SETTLED,
            f"milestone {one.milestone!r} has already been judged: {one.status}",
            {"status": one.status},
        )
    return [MilestoneWaived(at=at, milestone=one.milestone, reason=command.reason)]


# The state


def evolve(state: JourneyState, event: MilestoneEvent) -> JourneyState:
    match event:
        case MilestoneSubmitted():
            return seen(_milestone_submitted(state, event), event.at)
        case MilestoneDeadlineMissed():
            return with_milestone(state, event.milestone, missed=True, setback=True)
        case MilestoneReviewed():
            return mentor_seen(_milestone_reviewed(state, event), event.at)
        case ReviewCorrected():
            return mentor_seen(_review_corrected(state, event), event.at)
        case MilestoneWaived():
            return with_milestone(state, event.milestone, status="waived", review_due_at=None)
        case _:
            assert_never(event)


def new_milestone(
    planned: PlannedMilestone, at: datetime, before: MilestoneStanding | None = None
) -> MilestoneStanding:
    attempt = before.attempt + 1 if before else 1
    return MilestoneStanding(
        milestone=planned.milestone, since=at, due_at=planned.due_at, attempt=attempt, planned_attempt=attempt
    )


def moved_milestone(planned: PlannedMilestone, at: datetime, before: MilestoneStanding | None) -> MilestoneStanding:
    anew = new_milestone(planned, at, before)
    if before is None:
        return anew
    if before.due_at == planned.due_at:
        return changed(before, since=at)
    return changed(anew, setbacks=before.setbacks, planned_attempt=before.planned_attempt)


def _milestone_submitted(state: JourneyState, event: MilestoneSubmitted) -> JourneyState:
    return with_milestone(
        state,
        event.milestone,
        status="submitted",
        since=event.at,
        submitted_at=event.at,
        review_due_at=event.review_due_at,
    )


def _milestone_reviewed(state: JourneyState, event: MilestoneReviewed) -> JourneyState:
    if event.verdict != "returned":
        return with_milestone(
            state,
            event.milestone,
            status=event.verdict,
            score=event.score,
            review_due_at=None,
            setback=event.verdict == "failed",
        )
    return with_milestone(
        state,
        event.milestone,
        status="open",
        score=event.score,
        attempt=event.attempt + 1,
        since=event.at,
        due_at=event.due_at,
        missed=False,
        review_due_at=None,
        setback=True,
    )


def _review_corrected(state: JourneyState, event: ReviewCorrected) -> JourneyState:
    """As if the right verdict had been given; the attempt that only a wrong one asked for is not awaited."""
    one = state.milestone(event.milestone)
    assert one, "only a milestone of the journey is corrected"
    if event.was == event.verdict:
        return with_milestone(state, event.milestone, score=event.score)
    returned = event.was == "returned"
    setbacks = one.setbacks - (event.was != "passed") - (returned and one.missed) + (event.verdict != "passed")
    again = event.verdict == "returned"
    state = with_milestone(
        state,
        event.milestone,
        status="open" if again else event.verdict,
        attempt=event.attempt + again,
        score=event.score,
        since=event.at if again else one.since,
        due_at=event.due_at or one.due_at,
        missed=False,
        setbacks=setbacks,
    )
    return forget_fired(state, f"milestone:{event.milestone}#{event.attempt + 1}") if returned else state


def with_milestone(
    state: JourneyState, milestone: MilestoneId, setback: bool = False, **changes: object
) -> JourneyState:
    one = state.milestone(milestone)
    if one is None:
        return state
    if setback:
        changes["setbacks"] = one.setbacks + 1
    return changed(state, milestones=replaced(state.milestones, one, **changes))


def within_term(
    before: MilestoneStanding, later: MilestoneStanding, at: datetime, ends_by: datetime
) -> MilestoneStanding:
    """After a pause, where the end of the term leaves less time than before: nobody is reminded of what is past."""
    if before.settled or later.due_at <= ends_by:
        return later
    since = at if before.status == "open" else later.since
    return changed(later, since=since, due_at=max(before.due_at, ends_by))


# What is awaited


def duties(one: MilestoneStanding, context: Context) -> Iterator[Awaited]:
    if one.status == "open":
        yield Awaited(
            duty="milestone",
            about=f"milestone:{one.milestone}#{one.attempt}",
            who="learner",
            since=one.since,
            due_at=one.due_at,
            rule=_deadline(one, context),
        )
    elif one.status == "submitted":
        assert one.review_due_at, "work is reviewed after it was handed in"
        yield Awaited(
            duty="milestone_review",
            about=f"review:{one.milestone}#{one.attempt}",
            who=context.mentor,
            since=one.since,
            due_at=one.review_due_at,
            rule="service_levels.milestone_review",
        )


def _deadline(one: MilestoneStanding, context: Context) -> str:
    return f"pathways.{context.pathway}.milestones.{one.milestone}.due"


def timers(one: MilestoneStanding, waits: Sequence[Awaited], pathway: Pathway | None, context: Context) -> list[Timer]:
    if one.status != "open" or one.missed or pathway is None:
        return []
    (work,), title = waits, milestone_in_words(pathway, one)
    dates = [(rule, one.due_at - before) for rule, before in pathway.reminders_of_milestone(one.milestone)]
    found = reminders.timers(work, f"of {title}", dates)
    if context.stage == "sessions" and context.has_dates:
        then = MissDeadline(milestone=one.milestone)
        found.append(Timer(one.due_at, _deadline(one, context), f"deadline of {title}", then, "learner"))
    return found
