"""The feed of events: their form for others, what is left out of it, and pages."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest

from domain.activity import LearnerWasActive
from domain.bulk.events import BulkBegun, BulkPlanned
from domain.cohort.events import CohortClosed, CohortFormed
from domain.finding import FindingConfirmed, findings_stream
from domain.ids import (
    BulkId,
    CohortId,
    FindingId,
    JourneyId,
    KitDigest,
    LearnerId,
    NotificationId,
    PathwayId,
    ProgramId,
    SessionId,
    StreamId,
    activity_stream,
    bulk_stream,
    cohort_stream,
    journey_id,
    journey_stream,
    notification_stream,
)
from domain.journey import events as e
from domain.mentor.belonging import JoinedProgram
from domain.mentor.bookings import BookingReleased
from domain.mentor.checks import CheckRecorded
from domain.notification.events import NotificationRequested, NotificationSent
from domain.personal import personal_fields
from domain.program import LearnersEnrolled, program_stream
from domain.refusal import Rejected
from domain.round.events import RoundCompleted
from domain.survey import About, request_id, respondent_id, respondent_stream
from domain.survey.events import SurveyExpired, SurveyRequested
from domain.values import Event
from queries.event_feed import EVERYTHING, EventFeed, FeedEvent, Wanted
from queries.event_types import EVENTS, event_types, types_named
from store import retention, sequencer
from store.codec import encode
from store.database import Pool, query
from store.event_log import EventLog, RecordedEvent
from tests.golden.stored_events import FILES, stored

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ONE, TWO = ProgramId("one"), ProgramId("two")


def told(event: FeedEvent, *, personal: bool = True) -> dict[str, Any]:
    line = event.encoded(personal=personal)
    assert b"\n" not in line
    return cast("dict[str, Any]", json.loads(line))


def test_the_form() -> None:
    meta = {
        "by": "mentor:m-3",
        "command": "write_notes",
        "order": "u:1",
        "origin": {"actor": "key:k-1", "channel": "http", "correlation": "r-1"},
    }
    recorded = RecordedEvent(
        StreamId("journey-one.l-1"), 7, 12, UUID(int=5), "journey.case_resolved", 1,
        '{"case": "c-1", "resolution": "She is well."}', json.dumps(meta), AT, AT,
    )  # fmt: skip
    event = FeedEvent(recorded, ONE, JourneyId("one.l-1"))
    attributes = {
        "specversion": "1.0",
        "id": "00000000-0000-0000-0000-000000000005",
        "source": "trellis",
        "type": "journey.case_resolved",
        "subject": "journey-one.l-1",
        "time": "2026-03-02T09:00:00Z",
        "recordedtime": "2026-03-02T09:00:00Z",
        "position": 12,
        "version": 7,
        "program": "one",
        "journey": "one.l-1",
        "by": "mentor:m-3",
        "command": "write_notes",
        "origin": "key:k-1",
        "channel": "http",
        "correlation": "r-1",
        "schemaversion": 1,
        "datacontenttype": "application/json",
    }
    assert told(event) == {**attributes, "data": {"case": "c-1", "resolution": "She is well."}}
    assert told(event, personal=False) == {**attributes, "data": {"case": "c-1"}}


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_every_version_of_every_event_has_both_forms(file: Path) -> None:
    recorded = stored(file)
    kind = EVENTS[recorded.type]
    event = FeedEvent(recorded, None, None)
    whole, impersonal = told(event), told(event, personal=False)
    assert whole["schemaversion"] == impersonal["schemaversion"] == kind.schema_version
    kind.model_validate({**whole["data"], "at": whole["time"]})
    assert set(_paths(impersonal["data"], kind)).isdisjoint(personal_fields(kind))
    for path in personal_fields(kind):
        name = path.rpartition(".")[2]
        if name not in {other.rpartition(".")[2] for other in _paths(impersonal["data"], kind)}:
            assert f'"a-{name}"' not in json.dumps(impersonal)


def _paths(value: Any, kind: type[Event]) -> list[str]:
    """Keys that are ids, of mappings, are left out of the paths."""
    if isinstance(value, list):
        return [path for one in value for path in _paths(one, kind)]
    if not isinstance(value, dict):
        return []
    below = [(name, path) for name, one in value.items() for path in ("", *_paths(one, kind))]
    return [".".join(filter(None, (name if name != "goal" else "", path))) for name, path in below]


@pytest.mark.parametrize(("item", "shown"), [("qa-1-1", False), (None, True)])
def test_whoever_may_review_does_not_read_what_the_first_of_two_said(item: str | None, shown: bool) -> None:
    (file,) = [one for one in FILES if one.stem.startswith("quality.session_scored")]
    recorded = stored(file)
    recorded = recorded._replace(body=json.dumps(recorded.data | {"item": item}))
    data = told(FeedEvent(recorded, None, None))["data"]
    assert ({"questions", "dimensions", "notes"} <= set(data)) is shown
    assert data["session"] == recorded.data["session"]


def test_of_what_a_newer_release_recorded_only_those_with_all_rights_see_the_data() -> None:
    kind = "journey.case_resolved"
    newer = RecordedEvent(
        StreamId("journey-one.l-1"), 1, 1, UUID(int=1), kind, 99, '{"words": "She is well."}', "{}", AT, AT
    )
    for recorded in (newer, newer._replace(type="journey.of_the_future", schema_version=1)):
        event = FeedEvent(recorded, ONE, None)
        assert told(event)["data"] == {"words": "She is well."}
        assert "data" not in told(event, personal=False)
        assert told(event, personal=False)["schemaversion"] == recorded.schema_version


def test_a_sender_who_is_no_actor_is_not_repeated() -> None:
    meta = '{"by": "ada@example.org"}'
    recorded = RecordedEvent(StreamId("journey-a"), 1, 1, UUID(int=1), "journey.resumed", 1, "{}", meta, AT, AT)
    assert "by" not in told(FeedEvent(recorded, None, None))


def test_every_type_is_described() -> None:
    assert {one.type for one in event_types()} == EVENTS.keys()
    assert all(one.says for one in event_types() if one.type not in _PLAIN)


_PLAIN = {"round.pair_unpinned"}


def test_types_by_name_and_by_category() -> None:
    assert types_named(["journey.closed"]) == {"journey.closed"}
    assert types_named(["message.*", "journey.closed"]) == {"journey.closed", *(
        kind for kind in EVENTS if kind.startswith("message.")
    )}  # fmt: skip


@pytest.mark.parametrize("name", ["journey.clsoed", "nothing.*", "journey*", "*", ""])
def test_a_type_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(Rejected) as refused:
        types_named([name])
    assert refused.value.code == "unknown_event_type"
    assert "journey.*" in refused.value.data["types"]  # type: ignore[operator]


async def record(pool: Pool, stream: StreamId, *events: Event) -> None:
    log = EventLog(pool)
    version = await log.version(stream)
    await log.append(stream, version, f"{stream}:{version}", encode(events, f"{stream}:{version}"))


async def begin(pool: Pool, program: ProgramId, learner: str) -> JourneyId:
    journey = journey_id(program, LearnerId(learner))
    started = e.JourneyStarted(at=AT, program=program, learner=LearnerId(learner), kit=KitDigest("k"), intake_due_at=AT)
    await record(pool, journey_stream(journey), started)
    return journey


async def a_bit_of_everything(pool: Pool) -> None:
    """Positions 1 to 12."""
    one, two = await begin(pool, ONE, "l-1"), await begin(pool, TWO, "l-2")
    message = notification_stream(NotificationId("m"))
    wanted = NotificationRequested(
        at=AT, journey=one, program=ONE, version=1, when="matched", to="learner", recipient="l-1"
    )
    formed = CohortFormed(
        at=AT, program=TWO, kit=KitDigest("k"), pathway=PathwayId("p"), number=1, mentors=(), least=2, most=5
    )
    mentor = StreamId("mentor-m-1")
    holder, session = journey_stream(two), SessionId("s-1")
    await record(pool, activity_stream(one), LearnerWasActive(at=AT, clicks=1, pages=1))
    await record(pool, message, wanted, NotificationSent(at=AT))
    await record(pool, cohort_stream(CohortId("two-c1")), formed, CohortClosed(at=AT))
    await record(pool, program_stream(ONE), LearnersEnrolled(at=AT, learners=(LearnerId("l-1"),)))
    await record(pool, mentor, CheckRecorded(at=AT, check="background", valid_until=None))
    await record(pool, mentor, JoinedProgram(at=AT, program=ONE))
    await record(pool, mentor, BookingReleased(at=AT, holder=holder, session=session, as_of=1, reason="closed"))
    await record(pool, StreamId("round-two-3"), RoundCompleted(at=AT))


async def test_every_event_has_its_program_and_its_journey(pool: Pool, dsn: str) -> None:
    await a_bit_of_everything(pool)
    await sequencer.drain(dsn)
    page = await EventFeed(pool).page(0, EVERYTHING, 100)
    assert [(one.type, one.program, one.journey) for one in page.events] == [
        ("journey.started", "one", "one.l-1"),
        ("journey.started", "two", "two.l-2"),
        ("activity.learner_was_active", "one", "one.l-1"),
        ("message.wanted", "one", "one.l-1"),
        ("message.sent", "one", "one.l-1"),
        ("cohort.formed", "two", None),
        ("cohort.closed", "two", None),
        ("program.learners_enrolled", "one", None),
        ("mentor.check_recorded", None, None),
        ("mentor.joined_program", "one", None),
        ("mentor.booking_released", "two", None),
        ("round.completed", "two", None),
    ]
    assert (page.next, page.end) == (12, True)


WANTED = [
    Wanted(),
    Wanted(types=frozenset({"journey.started"})),
    Wanted(programs=frozenset({ONE})),
    Wanted(programs=frozenset({TWO}), types=types_named(["cohort.*", "mentor.*"])),
    Wanted(journey=JourneyId("one.l-1")),
    Wanted(journey=JourneyId("one.l-1"), types=types_named(["message.*"])),
    Wanted(journey=JourneyId("one.l-1"), programs=frozenset({TWO})),
    Wanted(journey=JourneyId("one.nobody")),
    Wanted(programs=frozenset()),
]


@pytest.mark.parametrize("limit", [1, 2, 100])
async def test_pages_hold_every_event_that_is_wanted_once(pool: Pool, dsn: str, limit: int) -> None:
    await a_bit_of_everything(pool)
    await sequencer.drain(dsn)
    feed = EventFeed(pool)
    everything = (await feed.page(0, EVERYTHING, 100)).events
    for wanted in WANTED:
        after, found, end = 0, list[int](), False
        while not end:
            page = await feed.page(after, wanted, limit)
            assert len(page.events) <= limit
            assert page.next > after or page.end
            found += [one.position for one in page.events]
            after, end = page.next, page.end
        assert found == [one.position for one in everything if wanted.takes(one)], wanted
        assert after == 12


async def test_the_program_of_a_journey_that_begins_after_its_first_event_is_known_then(pool: Pool, dsn: str) -> None:
    """Activity may be reported before the journey begins."""
    feed, journey = EventFeed(pool), journey_id(ONE, LearnerId("l-9"))
    await record(pool, activity_stream(journey), LearnerWasActive(at=AT, clicks=1, pages=1))
    await sequencer.drain(dsn)
    assert [one.program for one in (await feed.page(0, EVERYTHING, 10)).events] == [None]
    await begin(pool, ONE, "l-9")
    await record(pool, activity_stream(journey), LearnerWasActive(at=AT, clicks=2, pages=1))
    await sequencer.drain(dsn)
    assert {one.program for one in (await feed.page(1, EVERYTHING, 10)).events} == {"one"}


async def test_events_that_were_moved_to_a_file_are_not_left_out_unawares(pool: Pool, dsn: str, tmp_path: Path) -> None:
    await pool.execute("update trellis.layout set partition_events = 4, partitions_ahead = 20")
    for row in await pool.fetch("delete from trellis.partitions returning name"):
        await pool.execute(f"drop table trellis.{row['name']}")
    await pool.execute(query("partitions_create"))
    await a_bit_of_everything(pool)
    await sequencer.drain(dsn)
    feed, one = EventFeed(pool), Wanted(journey=JourneyId("one.l-1"))
    second = (await retention.partitions(pool))[1]
    await pool.execute("update trellis.partitions set detached_to = 'a-file' where name = $1", second.name)
    await pool.execute(f"alter table trellis.events detach partition trellis.{second.name}")

    page = await feed.page(0, EVERYTHING, 100)
    assert ([event.position for event in page.events], page.next, page.end) == ([1, 2, 3, 4], 4, False)
    for after, wanted in ((4, EVERYTHING), (4, Wanted(types=frozenset({"journey.started"}))), (0, one)):
        with pytest.raises(Rejected) as refused:
            await feed.page(after, wanted, 100)
        assert refused.value.code == "position_archived"
        assert "trellis log" in str(refused.value)
    assert [event.position for event in (await feed.page(8, EVERYTHING, 100)).events] == [9, 10, 11, 12]
    assert [event.position for event in (await feed.page(0, Wanted(journey=JourneyId("two.l-2")), 9)).events] == [2]


async def test_what_is_recorded_beside_a_journey_has_its_program_and_its_journey(pool: Pool, dsn: str) -> None:
    one, two = await begin(pool, ONE, "l-1"), await begin(pool, TWO, "l-2")
    respondent = respondent_id("mentor", "m-1")
    for journey in (one, two):
        request = request_id("after", journey, "s-1", 1)
        about = About(
            program=ONE if journey == one else TWO,
            kit=KitDigest("k"),
            kit_version="1",
            journey=journey,
            stage="sessions",
        )
        asked = SurveyRequested(
            at=AT, request=request, survey="after", respondent=respondent, about=about, expires_at=AT
        )
        await record(pool, respondent_stream(respondent), asked, SurveyExpired(at=AT, request=request))
        finding = FindingConfirmed(at=AT, finding=FindingId("f"), by="ops:eva")
        await record(pool, findings_stream(journey), finding)
    for bulk, programs in (("b-1", (ONE,)), ("b-2", (ONE, TWO))):
        planned = BulkPlanned(
            at=AT, kind="command", command="pause", programs=programs, journeys=1, digest="d", rate=1, by="ops:eva"
        )
        await record(pool, bulk_stream(BulkId(bulk)), planned, BulkBegun(at=AT))
    await sequencer.drain(dsn)
    page = await EventFeed(pool).page(2, EVERYTHING, 100)
    assert [(one.type, one.program, one.journey) for one in page.events] == [
        ("survey.requested", "one", one),
        ("survey.expired", "one", one),
        ("quality.finding_confirmed", "one", one),
        ("survey.requested", "two", two),
        ("survey.expired", "two", two),
        ("quality.finding_confirmed", "two", two),
        ("bulk.planned", "one", None),
        ("bulk.begun", "one", None),
        ("bulk.planned", None, None),
        ("bulk.begun", None, None),
    ]
    of_one = await EventFeed(pool).page(0, Wanted(journey=one), 100)
    assert [event.type for event in of_one.events] == [
        *("journey.started", "survey.requested", "survey.expired", "quality.finding_confirmed"),
    ]
