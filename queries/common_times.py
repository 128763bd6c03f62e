"""The time of the week that suits a group of learners and whoever leads it best. Names are personal data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.ids import CohortId, JourneyId, LearnerId, MentorId, ProgramId, StreamId, cohort_stream
from domain.kit import Kit
from domain.mentor import MENTOR, mentor_stream
from domain.mentor.hours import calendar_of
from domain.scheduling.common import MOST_MEMBERS, CommonSlot, Member, Term, Unsuited, common_slots
from domain.values import counted
from kits.lookup import newest
from projections.board_filter import Filter
from projections.views import board
from queries.availability import learners_calendar, surroundings
from queries.cohorts import NoSuchCohort, snapshot
from queries.journey_record import read_records
from store import people
from store.database import Pool
from store.people import Person
from store.transact import read


class NoGroup(Exception):
    """There is nobody, or too many, for whom a time could be looked for. The message says what to change."""


@dataclass(frozen=True, slots=True)
class Group:
    program: ProgramId
    journeys: Sequence[JourneyId]
    mentors: Sequence[MentorId]
    holder: StreamId | None = None
    """The stream of a group that exists: its own meetings keep nobody away."""


@dataclass(frozen=True, slots=True)
class Unsuitable:
    """Somebody for whom a time does not suit, at least not always."""

    id: str
    name: str
    leads: bool
    misses: int
    words: str


@dataclass(frozen=True, slots=True)
class WeeklyTime:
    day: str
    time: str
    """On the clocks of `time_zone`."""
    meetings: Sequence[datetime]
    suits: int
    """How many of the members can come to every meeting."""
    members: int
    unsuitable: list[Unsuitable]


@dataclass(frozen=True, slots=True)
class CommonTimes:
    program: ProgramId
    time_zone: str
    weeks: int
    length_minutes: int
    times: list[WeeklyTime]
    """The best first."""
    said_nothing: list[str]
    """The ids of those who have said nothing about hours: any time outside quiet hours is taken to suit them."""


async def of_cohort(pool: Pool, cohort: str) -> Group:
    """Raises NoSuchCohort."""
    group = CohortId(cohort)
    state = (await snapshot(pool, group)).state
    if state.program is None:
        raise NoSuchCohort(group)
    journeys = [one.journey for one in state.members.values()]
    return Group(state.program, journeys, state.mentors, cohort_stream(group))


async def of_learners(
    pool: Pool, program: ProgramId, learners: Sequence[LearnerId], mentors: Sequence[MentorId]
) -> Group:
    """With their open journeys in the program. Raises NoGroup where one has none."""
    found: list[JourneyId] = []
    for learner in dict.fromkeys(learners):
        page = await board.page(pool, Filter(program=program, learner=learner, open=True), "journey", limit=1)
        if not page.rows:
            raise NoGroup(f"the learner {learner!r} has no open journey in {program!r}; leave them out")
        found.append(page.rows[0].journey)
    return Group(program, found, mentors)


async def common_times(
    pool: Pool, group: Group, *, weeks: int = 12, length: timedelta = timedelta(hours=1), many: int = 3
) -> CommonTimes:
    """From the day after tomorrow on, on the clocks of whoever leads, or else in UTC.

    Raises:
        NoGroup: when there are no learners, or too many to be compared.
        NoSuchProgram: when it has published no kit.
    """
    if not group.journeys:
        raise NoGroup("there are no learners; name some of them")
    if len(group.journeys) + len(group.mentors) > MOST_MEMBERS:
        raise NoGroup(f"at most {MOST_MEMBERS} people can be compared; name fewer of them")
    kit = await newest(pool, group.program)
    members, known = await _members(pool, kit, group)
    zone = next((one.calendar.zone for one in members if one.leads), ZoneInfo("UTC"))
    first = (datetime.now(UTC) + max(kit.meeting.notice, timedelta(days=1))).astimezone(zone).date()
    term = Term(zone, first + timedelta(days=1), weeks, length, kit.meeting.step)
    slots = common_slots(members, term, many)
    return CommonTimes(
        program=group.program,
        time_zone=str(zone),
        weeks=weeks,
        length_minutes=length // timedelta(minutes=1),
        times=[_time(one, known) for one in slots],
        said_nothing=[one.member for one in members if not one.calendar.week],
    )


async def _members(pool: Pool, kit: Kit, group: Group) -> tuple[list[Member], Mapping[str, Person]]:
    records = await read_records(pool, group.journeys)
    known = await people.by_ids(pool, [*group.mentors, *(one.state.learner for one in records)])
    members: list[Member] = []
    for mentor in group.mentors:
        state = (await read(pool, mentor_stream(mentor), MENTOR)).state
        around = surroundings(kit, known.get(mentor), datetime.now(UTC))
        members.append(Member(mentor, calendar_of(state, around, group.holder or ""), leads=True))
    for record in records:
        learner = record.state.learner
        members.append(Member(learner, learners_calendar(record, known.get(learner))))
    return members, known


def _time(slot: CommonSlot, known: Mapping[str, Person]) -> WeeklyTime:
    return WeeklyTime(
        day=slot.day,
        time=f"{slot.minute // 60:02}:{slot.minute % 60:02}",
        meetings=slot.meetings,
        suits=slot.members - len(slot.unsuited),
        members=slot.members,
        unsuitable=[_unsuitable(one, len(slot.meetings), known) for one in slot.unsuited],
    )


def _unsuitable(one: Unsuited, meetings: int, known: Mapping[str, Person]) -> Unsuitable:
    name = known[one.member].name if one.member in known else one.member
    return Unsuitable(one.member, name, one.leads, len(one.misses), _in_words(one, meetings))


_REASONS = {
    "hours": "outside their hours",
    "quiet_hours": "in quiet hours",
    "holiday": "on public holidays",
    "leave": "on leave",
    "booked": "has other meetings",
    "clock_change": "in an hour that clocks show twice",
}


def _in_words(one: Unsuited, meetings: int) -> str:
    why = ", ".join(f"{_REASONS[rule]} ({count})" for rule, count in one.reasons.items())
    if len(one.misses) == meetings:
        return f"never: {why}"
    if one.since:
        return f"not from {one.since:%d %B %Y} on: {why}"
    if one.until:
        return f"not before {one.until:%d %B %Y}: {why}"
    return f"not at {counted(len(one.misses), 'meeting')}, first on {one.misses[0]:%d %B %Y}: {why}"
