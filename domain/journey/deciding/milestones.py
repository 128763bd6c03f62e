"""Work that is handed in, judged, handed in again, or waived."""

from datetime import datetime

from domain.journey import events as e
from domain.journey.commands import MissDeadline, ReviewMilestone, SubmitMilestone, WaiveMilestone
from domain.journey.deciding.refusing import Rejected, milestone_of, only_in
from domain.journey.outlook import pathway_of
from domain.journey.state import JourneyState, MilestoneStanding
from domain.kit import Kit


def submit(kit: Kit, state: JourneyState, command: SubmitMilestone, at: datetime) -> e.Events:
    only_in(state, "sessions", "wrap_up")
    one = milestone_of(state, command.milestone)
    if one.status == "submitted":
        return []
    if one.status != "open":
        raise Rejected(f"milestone {one.milestone!r} has already been judged: {one.status}")
    due = at + kit.service_levels.milestone_review
    return [e.MilestoneSubmitted(at=at, milestone=one.milestone, attempt=one.attempt, review_due_at=due)]


def review(kit: Kit, state: JourneyState, command: ReviewMilestone, at: datetime) -> e.Events:
    only_in(state, "sessions", "wrap_up")
    one = milestone_of(state, command.milestone)
    if _was_returned(one, command):
        return []
    _of_present_attempt(one, command)
    if one.status == command.verdict and one.score == command.score:
        return []
    if one.status == "open":
        raise Rejected(f"milestone {one.milestone!r} has not been handed in, so there is nothing to review")
    if one.status != "submitted":
        raise Rejected(f"milestone {one.milestone!r} has already been judged: {one.status}")
    pathway = pathway_of(kit, state)
    assert pathway, "a journey has milestones only when it has a pathway"
    rework = pathway.rework_of(one.milestone)
    return [
        e.MilestoneReviewed(
            at=at,
            milestone=one.milestone,
            attempt=one.attempt,
            verdict=command.verdict,
            score=command.score,
            feedback=command.feedback,
            due_at=max(one.due_at, at + rework) if command.verdict == "returned" else None,
        )
    ]


def _was_returned(one: MilestoneStanding, command: ReviewMilestone) -> bool:
    """Whether the attempt before this one had just this verdict."""
    same = command.verdict == "returned" and one.score == command.score
    return one.status == "open" and one.attempt > 1 and same and command.attempt in (None, one.attempt - 1)


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
        return []
    if one.settled:
        raise Rejected(f"milestone {one.milestone!r} has already been judged: {one.status}")
    return [e.MilestoneWaived(at=at, milestone=one.milestone, reason=command.reason)]


def miss_deadline(state: JourneyState, command: MissDeadline, at: datetime) -> e.Events:
    attempt = milestone_of(state, command.milestone).attempt
    return [e.MilestoneDeadlineMissed(at=at, milestone=command.milestone, attempt=attempt)]
