"""Who is told what, in which words, and at which hour."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.ids import CaseId, JourneyId, MentorId, ProgramId, StreamId
from domain.journey import events as e
from domain.journey import fold as fold_journey
from domain.kit import Message, QuietHours
from domain.kit.messages import by_meaning, choose
from domain.messages import Contents, Notice, contents, fold, message_id, notices, obsolete
from domain.messages import events as m
from tests.domain.stories import ANA, KIT, NOON, S1, day, in_sessions, started

NIGHT = QuietHours(after=time(21), until=time(8))
BERLIN = ZoneInfo("Europe/Berlin")


def message(**fields: Any) -> Message:
    return Message(**{"subject": "s", "text": "t.md"} | fields)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_each_who_is_asked_about_a_match_is_told() -> None:
    offered = e.MatchOffered(at=NOON, mentor=MentorId("m-1"), asks=("mentor", "learner"), expires_at=NOON)
    assert [one.to for one in notices(offered)] == ["mentor", "learner"]
    assert {one.when for one in notices(offered)} == {"offer"}


def test_what_nobody_has_to_know_calls_for_no_message() -> None:
    assert notices(e.NotesWritten(at=NOON, session=S1, answers={})) == ()


def test_a_message_has_one_name_for_ever() -> None:
    stream = StreamId("journey-p.l")
    assert message_id(stream, 3, "learner") == message_id(stream, 3, "learner")
    assert len({message_id(stream, version, to) for version in (3, 4) for to in ("learner", "mentor")}) == 4


def test_the_narrower_message_is_chosen() -> None:
    messages = {
        "any": message(when="nudge"),
        "role": message(when="nudge", to="mentor"),
        "rule": message(when="nudge", rule="quiet"),
    }
    assert choose(by_meaning(messages), "nudge", "mentor", "quiet") == "rule"
    assert choose(by_meaning(messages), "nudge", "mentor", "late") == "role"
    assert choose(by_meaning(messages), "nudge", "learner", "late") == "any"
    assert choose(by_meaning(messages), "case", "mentor", "quiet") is None


@pytest.mark.parametrize(
    ("at", "zone", "first"),
    [
        ("2026-11-23T12:00", "Europe/Berlin", "2026-11-23T12:00"),
        ("2026-11-23T20:30", "Europe/Berlin", "2026-11-24T07:00"),  # half past nine in the evening
        ("2026-11-24T05:00", "Europe/Berlin", "2026-11-24T07:00"),
        ("2026-11-23T20:30", "America/New_York", "2026-11-23T20:30"),
        ("2026-03-29T00:30", "Europe/Berlin", "2026-03-29T06:00"),  # the clock goes forward in this night
    ],
)
def test_nobody_is_written_to_at_night(at: str, zone: str, first: str) -> None:
    assert NIGHT.first_moment(moment(at), ZoneInfo(zone)) == moment(first)


@given(
    at=st.datetimes(min_value=datetime(2013, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(sorted(available_timezones() - {"localtime"})).map(ZoneInfo),
    hours=st.tuples(st.times(), st.times()).filter(lambda pair: pair[0] != pair[1]),
)
def test_the_first_moment_is_not_quiet_not_before_and_within_a_day(
    at: datetime, zone: ZoneInfo, hours: tuple[time, time]
) -> None:
    quiet = QuietHours(after=hours[0], until=hours[1])
    first = quiet.first_moment(at, zone)
    assert at <= first <= at + timedelta(hours=26)  # a night may be longer by what the clock goes back
    assert quiet.first_moment(first, zone) == first


def test_quiet_hours_that_never_end_are_refused() -> None:
    with pytest.raises(ValidationError, match="never end"):
        QuietHours(after=time(8), until=time(8))
    with pytest.raises(ValidationError, match="put it in quotes"):
        QuietHours.model_validate({"after": 1260, "until": "08:00"})


def test_a_reminder_tells_what_begins_and_when() -> None:
    state = fold_journey(in_sessions)
    assert state
    notice = Notice(when="reminder", to="learner", about=f"session:{S1}#1", at=day(5), of="session")
    assert contents(KIT, state, notice) == Contents(what="Goals", due_at=day(6), mentor=ANA)


def test_a_nudge_tells_what_is_late_and_since_when() -> None:
    state = fold_journey(in_sessions)
    assert state
    late = Notice(when="nudge", to="mentor", about=f"session:{S1}#1", at=day(8), rule="late-notes")
    assert contents(KIT, state, late) == Contents(what="the attendance of session Goals", due_at=day(7, 1), mentor=ANA)
    quiet = Notice(when="nudge", to="learner", about="quiet since long", at=day(10), rule="quiet-7")
    assert contents(KIT, state, quiet) == Contents(what="Quiet", due_at=day(10), mentor=ANA)


def test_a_reminder_of_what_is_done_is_not_needed_any_more() -> None:
    notice = Notice(when="reminder", to="learner", about="intake#1", at=NOON, of="intake")
    before, after = fold_journey(started), fold_journey(in_sessions)
    assert before
    assert after
    assert obsolete(before, notice) is None
    assert obsolete(after, notice) == "what it would remind of is done"


def wanted() -> m.MessageWanted:
    return m.MessageWanted(
        at=NOON,
        journey=JourneyId("p.l"),
        program=ProgramId("p"),
        version=3,
        when="nudge",
        to="learner",
        recipient="l",
    )


def test_what_became_of_a_message() -> None:
    handed = m.MessageHandedOver(at=NOON, channel="smtp", message="nudge", attempt=1)
    state = fold([wanted(), handed, m.MessageNotTaken(at=NOON, because="busy")])
    assert state
    assert (state.status, state.because, state.attempts, state.open) == ("not_taken", "busy", 1, True)
    state = fold([wanted(), handed, m.MessageUncertain(at=NOON, because="cut off"), m.MessageSent(at=NOON)])
    assert state
    assert (state.status, state.because, state.open) == ("sent", None, False)
    with pytest.raises(ValueError, match="begins with being wanted"):
        fold([handed])


def test_a_case_is_told_to_its_next_owner() -> None:
    moved = e.CaseReassigned(at=NOON, case=CaseId("case-1"), owner="ops", respond_by=NOON, reason="away")
    (notice,) = notices(moved)
    assert (notice.when, notice.to, notice.about) == ("case", "ops", "case:case-1")
