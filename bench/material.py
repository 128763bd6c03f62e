"""A large log: the daily activity of Open University learners, if the data is there, and journeys of usual length."""

import csv
import gzip
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, cycle, islice
from pathlib import Path
from uuid import UUID

import asyncpg

from domain.activity import LearnerWasActive
from domain.ids import CaseId, KitDigest, LearnerId, MentorId, MilestoneId, PathwayId, SessionId
from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.kit import Escalation, Kit, Milestone, Nudge, OpenCase, Pathway, Promise, Session
from domain.kit.escalation import NoActivity, Overdue
from store import kits
from store.database import Pool
from store.sequencer import drain

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)
DATA = Path(os.environ.get("TRELLIS_DATA", Path(__file__).parents[2] / "shared" / "data"))
_WEEKS = 6

KIT = Kit(
    program="bench",
    version="1",
    title="Bench",
    promise=Promise(
        outcome="a job", audience="anybody", duration=56 * DAY, cadence="weekly", support="a mentor", measures=("jobs",)
    ),
    pathways=(
        Pathway(
            id="main",
            title="Main",
            mentor_type="any",
            sessions=tuple(
                Session(id=f"s{n}", title=f"Week {n}", purpose="to meet", after=7 * n * DAY) for n in range(_WEEKS)
            ),
            milestones=tuple(Milestone(id=f"t{n}", title=f"Task {n}", due=7 * (n + 1) * DAY) for n in range(4)),
            ends=56 * DAY,
        ),
    ),
    escalations=(
        Escalation(id="quiet", title="Quiet", when=NoActivity(no_activity_for=7 * DAY), then=Nudge(nudge="learner")),
        Escalation(id="late", title="Late", when=Overdue(overdue="milestone_review"), then=OpenCase(open_case="ops")),
    ),
)


def journey_events(number: int) -> list[JourneyEvent]:
    """A typical journey: 24 events, fewer if it is still open."""
    at = AT + timedelta(minutes=number % 50_000)
    start = at + 3 * DAY
    learner, mentor, pathway = LearnerId(f"l-{number}"), MentorId(f"m-{number % 997}"), PathwayId("main")
    sessions = [SessionId(f"s{n}") for n in range(_WEEKS)]
    milestones = [MilestoneId(f"t{n}") for n in range(4)]
    events: list[JourneyEvent] = [
        e.JourneyStarted(
            at=at, program=KIT.program_id, learner=learner, kit=KitDigest(KIT.digest), intake_due_at=at + 14 * DAY
        ),
        e.IntakeSubmitted(at=at + DAY, answers={"goal": "a job", "hours": 5}, review_due_at=at + 3 * DAY),
        e.IntakeApproved(at=at + 2 * DAY, pathway=pathway, match_due_at=at + 7 * DAY),
        e.MentorMatched(at=start, mentor=mentor, reason="the same field"),
        e.PathwayStarted(
            at=start,
            starts_at=start,
            ends_at=start + 56 * DAY,
            sessions=tuple(
                e.PlannedSession(
                    session=one, starts_at=start + 7 * n * DAY, attendance_due_at=start + (7 * n + 1) * DAY
                )
                for n, one in enumerate(sessions)
            ),
            milestones=tuple(
                e.PlannedMilestone(milestone=one, due_at=start + 7 * (n + 1) * DAY) for n, one in enumerate(milestones)
            ),
        ),
    ]
    for n, session in enumerate(sessions):
        events.append(e.AttendanceRecorded(at=start + (7 * n + 0.5) * DAY, session=session, attendance="attended"))
        if n < len(milestones):
            due, which = start + (7 * n + 6) * DAY, milestones[n]
            events.append(e.MilestoneSubmitted(at=due, milestone=which, attempt=1, review_due_at=due + 3 * DAY))
            events.append(e.MilestoneReviewed(at=due + DAY, milestone=which, attempt=1, verdict="passed", score=70 + n))
    late = start + 45 * DAY
    events += [
        e.CaseOpened(
            at=late, case=CaseId("c1"), rule="late", about="review:t3#1", severity="warning", owner="ops",
            respond_by=late + 2 * DAY,
        ),
        e.CaseResolved(at=late + DAY, case=CaseId("c1"), resolution="done"),
        e.WrapUpStarted(at=start + 56 * DAY, reason="pathway_ended", due_at=start + 63 * DAY),
        e.JourneyClosed(at=start + 58 * DAY, ending="completed", reason="the end of the program"),
    ]  # fmt: skip
    return events[: len(events) - number % 12]


