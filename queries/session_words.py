"""Sessions as pairs of label and text, for the terminal and for pages."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo

from domain.kit import Role
from domain.words import plain
from queries.answers import Answered, in_words
from queries.sessions import Meeting, RiskFlag

Line = tuple[str, str]


def when(meeting: Meeting) -> str:
    """In the learner's time zone, and in UTC if that differs."""
    utc = f"{meeting.starts_at.astimezone(UTC):%d %b %Y %H:%M} UTC"
    there = meeting.starts_there
    return f"{there:%a %d %b %Y %H:%M %Z} ({utc})" if there.utcoffset() else utc


def agenda(meeting: Meeting) -> Iterator[Line]:
    if meeting.agenda.goal:
        yield "goal", meeting.agenda.goal
    if meeting.agenda.artifact:
        yield "to review", meeting.agenda.artifact
    if meeting.agenda.own_goal:
        yield "learner's own goal", meeting.agenda.own_goal
    if meeting.agenda.brought:
        yield "learner brings", meeting.agenda.brought
    yield from _answers(meeting.agenda.preparation)


def record(meeting: Meeting) -> Iterator[Line]:
    """Attendance, notes and follow-up."""
    if meeting.attendance:
        yield "attendance", plain(meeting.attendance)
    if meeting.remark:
        yield "remark", meeting.remark
    yield from _answers(meeting.notes)
    if meeting.summary is not None:
        yield "summary", meeting.summary
    for reason in meeting.corrected:
        yield "corrected", reason


def next_steps(meeting: Meeting, zone: tzinfo = UTC, reader: Role | None = None) -> Iterator[Line]:
    """Days in `zone`. `reader`: who is meant by "you"."""
    for one in meeting.next_steps:
        owner = "you" if one.owner == reader else one.owner
        because = f": {one.reason}" if one.reason else ""
        yield one.text, f"{owner}, due {_day(one.due_at, zone)}, {plain(one.standing)}{because}"


def flags(those: Iterable[RiskFlag], zone: tzinfo = UTC) -> Iterator[Line]:
    """Days in `zone`."""
    for one in those:
        by = f", by {one.by}" if one.by else ""
        yield one.flag, ": ".join(filter(None, (f"{_day(one.at, zone)}{by}", one.notes)))


def _answers(those: Iterable[Answered]) -> Iterator[Line]:
    """Leaves out unanswered questions."""
    yield from ((one.asked, in_words(one.answer)) for one in those if one.answer is not None)


def _day(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%d %b %Y}"
