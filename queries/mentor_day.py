"""A mentor's day: whom they meet and when on their own clock, what that needs beforehand, and what they owe whom.

The board says which journeys are theirs; each of them is read from the log. What people wrote is personal: it is shown
to the mentor, and never goes to logs, metrics or views.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.ids import CohortId, JourneyId, MentorId, SessionId
from domain.journey.duties import duties
from domain.journey.duty import Subject, duty_in_words, pathway_of
from domain.journey.state import Case, SessionStanding
from domain.kit import Duty
from domain.mentor import MENTOR, MentorState, mentor_stream
from domain.profiles import Check, Leave
from projections.board_filter import Filter
from projections.journeys import journey_of
from projections.views import board
from queries.journey_record import JourneyRecord, read_records
from queries.mentors import Mentor, mentor
from queries.sessions import Meeting, build_meetings
from store import people
from store.database import Pool
from store.people import Person, zone_by_name
from store.transact import read

MOST = 500
"""The most journeys of a mentor that are read, those first where something is due first."""
_MOST_OFFERS = 200
AHEAD = timedelta(days=3)
"""How far behind the day sessions are listed, so that they can be prepared."""

_RENEW_AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody whom the mentor meets."""

    journey: JourneyId
    program: str
    learner: str
    name: str
    """The learner's name, or the id if the name is not known."""
    ends_at: datetime
    """UTC; the start where the kit has no such session."""
    meeting: Meeting
    """`starts_there` is in the mentor's time zone."""
    before: str
    """The summary of the session before; empty if there was none."""
    cohort: CohortId | None
    """The group that meets together in this session."""


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that the mentor is awaited to do."""

    journey: JourneyId
    program: str
    learner: str
    name: str
    duty: Duty
    says: str
    """What it is, under the titles of the kit."""
    since: datetime
    due_at: datetime
    late: bool
    rule: str
    """The place in the kit that says when it is due."""
    cohort: CohortId | None
    """The group for which it is done once."""


@dataclass(frozen=True, slots=True)
class OfficeHoursToday:
    office_hours: str
    program: str
    purpose: str
    starts_at: datetime
    starts_there: datetime
    """In the mentor's time zone."""
    ends_at: datetime
    seats: int
    names: tuple[str, ...]
    """Of the learners who have a seat, or their ids."""


@dataclass(frozen=True, slots=True)
class MentorDay:
    mentor: MentorId
    name: str | None
    day: date
    time_zone: str
    """The mentor's, or UTC if it is not known."""
    leave: Leave | None
    """During which the day lies, or some of it."""
    sees: tuple[Seen, ...]
    """On that day, the earliest first; also the sessions that have been held or called off."""
    office_hours: tuple[OfficeHoursToday, ...]
    """On that day, the earliest first."""
    coming: tuple[Seen, ...]
    """On the three days after it."""
    owes: tuple[Owed, ...]
    """Now, the earliest due first."""
    checks: tuple[Check, ...]
    """Those that expire within 30 days of the day, or have expired."""
    learners: int
    """How many open journeys the mentor has."""
    left_out: int
    """How many of these were not read, because there are too many."""
    as_of: datetime

    @property
    def late(self) -> tuple[Owed, ...]:
        return tuple(one for one in self.owes if one.late)


async def mentor_day(pool: Pool, one: MentorId, now: datetime, day: date | None = None) -> MentorDay:
    """`day`: in the mentor's time zone; None: today there.

    Raises:
        NoSuchMentor: when nobody is known as a mentor by this id.
    """
    found = await mentor(pool, one)
    zone = zone_by_name(found.profile.time_zone)
    state = (await read(pool, mentor_stream(one), MENTOR)).state
    records, left_out = await _records(pool, one, state)
    seats = [seat.learner for hours in state.office_hours.values() for seat in hours.taken]
    learners = await people.by_ids(pool, [*(record.state.learner for record in records), *seats])
    chosen = day or now.astimezone(zone).date()
    start, end = midnight(chosen, zone), midnight(chosen + timedelta(days=1), zone)
    own = [record for record in records if record.state.mentor == one]
    seen = sorted(_seen(own, learners, zone, start, end + AHEAD), key=lambda one: (one.meeting.starts_at, one.journey))
    owed = sorted(_owed(records, learners, one, now), key=lambda one: (one.due_at, one.journey))
    return MentorDay(
        mentor=one,
        name=found.name,
        day=chosen,
        time_zone=zone.key,
        leave=leave_between(found, start, end),
        sees=tuple(one for one in seen if one.meeting.starts_at < end),
        office_hours=tuple(_office_hours(state, learners, zone, start, end)),
        coming=tuple(one for one in seen if one.meeting.starts_at >= end and one.meeting.attendance is None),
        owes=tuple(owed),
        checks=tuple(check for check in found.profile.checks if _expires(check, chosen + _RENEW_AHEAD)),
        learners=len(own) + left_out,
        left_out=left_out,
        as_of=now,
    )


async def sessions_between(pool: Pool, found: Mentor, start: datetime, end: datetime) -> list[Seen]:
    """The sessions that are still to be held and begin in [start, end), the earliest first."""
    state = (await read(pool, mentor_stream(found.mentor), MENTOR)).state
    records = [one for one in (await _records(pool, found.mentor, state))[0] if one.state.mentor == found.mentor]
    learners = await people.by_ids(pool, [one.state.learner for one in records])
    seen = _seen(records, learners, zone_by_name(found.profile.time_zone), start, end)
    ahead = [one for one in seen if one.meeting.attendance is None]
    return sorted(ahead, key=lambda one: (one.meeting.starts_at, one.journey))


