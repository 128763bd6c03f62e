"""Calendar feeds, read back by a parser as calendars do."""

from datetime import UTC, date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from icalendar import Calendar, Event, vText

from domain.ids import MentorId
from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.kit import Kit
from projections.registry import PROJECTIONS
from projections.runner import catch_up
from queries import calendars
from queries.calendars import entries, render
from queries.mentors import NoSuchMentor
from runtime.exits import Exit
from store import people, sequencer
from store.database import Connection, Pool
from store.people import Person
from tests.commands import Trellis
from tests.domain.stories import ANA, BEN, CV, KIT, S1, S2, S3, TALK, day, in_sessions, kit_with, matching
from tests.projections.boards import FILL
from tests.queries import told
from tests.queries.told import story_of

moved = e.SessionRescheduled(at=day(4), session=S1, starts_at=day(8, 3), attendance_due_at=day(9, 4))


def feed(*events: JourneyEvent, kit: Kit = KIT, zone: str = "UTC", name: str | None = None) -> dict[str, Event]:
    """The entries by what their UID says of them, as a calendar reads them."""
    written = render("all", kit.title, entries(story_of(kit, events, day(40)), ZoneInfo(zone), name))
    return by_uid(written)


def by_uid(written: bytes) -> dict[str, Event]:
    calendar = Calendar.from_ical(written)
    assert calendar["refresh-interval"].params == {"VALUE": "DURATION"}
    assert (calendar["version"], calendar.errors) == ("2.0", [])
    assert [one.errors for one in calendar.events] == [[] for _ in calendar.events]
    return {str(one.uid).partition("/")[2].removesuffix("@trellis"): one for one in calendar.events}


def standing(*events: JourneyEvent) -> dict[str, str]:
    return {key: str(one.status) for key, one in feed(*events).items()}


def test_a_session_has_its_time_in_utc_its_title_and_its_purpose() -> None:
    one = feed(*in_sessions)["session/s1"]
    assert (one.start, one.end) == (day(6), day(6) + timedelta(hours=1))
    assert one["dtstart"].to_ical() == b"20260308T120000Z"
    assert (one.summary, one.description, one.status) == ("Goals (First steps)", "set the goal", "CONFIRMED")
    assert (one.uid, one.sequence, one.last_modified, one.stamp) == (
        f"{KIT.program}.lea/session/s1@trellis",
        0,
        day(3),
        day(3),
    )


def test_a_milestone_is_a_whole_day_on_the_learners_calendar() -> None:
    one = feed(*in_sessions)["milestone/cv"]
    assert (one.start, one.end, one.get("transp")) == (date(2026, 3, 12), date(2026, 3, 13), "TRANSPARENT")
    assert (one.summary, one.description) == ("CV due (First steps)", "Due 12 Mar 2026 12:00 UTC")
    east = feed(*in_sessions, zone="Pacific/Kiritimati")["milestone/cv"]
    assert east.start == date(2026, 3, 13), "where it is noon in UTC, there the next day has come"


def test_a_session_that_moves_keeps_its_uid_and_counts_up() -> None:
    before, after = feed(*in_sessions), feed(*in_sessions, moved)
    assert before.keys() == after.keys()
    one, untouched = after["session/s1"], after["session/s2"]
    assert (one.start, one.sequence, one.last_modified) == (day(8, 3), 1, day(4))
    assert (untouched.sequence, untouched.last_modified) == (0, day(3))
    said = e.CheckedIn(at=day(5))
    assert feed(*in_sessions, moved, said) == after, "what is on no calendar changes none"


def test_a_pause_makes_what_lies_ahead_tentative_and_resuming_moves_it() -> None:
    pause = e.JourneyPaused(at=day(7), reason="ill", until=day(20))
    assert standing(*in_sessions, pause) == {
        "session/s1": "CONFIRMED",
        "session/s2": "TENTATIVE",
        "session/s3": "TENTATIVE",
        "milestone/cv": "TENTATIVE",
        "milestone/talk": "TENTATIVE",
    }
    resumed = feed(*in_sessions, pause, e.JourneyResumed(at=day(9), paused_for=timedelta(days=2)))
    s2 = resumed["session/s2"]
    assert (s2.start, s2.status, s2.sequence, s2.last_modified) == (day(13), "CONFIRMED", 2, day(9))


