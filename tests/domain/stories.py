"""A small program and the beginnings of stories that are told on it, each going on from the one before."""

from datetime import UTC, datetime, timedelta

from domain.ids import LearnerId, MentorId, MilestoneId, PathwayId, SessionId
from domain.journey.events import (
    AttendanceRecorded,
    IntakeApproved,
    IntakeSubmitted,
    JourneyEvent,
    JourneyStarted,
    MentorMatched,
    MilestoneReviewed,
    MilestoneSubmitted,
    PathwayStarted,
    PlannedMilestone,
    PlannedSession,
    WrapUpStarted,
)
from domain.kit import Kit

KIT = Kit.model_validate(
    {
        "program": "first-steps",
        "version": "1",
        "title": "First steps",
        "promise": {
            "outcome": "a portfolio that is shown to employers",
            "audience": "beginners",
            "duration": "4 weeks",
            "cadence": "a session a week",
            "support": "a mentor",
            "measures": ["portfolios shown"],
        },
        "intake": {
            "questions": [
                {"id": "goal", "ask": "What for?", "kind": "choice", "options": ["job", "promotion"]},
                {"id": "hours", "ask": "How many hours a week?", "kind": "number", "required": False},
                {"id": "times", "ask": "When?", "kind": "choices", "options": ["am", "pm"], "required": False},
                {"id": "note", "ask": "Anything else?", "required": False},
            ],
            "within": "14 days",
            "reminders": ["3 days", "10 days"],
        },
        "pathways": [
            {
                "id": "fast",
                "title": "Fast",
                "mentor_type": "hiring manager",
                "when": {"goal": ["job"]},
                "ends": "4 weeks",
                "sessions": [
                    {"id": "s1", "title": "Goals", "purpose": "set the goal", "after": "3 days"},
                    {"id": "s2", "title": "Review", "purpose": "look at drafts", "after": "8 days"},
                    {"id": "s3", "title": "Practice", "purpose": "rehearse", "after": "15 days"},
                ],
                "milestones": [
                    {"id": "cv", "title": "CV", "due": "7 days", "reminders": ["2 days"], "rework": "3 days"},
                    {"id": "talk", "title": "Talk", "due": "20 days"},
                ],
            },
            {"id": "steady", "title": "Steady", "mentor_type": "peer", "ends": "8 weeks"},
        ],
        "escalations": [
            {"id": "quiet-7", "title": "Quiet", "when": {"no_activity_for": "7 days"}, "then": {"nudge": "learner"}},
            {
                "id": "quiet-14",
                "title": "Very quiet",
                "when": {"no_activity_for": "14 days"},
                "then": {"open_case": "ops", "severity": "critical"},
            },
            {
                "id": "two-missed",
                "title": "Two sessions missed",
                "when": {"sessions_missed_in_a_row": 2},
                "then": {"open_case": "mentor"},
            },
            {
                "id": "late-intake-review",
                "title": "Intake not read",
                "when": {"overdue": "intake_review"},
                "then": {"nudge": "ops"},
            },
            {
                "id": "no-mentor",
                "title": "No mentor found",
                "when": {"overdue": "match", "by": "1 day"},
                "then": {"open_case": "ops", "respond_within": "1 day"},
            },
            {
                "id": "late-work",
                "title": "Work is late",
                "when": {"overdue": "milestone", "by": "2 days"},
                "then": {"open_case": "mentor"},
            },
            {
                "id": "late-notes",
                "title": "Attendance unknown",
                "when": {"overdue": "attendance"},
                "then": {"nudge": "mentor"},
            },
            {
                "id": "late-review",
                "title": "Review is late",
                "when": {"overdue": "milestone_review"},
                "then": {"nudge": "mentor"},
            },
            {
                "id": "unanswered",
                "title": "Case not answered",
                "when": {"overdue": "case"},
                "then": {"open_case": "ops", "severity": "critical"},
            },
        ],
    }
)


def kit_with(**changes: object) -> Kit:
    """The program with some of its parts exchanged."""
    return Kit.model_validate(KIT.model_dump() | changes)


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""When the stories begin: a Monday."""


def day(days: float, hours: float = 0) -> datetime:
    """So long after the beginning."""
    return NOON + timedelta(days=days, hours=hours)


FAST, STEADY = PathwayId("fast"), PathwayId("steady")
ANA, BEN = MentorId("ana"), MentorId("ben")
S1, S2, S3 = SessionId("s1"), SessionId("s2"), SessionId("s3")
CV, TALK = MilestoneId("cv"), MilestoneId("talk")
JOB = {"goal": "job"}

started: tuple[JourneyEvent, ...] = (
    JourneyStarted(at=day(0), program=KIT.program_id, learner=LearnerId("lea"), kit=KIT.digest, intake_due_at=day(14)),
)
in_review: tuple[JourneyEvent, ...] = (*started, IntakeSubmitted(at=day(1), answers=JOB, review_due_at=day(3)))
matching: tuple[JourneyEvent, ...] = (*in_review, IntakeApproved(at=day(2), pathway=FAST, match_due_at=day(7)))
plan = PathwayStarted(
    at=day(3),
    starts_at=day(3),
    ends_at=day(31),
    sessions=(
        PlannedSession(session=S1, starts_at=day(6), attendance_due_at=day(7, 1)),
        PlannedSession(session=S2, starts_at=day(11), attendance_due_at=day(12, 1)),
        PlannedSession(session=S3, starts_at=day(18), attendance_due_at=day(19, 1)),
    ),
    milestones=(PlannedMilestone(milestone=CV, due_at=day(10)), PlannedMilestone(milestone=TALK, due_at=day(23))),
)
in_sessions: tuple[JourneyEvent, ...] = (*matching, MentorMatched(at=day(3), mentor=ANA), plan)
handed_in: tuple[JourneyEvent, ...] = (
    *in_sessions,
    MilestoneSubmitted(at=day(9), milestone=CV, attempt=1, review_due_at=day(12)),
)
returned: tuple[JourneyEvent, ...] = (
    *handed_in,
    MilestoneReviewed(at=day(10), milestone=CV, attempt=1, verdict="returned", score=40, due_at=day(13)),
)
all_but_one: tuple[JourneyEvent, ...] = (
    *in_sessions,
    AttendanceRecorded(at=day(6), session=S1, attendance="attended"),
    MilestoneSubmitted(at=day(9), milestone=CV, attempt=1, review_due_at=day(12)),
    MilestoneReviewed(at=day(10), milestone=CV, attempt=1, verdict="passed", score=80),
    AttendanceRecorded(at=day(11), session=S2, attendance="late"),
    MilestoneSubmitted(at=day(15), milestone=TALK, attempt=1, review_due_at=day(18)),
    MilestoneReviewed(at=day(16), milestone=TALK, attempt=1, verdict="failed"),
)
wrapping_up: tuple[JourneyEvent, ...] = (
    *all_but_one,
    AttendanceRecorded(at=day(18), session=S3, attendance="cancelled_late"),
    WrapUpStarted(at=day(18), reason="all_settled", due_at=day(25)),
)