def _expires(check: Check, by: date) -> bool:
    return check.valid_until is not None and check.valid_until <= by


def together(seen: Iterable[Seen]) -> list[list[Seen]]:
    """Those who are met at once: the members of a group, or one learner."""
    met: dict[object, list[Seen]] = {}
    for one in seen:
        met.setdefault((one.cohort or one.journey, one.meeting.session, one.meeting.starts_at), []).append(one)
    return list(met.values())


def leave_between(found: Mentor, start: datetime, end: datetime) -> Leave | None:
    return next((one for one in found.leave if one.starts_at < end and start < one.ends_at), None)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of a day on the clocks of a time zone."""
    return datetime.combine(day, time(), zone)


async def _records(pool: Pool, one: MentorId, state: MentorState) -> tuple[list[JourneyRecord], int]:
    """The open journeys that the mentor has or has been proposed for, and how many of the former there are besides."""
    own = await board.page(pool, Filter(mentor=one, open=True), limit=MOST)
    offers = Filter(waiting_for="offer", waiting_on="mentor", open=True)
    offered = await board.page(pool, offers, limit=_MOST_OFFERS)
    ids = dict.fromkeys((*(row.journey for row in (*own.rows, *offered.rows)), *_holders(state)))
    records = await read_records(pool, ids)
    more = await _further(pool, one, own) if own.next else 0
    return [record for record in records if _concerns(record, one)], more


def _holders(state: MentorState) -> list[JourneyId]:
    """The journeys for which a place with the mentor is kept: among them those that they are proposed for."""
    return [journey_of(holder) for holder in state.places if holder.startswith("journey-")][:MOST]


async def _further(pool: Pool, one: MentorId, page: board.Page) -> int:
    count = 0
    while page.next:
        page = await board.page(pool, Filter(mentor=one, open=True), after=page.next, limit=1_000)
        count += len(page.rows)
    return count


def _concerns(record: JourneyRecord, one: MentorId) -> bool:
    state = record.state
    return state.closing is None and one in (state.mentor, state.offer.mentor if state.offer else None)


def _seen(
    records: Iterable[JourneyRecord], learners: dict[str, Person], zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[Seen]:
    for record in records:
        if record.state.pause or not any(start <= one.starts_at < end for one in record.state.sessions):
            continue
        learner = record.state.learner
        name = learners[learner].name if learner in learners else learner
        meetings = build_meetings(record, name, zone).sessions
        for nth, one in enumerate(meetings):
            if start <= one.starts_at < end:
                before = next((earlier.summary for earlier in reversed(meetings[:nth]) if earlier.summary), "")
                ends_at = one.starts_at + _length(record, one.session)
                cohort = _cohort(record, one.session)
                yield Seen(record.journey, record.state.program, learner, name, ends_at, one, before, cohort)


def _office_hours(
    state: MentorState, learners: dict[str, Person], zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[OfficeHoursToday]:
    for name, one in sorted(state.office_hours.items(), key=lambda item: (item[1].starts_at, item[0])):
        if start <= one.starts_at < end:
            yield OfficeHoursToday(
                office_hours=name,
                program=one.program,
                purpose=one.purpose,
                starts_at=one.starts_at,
                starts_there=one.starts_at.astimezone(zone),
                ends_at=one.ends_at,
                seats=one.seats,
                names=tuple(
                    learners[seat.learner].name if seat.learner in learners else seat.learner for seat in one.taken
                ),
            )


def _cohort(record: JourneyRecord, session: SessionId) -> CohortId | None:
    group = record.state.cohort
    return group.cohort if group and session in group.times else None


def _length(record: JourneyRecord, session: SessionId) -> timedelta:
    pathway = pathway_of(record.kit, record.state)
    plans: Sequence[timedelta] = [one.length for one in pathway.sessions if one.id == session] if pathway else []
    return plans[0] if plans else timedelta()


def _owed(
    records: Iterable[JourneyRecord], learners: dict[str, Person], mentor: MentorId, now: datetime
) -> Iterator[Owed]:
    for record in records:
        state = record.state
        learner = state.learner
        for wait, subject in duties(state):
            to = state.offer.mentor if wait.duty == "offer" and state.offer else state.mentor
            if wait.who == "mentor" and to == mentor and not _is_ahead(subject, now):
                yield Owed(
                    journey=record.journey,
                    program=state.program,
                    learner=learner,
                    name=learners[learner].name if learner in learners else learner,
                    duty=wait.duty,
                    says=_in_words(record, wait.duty, subject),
                    since=wait.since,
                    due_at=wait.due_at,
                    late=wait.due_at <= now,
                    rule=wait.rule,
                    cohort=_cohort(record, subject.session) if isinstance(subject, SessionStanding) else None,
                )


def _is_ahead(subject: Subject, now: datetime) -> bool:
    """The attendance of a session is awaited as soon as it is planned, and owed once it has begun."""
    return isinstance(subject, SessionStanding) and not subject.settled and subject.starts_at > now


def _in_words(record: JourneyRecord, duty: Duty, subject: Subject) -> str:
    if isinstance(subject, Case):
        rule = record.kit.find_escalation(subject.rule)
        return f"case: {rule.title if rule else subject.rule}"
    return duty_in_words(pathway_of(record.kit, record.state), duty, subject)