def test_a_session_without_a_mentor_is_tentative_and_another_mentor_counts() -> None:
    left = e.MentorReleased(at=day(7), mentor=ANA, reason="ill", match_due_at=day(12))
    gone = feed(*in_sessions, left)["session/s2"]
    assert (gone.status, gone.sequence) == ("TENTATIVE", 1)
    found = feed(*in_sessions, left, e.MentorMatched(at=day(8), mentor=BEN))["session/s2"]
    assert (found.status, found.sequence) == ("CONFIRMED", 2)


def test_what_is_called_off_or_lies_beyond_the_end_is_cancelled() -> None:
    held = e.AttendanceRecorded(at=day(6), session=S1, attendance="attended")
    off = e.AttendanceRecorded(at=day(7), session=S2, attendance="cancelled_in_time")
    waived = e.MilestoneWaived(at=day(7), milestone=CV, reason="has one")
    closed = e.JourneyClosed(at=day(8), ending="withdrawn", reason="moved")
    assert standing(*in_sessions, held, off, waived, closed) == {
        "session/s1": "CONFIRMED",
        "session/s2": "CANCELLED",
        "session/s3": "CANCELLED",
        "milestone/cv": "CANCELLED",
        "milestone/talk": "CANCELLED",
    }
    missed = e.AttendanceRecorded(at=day(6), session=S1, attendance="missed_by_learner")
    done = e.MilestoneReviewed(at=day(9), milestone=TALK, attempt=1, verdict="passed")
    there = standing(
        *in_sessions, missed, e.MilestoneSubmitted(at=day(8), milestone=TALK, attempt=1, review_due_at=day(11)), done
    )
    assert (there["session/s1"], there["milestone/talk"]) == ("CONFIRMED", "CONFIRMED"), "they were on that day"


def test_before_the_pathway_starts_a_feed_is_empty_and_still_a_calendar() -> None:
    assert feed(*matching) == {}


def test_a_session_that_the_kit_no_longer_has_stays_with_its_id() -> None:
    fast = KIT.pathways[0].model_dump()
    fewer = kit_with(pathways=[fast | {"sessions": fast["sessions"][1:], "milestones": []}])
    held = e.AttendanceRecorded(at=day(6), session=S1, attendance="attended")
    one = feed(*in_sessions, held, kit=fewer)["session/s1"]
    assert (one.summary, one.end) == ("s1 (First steps)", day(7) - timedelta(hours=23))


@pytest.mark.parametrize(
    "title",
    ["Über, unter; \\ und “so”", "面談" * 60, "one\ntwo", 'BEGIN:VEVENT\r\nSUMMARY:"x"', "x" * 200, "👩🏽‍💻" * 30],
)
def test_any_title_comes_back_as_it_was_in_lines_that_fit(title: str) -> None:
    fast: Any = KIT.pathways[0].model_dump()
    kit = kit_with(title=title, pathways=[fast | {"sessions": [one | {"title": title} for one in fast["sessions"]]}])
    written = render("all", kit.title, entries(story_of(kit, in_sessions, day(40)), ZoneInfo("UTC"), title))
    assert max(map(len, written.split(b"\r\n"))) <= 75, "octets, not characters"
    assert written.count(b"\n") == written.count(b"\r\n")
    read = by_uid(written)
    assert len(read) == 5
    assert Calendar.from_ical(written)["name"] == vText(title).to_ical().decode(), "this parser leaves it escaped"
    plain = title.replace("\r\n", "\n")
    assert read["session/s1"].summary == f"{plain} with {plain} ({plain})"


def test_nothing_in_a_feed_steers_what_shows_it() -> None:
    wild = "Ann\x1b[31m\x07\x9b\u202e\x00\u2028"
    kit = kit_with(title=wild)
    written = render("all", kit.title, entries(story_of(kit, in_sessions, day(40)), ZoneInfo("UTC"), wild)).decode()
    assert not set("\x1b\x07\x9b\u202e\x00\u2028") & set(written)
    assert "Ann [31m" in written


