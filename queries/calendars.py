"""Sessions and milestones as an iCalendar feed (RFC 5545), for the calendars that people use already.

Calendars poll a feed, which stays the same while nothing changes. An entry keeps its UID forever; SEQUENCE and
LAST-MODIFIED change with its date or status. What disappears from a feed disappears from the calendars that follow it.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vText
from icalendar.enums import STATUS, TRANSP

from channels.lines import harmless
from domain.ids import JourneyId, MentorId, ProgramId
from domain.journey import calendar
from domain.journey.duty import pathway_of
from domain.journey.state import MilestoneStanding, SessionStanding
from projections.board_filter import Filter
from projections.views import board
from queries import group_calendars
from queries.journey_record import JourneyRecord, read_record, read_records
from queries.mentors import NoSuchMentor
from store import people
from store.database import Pool
from store.people import zone_of

_PRODUCT = "-//Trellis//Mentoring//EN"
_ASK_AGAIN = timedelta(hours=1)
_MOST = 1000
"""The most journeys in the feed of a mentor."""
_NO_PLAN = timedelta(hours=1)
"""The length of a session that the kit no longer has."""


async def of_journey(pool: Pool, journey: JourneyId) -> bytes:
    """The feed contains no names. Raises NoSuchJourney when the log has no such journey."""
    record = await read_record(pool, journey)
    zone = zone_of(await people.get(pool, record.state.learner))
    return render(journey, record.kit.title, entries(record, zone))


async def of_mentor(pool: Pool, mentor: MentorId, programs: frozenset[ProgramId] | None = None) -> bytes:
    """The open journeys of the mentor, and the groups that they lead: a session of a group once, for all its members.
    Each entry of a journey has the learner's name and no other personal data. `programs`: of these alone.

    Only the journeys that the board lists for the mentor are read. Raises NoSuchMentor.
    """
    mine = await board.page(pool, Filter(mentor=mentor, open=True, programs=programs), "journey", limit=_MOST)
    known = await people.by_ids(pool, [mentor, *(row.learner for row in mine.rows)])
    shown = await group_calendars.led_by(pool, mentor, programs)
    if not mine.rows and not shown and (mentor not in known or known[mentor].kind != "mentor"):
        raise NoSuchMentor(mentor)
    for record in await read_records(pool, [row.journey for row in mine.rows]):
        learner = known.get(record.state.learner)
        name = learner.name if learner else record.state.learner
        shown += entries(record, zone_of(learner), name, with_groups=False)
    return render(f"mentor/{mentor}", "Mentoring", shown)


def render(uid: str, title: str, shown: Iterable[Event]) -> bytes:
    feed = Calendar.new(uid=f"{uid}@trellis", prodid=_PRODUCT, subcomponents=list(shown))
    for name in ("name", "x-wr-calname"):  # the standard's, and the one that most calendars know
        feed.add(name, vText(harmless(title)))  # as text, or icalendar would not escape it
    feed.add("refresh-interval", _ASK_AGAIN, {"value": "DURATION"})
    return bytes(feed.to_ical())


def entries(
    record: JourneyRecord, zone: ZoneInfo, name: str | None = None, *, with_groups: bool = True
) -> Iterator[Event]:
    """`zone` decides the days of milestones; `name` is the other person, where the feed may contain it. Without the
    sessions of groups where those are shown apart."""
    writing, state = _Writing(record, zone, name), record.state
    yield from (writing.session(one) for one in state.sessions if with_groups or not calendar.group_of(state, one))
    yield from map(writing.milestone, record.state.milestones)


class _Writing:
    def __init__(self, record: JourneyRecord, zone: ZoneInfo, name: str | None) -> None:
        self._record, self._zone, self._name = record, zone, name
        self._changes = calendar.changes(record.events)
        pathway = pathway_of(record.kit, record.state)
        self._sessions = {one.id: one for one in pathway.sessions} if pathway else {}
        self._milestones = {one.id: one for one in pathway.milestones} if pathway else {}

    def session(self, one: SessionStanding) -> Event:
        plan = self._sessions.get(one.session)
        starts_at = one.starts_at.astimezone(UTC)
        return self._entry(
            calendar.session_key(one.session),
            summary=self._titled(plan.title if plan else one.session, "with"),
            description=plan.purpose if plan else None,
            start=starts_at,
            end=starts_at + (plan.length if plan else _NO_PLAN),
            status=STATUS(calendar.status_of_session(self._record.state, one)),
        )

    def milestone(self, one: MilestoneStanding) -> Event:
        """An all-day entry, because many calendars do not show tasks."""
        plan = self._milestones.get(one.milestone)
        day = one.due_at.astimezone(self._zone).date()
        due = f"Due {one.due_at.astimezone(UTC):%d %b %Y %H:%M} UTC"
        return self._entry(
            calendar.milestone_key(one.milestone),
            summary=self._titled(f"{plan.title if plan else one.milestone} due", "from"),
            description="\n".join((due, *(plan.criteria if plan else ()))),
            start=day,
            end=day + timedelta(days=1),
            transparency=TRANSP.TRANSPARENT,
            status=STATUS(calendar.status_of_milestone(self._record.state, one)),
        )

    def _entry(self, key: str, **shown: Any) -> Event:
        change = self._changes[key]
        uid = calendar.uid(self._record.journey, key)
        changed: dict[str, Any] = {"sequence": change.times, "stamp": change.at, "last_modified": change.at}
        summary, description = harmless(shown.pop("summary")), shown.pop("description")
        words: dict[str, Any] = {"summary": summary, "description": harmless(description) if description else None}
        return Event.new(uid=uid, **changed, **words, **shown)

    def _titled(self, title: str, joined: str) -> str:
        return calendar.titled(title, self._name, self._record.kit.title, joined)