def activity() -> Iterator[tuple[str, datetime, int, int]]:
    """Who was active when, with clicks and pages: the real data, repeated; without it, similar invented data."""
    file = DATA / "oulad" / "activity.csv.gz"
    if not file.exists():
        yield from ((f"l-{n % 5000}", AT + (n // 5000) * DAY, n % 50, n % 7) for n in count())
    for turn in count():
        with gzip.open(file, "rt") as rows:
            for module, presentation, student, day, clicks, pages in islice(csv.reader(rows), 1, None):
                who = f"{module}-{presentation}-{student}-{turn}"
                yield who, AT + int(day) * DAY, int(clicks), int(pages)


Row = tuple[str, int, UUID, str, int, str, str, datetime]
_COLUMNS = ("stream", "version", "event_id", "type", "schema_version", "data", "meta", "occurred_at")


def rows(events: int) -> Iterator[Row]:
    """Half activity, half journeys, a thousand of which are interleaved."""
    journeys, facts = _journey_rows(), _activity_rows()
    for source in islice(cycle((journeys, facts)), events):
        yield next(source)


def _activity_rows() -> Iterator[Row]:
    versions: dict[str, int] = {}
    for number, (who, at, clicks, pages) in enumerate(activity()):
        stream = f"activity-bench.{who}"
        versions[stream] = versions.get(stream, 0) + 1
        data = f'{{"clicks": {clicks}, "pages": {pages}}}'
        yield stream, versions[stream], UUID(int=number), LearnerWasActive.type, 1, data, "{}", at


def _journey_rows(side_by_side: int = 1000) -> Iterator[Row]:
    """Written from one template: pydantic takes longer to serialize a million events than Postgres to store them."""
    templates = [
        [(one.type, one.model_dump_json(exclude={"at"}), one.at) for one in journey_events(n)] for n in range(12)
    ]
    for first in count(step=side_by_side):
        for version in range(max(map(len, templates))):
            for number in range(first, first + side_by_side):
                events = templates[number % 12]
                if version < len(events):
                    kind, data, at = events[version]
                    data = data.replace(f'"l-{number % 12}"', f'"l-{number}"').replace(
                        f'"m-{number % 12}"', f'"m-{number % 997}"'
                    )
                    stream = f"journey-bench.l-{number}"
                    yield stream, version + 1, UUID(int=number), kind, 1, data, '{"actor": "bench"}', at


async def fill(dsn: str, pool: Pool, events: int) -> int:
    """Fills an empty log by COPY and sequences it. Returns the head position."""
    await kits.publish(pool, KIT.model_dump_json(), digest=KIT.digest, program=KIT.program, version=KIT.version, at=AT)
    source = rows(events)
    connection = await asyncpg.connect(dsn)
    await connection.execute("set synchronous_commit = off")
    while chunk := list(islice(source, 50_000)):
        await connection.copy_records_to_table("events", schema_name="trellis", columns=_COLUMNS, records=chunk)
    await connection.execute(
        "insert into trellis.streams select stream, split_part(stream, '-', 1), max(version) "
        "from trellis.events group by stream"
    )
    await connection.execute("vacuum analyze trellis.events")
    await connection.close()
    head = await drain(dsn)
    await pool.execute("vacuum analyze trellis.log")
    return head