def test_a_feed_that_has_not_changed_is_the_same_to_the_byte() -> None:
    one, two = (
        render("all", "x", entries(story_of(KIT, (*in_sessions, moved), day(at)), ZoneInfo("UTC"))) for at in (40, 41)
    )
    assert one == two


async def test_the_feed_of_a_journey_names_nobody(pool: Pool) -> None:
    notes = e.AttendanceRecorded(at=day(6), session=S1, attendance="attended", notes="they cried")
    journey = await told.tell(pool, KIT, (*in_sessions, notes), "l-9")
    await people.upsert_many(
        pool, [Person("l-9", "learner", "Lea Brandt", "lea@example.org"), Person("ana", "mentor", "Ana Ruiz")]
    )
    written = (await calendars.of_journey(pool, journey)).decode()
    assert "Goals (First steps)" in written
    assert not [said for said in ("Lea", "Ana", "example.org", "cried") if said in written]


async def test_the_feed_of_a_mentor_reads_their_open_journeys_and_no_other(pool: Pool, dsn: str) -> None:
    """Beside ten thousand of others."""
    mine = [await told.tell(pool, KIT, in_sessions, learner) for learner in ("lea", "max")]
    await told.tell(pool, KIT, (*in_sessions, e.JourneyClosed(at=day(4), ending="withdrawn", reason="moved")), "gone")
    await told.tell(pool, KIT, (*in_sessions, e.MentorMatched(at=day(4), mentor=BEN)), "bens")
    secret = {"answers": {"goal": "x"}}
    await people.upsert_many(pool, [Person("lea", "learner", "Lea Brandt", "lea@example.org", "Asia/Tokyo", secret)])
    await sequencer.drain(dsn)
    await catch_up(dsn, [PROJECTIONS["board"], PROJECTIONS["cohorts"]])
    await pool.execute(FILL.format(schema="view_board_1"), 10_000)

    asked: list[asyncpg.connection.LoggedQuery] = []

    async def log_statements(connection: Connection) -> None:
        connection.add_query_logger(asked.append)

    async with asyncpg.create_pool(dsn, min_size=1, max_size=4, init=log_statements) as watched:
        written = await calendars.of_mentor(watched, ANA)
    given = [each for one in asked for arg in one.args for each in (arg if isinstance(arg, list) else [arg])]
    streams = {each for each in given if str(each).startswith("journey-")}
    assert streams == {f"journey-{journey}" for journey in mine}
    said = sorted(str(one.summary) for one in Calendar.from_ical(written).events if "session" in str(one.uid))
    assert said[:2] == ["Goals with Lea Brandt (First steps)", "Goals with max (First steps)"]
    assert b"example.org" not in written


async def test_a_mentor_without_learners_has_an_empty_feed_and_a_learner_has_none(pool: Pool, dsn: str) -> None:
    await people.upsert_many(pool, [Person("ana", "mentor", "Ana Ruiz"), Person("lea", "learner", "Lea Brandt")])
    await catch_up(dsn, [PROJECTIONS["board"], PROJECTIONS["cohorts"]])
    assert by_uid(await calendars.of_mentor(pool, ANA)) == {}
    with pytest.raises(NoSuchMentor):
        await calendars.of_mentor(pool, MentorId("lea"))


async def test_as_it_is_typed(trellis: Trellis, pool: Pool) -> None:
    journey = await told.tell(pool, KIT, in_sessions, "lea")
    mine, mentors = await trellis("calendar", journey), await trellis("calendar", "--mentor", "ana")
    assert by_uid(mine.out.encode())["session/s3"].start == day(18).astimezone(UTC)
    assert by_uid(mentors.out.encode())["session/s3"].summary == "Practice with lea (First steps)"
    for arguments in ((), (journey, "--mentor", "ana")):
        assert (await trellis("calendar", *arguments)).exit == Exit.BAD_INPUT
    nobody = await trellis("calendar", "--mentor", "nobody")
    assert (nobody.exit, "There is no mentor 'nobody'" in nobody.err) == (Exit.FAILED, True)
    assert S3 in mine.out
