"""A large log: the daily activity of Open University learners, if the data is there, and journeys of usual length."""

import csv
import gzip
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count, cycle, islice
from pathlib import Path
from uuid import UUID

import asyncpg

from domain.activity import LearnerWasActive
from domain.ids import KitDigest, LearnerId, MentorId
from domain.journey import (
    COMMANDS,
    CheckActivity,
    JourneyCommand,
    JourneyEvent,
    JourneyState,
    StartJourney,
    Wait,
    decide,
    fold,
    next_action,
)
from domain.journey.events import JourneyStarted, MentorMatched
from domain.kit import Escalation, Intake, Kit, Milestone, Nudge, OpenCase, Pathway, Promise, Question, Session
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
    intake=Intake(
        questions=(
            Question(id="goal", ask="What for?", kind="text"),
            Question(id="hours", ask="How many hours a week?", kind="number"),
        )
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
    """A typical journey: 28 events, fewer if it is still open."""
    learner, mentor = LearnerId(f"l-{number}"), MentorId(f"m-{number % 997}")
    return [_of(event, learner, mentor) for event in _decided(number % 12)]


def _of(event: JourneyEvent, learner: LearnerId, mentor: MentorId) -> JourneyEvent:
    match event:
        case JourneyStarted():
            return event.model_copy(update={"learner": learner})
        case MentorMatched():
            return event.model_copy(update={"mentor": mentor})
        case _:
            return event


@cache
def _decided(number: int) -> tuple[JourneyEvent, ...]:
    """Decided once: the benchmarks that write journeys measure what comes after."""
    events: list[JourneyEvent] = []
    for at, command in _course(AT + timedelta(minutes=number)):
        state = fold(events)
        while due := _due(state, at):
            events += decide(KIT, state, due[0], due[1])
            state = fold(events)
        events += decide(KIT, state, command, at)
    return tuple(events[: len(events) - number])


def _course(at: datetime) -> Iterator[tuple[datetime, JourneyCommand]]:
    """What people ask for. The last review comes so late that a case is opened by then."""
    start = at + 3 * DAY

    def asked(after: timedelta, name: str, **payload: object) -> tuple[datetime, JourneyCommand]:
        return start + after, COMMANDS[name].model_validate(payload)

    yield at, StartJourney(program=KIT.program_id, learner=LearnerId("l"), kit=KitDigest(KIT.digest))
    yield asked(-2 * DAY, "submit_intake", answers={"goal": "a job", "hours": 5})
    yield asked(-1 * DAY, "review_intake", verdict="approve")
    yield asked(0 * DAY, "approve_match", mentor="m", reason="the same field")
    for n in range(_WEEKS):
        week = 7 * n * DAY
        yield asked(week + DAY / 2, "record_attendance", session=f"s{n}", attendance="attended")
        if n < 4:
            late = 3 * DAY if n == 3 else timedelta()
            yield asked(week + 6 * DAY, "submit_milestone", milestone=f"t{n}")
            yield asked(week + 6.9 * DAY + late, "review_milestone", milestone=f"t{n}", verdict="passed", score=70 + n)
        if n == 4:
            yield asked(week + 5 * DAY, "resolve_case", case="case-1", resolution="done")
    yield asked(40 * DAY, "complete_wrap_up")


def _due(state: JourneyState | None, at: datetime) -> tuple[JourneyCommand, datetime] | None:
    """What fires first before this moment; nobody looks whether the learner was active elsewhere."""
    action = next_action(KIT, state) if state else None
    for timer in action.timers if isinstance(action, Wait) else ():
        if timer.at <= at and not isinstance(timer.then, CheckActivity):
            return timer.then, timer.at
    return None


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
