"""Journeys told in full, through the domain's own decider, as material for the views."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.ids import JourneyId, KitDigest, LearnerId, MentorId, journey_stream
from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.kit import (
    Escalation,
    Kit,
    Milestone,
    Nudge,
    OpenCase,
    Pathway,
    Promise,
    Session,
)
from domain.kit.escalation import NoActivity, Overdue
from store import kits
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)

KIT = Kit(
    program="ready",
    version="1",
    title="Job-ready",
    promise=Promise(
        outcome="a job", audience="anybody", duration=56 * DAY, cadence="weekly", support="a mentor", measures=("jobs",)
    ),
    pathways=(
        Pathway(
            id="main",
            title="Main",
            mentor_type="any",
            sessions=(Session(id="s1", title="First meeting", purpose="to meet", after=2 * DAY),),
            milestones=(Milestone(id="cv", title="CV", due=10 * DAY), Milestone(id="mock", title="Mock", due=20 * DAY)),
            ends=56 * DAY,
        ),
    ),
    escalations=(
        Escalation(
            id="quiet", title="Gone quiet", when=NoActivity(no_activity_for=7 * DAY), then=Nudge(nudge="learner")
        ),
        Escalation(
            id="late", title="Late review", when=Overdue(overdue="milestone_review"), then=OpenCase(open_case="ops")
        ),
    ),
)


SEGMENTED = Kit.model_validate(
    KIT.model_dump(mode="json")
    | {
        "version": "segmented",
        "intake": {
            "questions": [
                {"id": "goal", "ask": "What for?", "kind": "choice", "options": ["a job", "a raise"]},
                {"id": "hours", "ask": "How many hours a week?", "kind": "number"},
                {"id": "note", "ask": "Anything else?", "required": False},
            ]
        },
        "segments": [
            {"id": one, "title": one, "need": "work", "urgency": "soon", "level": "any", "when": {"goal": [goal]}}
            for one, goal in (("job-seekers", "a job"), ("risers", "a raise"))
        ],
    }
)
"""The same program, with a form and two kinds of learners."""


async def publish(pool: Pool, kit: Kit = KIT, at: datetime = AT) -> None:
    await kits.publish(pool, kit.model_dump_json(), digest=kit.digest, program=kit.program, version=kit.version, at=at)


def story(number: int, length: int | None = None) -> list[JourneyEvent]:
    """What happened on one journey; numbers differ in mentor, times and how far it went."""
    at = AT + timedelta(hours=number)
    start = at + 3 * DAY
    told: list[JourneyEvent] = [
        e.JourneyStarted(
            at=at,
            program=KIT.program_id,
            learner=LearnerId(f"l-{number}"),
            kit=KitDigest(KIT.digest),
            intake_due_at=at + 14 * DAY,
        ),
        e.IntakeSubmitted(at=at + DAY, answers={"goal": "a job"}, review_due_at=at + 3 * DAY),
        e.IntakeApproved(at=at + 2 * DAY, pathway=KIT.pathways[0].id, match_due_at=at + 7 * DAY),
        e.MentorMatched(at=start, mentor=MentorId(f"m-{number % 3}"), reason="they fit"),
        e.PathwayStarted(
            at=start,
            starts_at=start,
            ends_at=start + 56 * DAY,
            sessions=(e.PlannedSession(session="s1", starts_at=start + 2 * DAY, attendance_due_at=start + 3 * DAY),),
            milestones=(
                e.PlannedMilestone(milestone="cv", due_at=start + 10 * DAY),
                e.PlannedMilestone(milestone="mock", due_at=start + 20 * DAY),
            ),
        ),
        e.AttendanceRecorded(at=start + 2 * DAY, session="s1", attendance="attended"),
        e.MilestoneSubmitted(at=start + 9 * DAY, milestone="cv", attempt=1, review_due_at=start + 12 * DAY),
        e.CaseOpened(
            at=start + 12 * DAY,
            case="c1",
            rule="late",
            about="review:cv#1",
            severity="warning",
            owner="ops",
            respond_by=start + 14 * DAY,
        ),
        e.MilestoneReviewed(at=start + 13 * DAY, milestone="cv", attempt=1, verdict="passed", score=80),
        e.CaseResolved(at=start + 13 * DAY, case="c1", resolution="done"),
        e.JourneyPaused(at=start + 14 * DAY, reason="ill", until=start + 30 * DAY),
        e.JourneyResumed(at=start + 16 * DAY, paused_for=2 * DAY),
        e.MilestoneDeadlineMissed(at=start + 22 * DAY, milestone="mock", attempt=1),
        e.WrapUpStarted(at=start + 58 * DAY, reason="pathway_ended", due_at=start + 65 * DAY),
        e.JourneyClosed(at=start + 60 * DAY, ending="completed", reason="all done"),
    ]
    return told[: length or len(told)]


def answering(number: int, goal: str, length: int) -> list[JourneyEvent]:
    """The story by the kit with a form and segments, and with this answer."""
    begun, sent, *rest = story(number)
    by_the_kit = begun.model_copy(update={"kit": SEGMENTED.digest})
    return [by_the_kit, sent.model_copy(update={"answers": {"goal": goal, "hours": 3}}), *rest][:length]


def journey(number: int) -> JourneyId:
    return JourneyId(f"ready.l-{number}")


async def tell(log: EventLog, number: int, events: Sequence[JourneyEvent], after: int = 0) -> None:
    """Appends the events of a journey from version `after` on, one append each."""
    for version, event in enumerate(events[after:], start=after):
        append_id = f"{journey(number)}:{version}"
        await log.append(journey_stream(journey(number)), version, append_id, encode([event], append_id))
