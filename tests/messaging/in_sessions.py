"""A journey in its sessions, as the log has it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.ids import JourneyId, KitDigest, LearnerId, MentorId, MilestoneId, PathwayId, ProgramId, SessionId
from domain.journey import events as e
from domain.kit import Kit
from kits.loading import publish
from store import people
from store.database import Pool
from store.people import Person
from tests.messaging.told import LEA, record

ANA, BEN = Person("ana", "mentor", "Ana Ruiz", "ana@example.org"), Person("ben", "mentor", "Ben", "ben@example.org")
JOURNEY = JourneyId("first-steps.lea")
NOW = datetime.now(UTC).replace(microsecond=0)
S1, CV = SessionId("s1"), MilestoneId("cv")


def at(days: float) -> datetime:
    return NOW + timedelta(days=days)


def moved(days: float, ago: timedelta = timedelta(0)) -> e.SessionRescheduled:
    return e.SessionRescheduled(at=NOW - ago, session=S1, starts_at=at(days), attendance_due_at=at(days + 1))


async def under_way(pool: Pool, kit: Kit, *more: e.JourneyEvent) -> int:
    """A journey in its sessions to which this happens, and how many events it has."""
    await publish(pool, kit)
    await people.upsert_many(pool, [LEA, ANA, BEN])
    digest = KitDigest(kit.digest)
    before = at(-2)
    events: Sequence[e.JourneyEvent] = [
        e.JourneyStarted(
            at=before, program=ProgramId("first-steps"), learner=LearnerId("lea"), kit=digest, intake_due_at=at(9)
        ),
        e.IntakeSubmitted(at=before, answers={"goal": "job"}, review_due_at=at(1)),
        e.IntakeApproved(at=before, pathway=PathwayId("fast"), match_due_at=at(1)),
        e.MentorMatched(at=before, mentor=MentorId("ana")),
        e.PathwayStarted(
            at=before,
            starts_at=before,
            ends_at=at(28),
            sessions=(e.PlannedSession(session=S1, starts_at=at(3), attendance_due_at=at(4)),),
            milestones=(e.PlannedMilestone(milestone=CV, due_at=at(7)),),
        ),
        *more,
    ]
    await record(pool, JOURNEY, 0, events)
    return len(events)
