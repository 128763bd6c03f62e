"""The sessions of a journey, with all that was said around them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.journey import JourneyEvent
from domain.journey import events as e
from queries.session_words import next_steps, when
from queries.sessions import Meetings, NoSuchSession, build_meetings
from runtime.exits import Exit
from store import people
from store.database import Pool
from store.people import Person, zone_of
from tests.commands import Trellis
from tests.domain.full_program import FULL, met, together
from tests.domain.stories import S1, S2, S3, day, matching
from tests.queries import told
from tests.queries.told import story_of

TOKYO = ZoneInfo("Asia/Tokyo")
prepared = e.SessionPrepared(at=day(5), session=S1, answers={"topic": "my portfolio"})
written = e.NotesWritten(at=day(6, 2), session=S1, answers={"goal": "a first draft"})
steps = (
    e.ActionItem(item="s1-1", owner="learner", due_at=day(9), text="write the draft"),
    e.ActionItem(item="s1-2", owner="mentor", due_at=day(10), text="find an example"),
    e.ActionItem(item="s1-3", owner="ops", due_at=day(10), text="book a room"),
)
sent = e.FollowUpSent(at=day(6, 3), session=S1, summary="We chose a goal.", items=steps)
taken = e.ActionItemClosed(at=day(7), item="s1-2", done=True)
given_up = e.ActionItemClosed(at=day(7), item="s1-3", done=False, reason="none is free")


def told_of(*events: JourneyEvent, zone: ZoneInfo = TOKYO) -> Meetings:
    return build_meetings(story_of(FULL, events, day(40)), "Lea Brandt", zone)


def test_sessions_come_in_order_with_what_the_kit_says_and_both_clocks() -> None:
    later = e.SessionRescheduled(at=day(4), session=S2, starts_at=day(20), attendance_due_at=day(21))
    all_three = told_of(*together, later).sessions
    assert [one.session for one in all_three] == [S1, S3, S2], "by when they are"
    first = all_three[0]
    assert (first.title, first.purpose, first.mode) == ("Goals", "set the goal", "hybrid")
    assert (first.starts_at, first.starts_there.isoformat()) == (day(6), "2026-03-08T21:00:00+09:00")
    assert when(first) == "Sun 08 Mar 2026 21:00 JST (08 Mar 2026 12:00 UTC)"
    assert when(told_of(*together, zone=ZoneInfo("UTC")).sessions[0]) == "08 Mar 2026 12:00 UTC"


def test_before_the_pathway_starts_there_are_none() -> None:
    early = told_of(*matching, e.RiskFlagRaised(at=day(2, 1), flag="ill"))
    assert (early.sessions, [one.flag for one in early.flags_before]) == ((), ["ill"])
    with pytest.raises(NoSuchSession, match="none yet"):
        early.only("s1")


def test_the_agenda_has_what_the_learner_prepared_in_the_words_of_the_template() -> None:
    before = told_of(*together).only(S1).agenda
    assert before.preparation == ()
    (answered,) = told_of(*together, prepared).only(S1).agenda.preparation
    assert (answered.asked, answered.answer) == ("What shall it be about?", "my portfolio")
    reset = e.PathwayReset(
        at=day(8),
        reason="anew",
        starts_at=day(8),
        ends_at=day(40),
        sessions=(e.PlannedSession(session=S1, starts_at=day(11), attendance_due_at=day(12), wants_preparation=True),),
        milestones=(),
    )
    assert told_of(*together, prepared, reset).only(S1).agenda.preparation == (), "it was for a date that is gone"


def test_what_happened_is_there_with_notes_and_summary() -> None:
    held = told_of(*together, prepared, *met[len(together) :], written, sent).only(S1)
    assert (held.attendance, held.summary) == ("attended", "We chose a goal.")
    assert [(one.asked, one.answer) for one in held.notes] == [
        ("Which goal?", "a first draft"),
        ("How was it?", None),
    ]
    ahead = told_of(*met).only(S2)
    assert (ahead.attendance, ahead.notes, ahead.summary, ahead.next_steps) == (None, (), None, ())


def test_a_next_step_is_open_done_or_given_up_and_a_pause_moves_what_is_open() -> None:
    after = told_of(*met, sent, taken, given_up).only(S1).next_steps
    assert [(one.item, one.owner, one.standing, one.reason) for one in after] == [
        ("s1-1", "learner", "open", ""),
        ("s1-2", "mentor", "done", ""),
        ("s1-3", "ops", "given_up", "none is free"),
    ]
    pause = (
        e.JourneyPaused(at=day(8), reason="ill", until=day(20)),
        e.JourneyResumed(at=day(11), paused_for=timedelta(3)),
    )
    closed = e.JourneyClosed(at=day(15), ending="withdrawn", reason="moved")
    moved = told_of(*met, sent, taken, *pause, closed).only(S1).next_steps
    assert [(one.due_at, one.standing) for one in moved][:2] == [(day(12), "open"), (day(10), "done")]


def test_a_flag_belongs_to_the_session_before_it() -> None:
    flags = [
        e.RiskFlagRaised(at=at, flag=flag, notes="why", by="mentor:ana")
        for at, flag in ((day(5), "early"), (day(6), "first"), (day(10), "still-first"), (day(11), "second"))
    ]
    seen = told_of(*together, *flags)
    assert [one.flag for one in seen.flags_before] == ["early"]
    assert [[one.flag for one in meeting.flags] for meeting in seen.sessions] == [
        ["first", "still-first"],
        ["second"],
        [],
    ]
    assert (seen.sessions[0].flags[0].notes, seen.sessions[0].flags[0].by) == ("why", "mentor:ana")


def test_whose_time_zone_is_not_known_lives_by_utc() -> None:
    for zone in (None, "", "Middle/Earth", "../etc/passwd"):
        assert zone_of(Person("lea", "learner", "Lea", time_zone=zone)).key == "UTC"
    assert zone_of(Person("lea", "learner", "Lea", time_zone="Asia/Tokyo")) == TOKYO


async def test_as_it_is_typed(trellis: Trellis, pool: Pool) -> None:
    flag = e.RiskFlagRaised(at=day(7), flag="ill", notes="a cold")
    journey = await told.tell(
        pool, FULL, (*together, prepared, *met[len(together) :], written, sent, taken, flag), "lea"
    )
    await people.upsert_many(pool, [Person("lea", "learner", "Lea [b]Brandt", time_zone="Asia/Tokyo")])
    said = await trellis("sessions", journey)
    for expected in (
        "sessions with Lea [b]Brandt",
        "Sun 08 Mar 2026 21:00 JST",
        "What shall it be about?: my portfolio",
        "Which goal?: a first draft",
        "find an example: mentor, due 12 Mar 2026, done",
        "ill: 09 Mar 2026: a cold",
    ):
        assert expected in said.out
    only = await trellis("sessions", journey, "--session", "s2")
    assert ("Review" in only.out, "Goals" in only.out) == (True, False)
    facts = (await trellis("sessions", journey, "--session", "s1", "--json")).json
    assert (facts["starts_at"], facts["starts_there"]) == ("2026-03-08T12:00:00Z", "2026-03-08T21:00:00+09:00")
    wrong = await trellis("sessions", journey, "--session", "s9")
    assert (wrong.exit, "Sessions: s1, s2, s3" in wrong.err) == (Exit.FAILED, True)


async def test_what_was_said_is_in_no_view(trellis: Trellis, pool: Pool) -> None:
    """These texts stay in the log: nothing that the projections keep has a word of them."""
    journey = await told.tell(pool, FULL, (*together, prepared, *met[len(together) :], written, sent), "lea")
    await trellis("timeline", journey)
    tables = await pool.fetch("select schemaname, tablename from pg_tables where schemaname like 'view\\_%'")
    kept = ""
    for schema, table in tables:
        kept += await pool.fetchval(f'select string_agg(t::text, chr(10)) from "{schema}"."{table}" as t') or ""  # noqa: S608 - the catalog's names
    assert journey in kept
    assert not [
        said for said in ("my portfolio", "a first draft", "We chose a goal", "find an example") if said in kept
    ]


def test_next_steps_name_their_reader_and_have_the_day_in_the_zone_of_the_reader() -> None:
    late = e.ActionItem(item="s1-1", owner="learner", due_at=day(9).replace(hour=22), text="write the draft")
    held = told_of(*met, e.FollowUpSent(at=day(6, 3), session=S1, summary="We chose.", items=(late,))).only(S1)
    (said,) = next_steps(held, TOKYO, "learner")
    assert said == ("write the draft", f"you, due {day(10):%d %b %Y}, open")
    (plain,) = next_steps(held)
    assert plain == ("write the draft", f"learner, due {day(9):%d %b %Y}, open")
