"""Work that is handed in, judged, handed in again, or waived."""

from datetime import datetime

from domain.journey import events as e
from domain.journey.commands import MissDeadline, ReviewMilestone, SubmitMilestone, WaiveMilestone
from domain.journey.deciding.refusing import Rejected, milestone_of, only_in
from domain.journey.deciding.repeating import corrects, is_first, is_recorded, nothing_new
from domain.journey.events import Verdict
from domain.journey.outlook import pathway_of
from domain.journey.state import JourneyState, MilestoneStanding
from domain.kit import Kit


def submit(kit: Kit, state: JourneyState, command: SubmitMilestone, at: datetime) -> e.Events:
    only_in(state, "sessions", "wrap_up")
    one = milestone_of(state, command.milestone)
    said = (f"work:{one.milestone}#{one.attempt}", command.link, command.note)
    if one.status == "submitted" and is_recorded(state, *said):
        return []
    if one.settled:
        raise Rejected(f"milestone {one.milestone!r} has already been judged: {one.status}")
    due = one.review_due_at or at + kit.service_levels.milestone_review
    return [
        e.MilestoneSubmitted(
            at=at,
            milestone=one.milestone,
            attempt=one.attempt,
            review_due_at=due,
            link=command.link,
            note=command.note,
        )
    ]


def review(kit: Kit, state: JourneyState, command: ReviewMilestone, at: datetime) -> e.Events:
    only_in(state, "sessions", "wrap_up")
    one = milestone_of(state, command.milestone)
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
            e.ReviewCorrected(
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
        raise Rejected(f"milestone {one.milestone!r} has not been handed in, so there is nothing to review")
    if one.status == "waived":
        raise Rejected(f"milestone {one.milestone!r} is waived, so there is nothing to review")
    is_first(command, f"a verdict on attempt {one.attempt} at milestone {one.milestone!r}")
    return [
        e.MilestoneReviewed(
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
    pathway = pathway_of(kit, state)
    assert pathway, "a journey has milestones only when it has a pathway"
    rework = pathway.rework_of(one.milestone)
    return max(one.due_at, at + rework) if command.verdict == "returned" else None


def _of_present_attempt(one: MilestoneStanding, command: ReviewMilestone) -> None:
    if command.attempt not in (None, one.attempt):
        raise Rejected(
            f"milestone {one.milestone!r} is at attempt {one.attempt}, not {command.attempt}; "
            "judge that one, or leave `attempt` out"
        )


def waive(state: JourneyState, command: WaiveMilestone, at: datetime) -> e.Events:
    only_in(state, "sessions", "wrap_up")
    one = milestone_of(state, command.milestone)
    if one.status == "waived":
        there = f"milestone {one.milestone!r} is waived already, for a reason that is recorded"
        return nothing_new(state, f"waived:{one.milestone}", command.reason, otherwise=there)
    if one.settled:
        raise Rejected(f"milestone {one.milestone!r} has already been judged: {one.status}")
    return [e.MilestoneWaived(at=at, milestone=one.milestone, reason=command.reason)]


def miss_deadline(state: JourneyState, command: MissDeadline, at: datetime) -> e.Events:
    attempt = milestone_of(state, command.milestone).attempt
    return [e.MilestoneDeadlineMissed(at=at, milestone=command.milestone, attempt=attempt)]
