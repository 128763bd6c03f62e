"""The capacity of a program's mentors at a moment: who has how much, what the coming weeks ask for, who waits."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.capacity_review import Figures, Wait, WeekForecast
from domain.ids import JourneyId, KitDigest, LearnerId, MentorId, PathwayId, ProgramId, SessionId
from domain.kit import Kit, Pathway
from domain.mentor import MENTOR, MentorState, mentor_stream
from domain.mentor.demand import Demand, demand_of, monday
from domain.mentor.limits import Wanted, load_of, room_for
from domain.mentor.utilization import Slot, Utilization, coming_weeks, expected, slots, utilization
from domain.profiles import MentorProfile
from domain.program import PROGRAM, program_stream
from kits.lookup import newest_published
from projections.board_filter import Filter
from projections.sql import query
from projections.views import board, mentor_places, mentors
from projections.views.board import BoardRow
from store import kits, people
from store.database import Pool
from store.people import Person
from store.transact import read, read_many

WEEKS = 8
"""How many are shown, with the present one."""
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class MentorCapacity:
    mentor: MentorId
    name: str | None
    """None: they are not known by name."""
    mentor_type: str | None
    utilization: Utilization
    free: int
    """How many more learners they can take now, by places and minutes; none while they are on leave."""
    on_leave_until: datetime | None
    away: tuple[bool, ...]
    """Whether they are on leave all week, by the weeks."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A learner who waits for a mentor."""

    journey: JourneyId
    learner: LearnerId
    pathway: str
    since: datetime
    expected_from: date | None
    """When a mentor of the kind that the pathway asks for can be expected to have a place; today: there is one. None:
    no date is known."""


@dataclass(frozen=True, slots=True)
class Capacity:
    program: ProgramId
    version: str
    kit: KitDigest
    at: datetime
    target: float
    limit: float
    weeks: tuple[str, ...]
    mentors: Sequence[MentorCapacity]
    """By id."""
    forecast: Sequence[WeekForecast]
    waiting: Sequence[Waiting]
    """Who has waited longest comes first."""
    on_waiting_list: int
    """Of the program itself: they have not begun."""


async def capacity(pool: Pool, program: ProgramId, at: datetime, weeks: int = WEEKS) -> Capacity:
    """By the newest kit of the program.

    Raises:
        NoSuchProgram, KitNotReadable, BeingRebuilt.
    """
    published = await newest_published(pool, program)
    moment = _Moment(kits.read(published), at, coming_weeks(at, weeks))
    found = await _mentors(pool, program)
    mentors = [moment.mentor(one) for one in found]
    waiting = await _waiting(pool, moment, found, mentors)
    return Capacity(
        program=program,
        version=published.version,
        kit=KitDigest(published.digest),
        at=at,
        target=moment.kit.capacity.target_utilization,
        limit=moment.kit.capacity.limit_utilization,
        weeks=moment.weeks,
        mentors=mentors,
        forecast=moment.forecast(mentors, waiting),
        waiting=waiting,
        on_waiting_list=len((await read(pool, program_stream(program), PROGRAM)).state.waiting),
    )


def figures(found: Capacity) -> Figures:
    """For the record."""
    shares = [one.utilization.share for one in found.mentors]
    uses = Counter(one.utilization.use for one in found.mentors)
    return Figures(
        kit=found.kit,
        mentors=len(found.mentors),
        places=sum(one.utilization.places for one in found.mentors),
        taken=sum(one.utilization.taken for one in found.mentors),
        utilization=round(sum(shares) / len(shares), 4) if shares else 0.0,
        over_limit=tuple(one.mentor for one in found.mentors if one.utilization.use == "over_limit"),
        under_used=tuple(one.mentor for one in found.mentors if one.utilization.use == "under_used"),
        at_target=uses["at_target"],
        forecast=tuple(found.forecast),
        wait=wait(found),
        on_waiting_list=found.on_waiting_list,
    )


def wait(found: Capacity) -> Wait:
    dates = [one.expected_from for one in found.waiting]
    known = [one for one in dates if one]
    today = found.at.date()
    return Wait(
        learners=len(found.waiting),
        longest_days=max(((found.at - one.since).days for one in found.waiting), default=0),
        expected_days=(max(known, default=today) - today).days if len(known) == len(dates) else None,
        without_date=len(dates) - len(known),
    )


@dataclass(frozen=True, slots=True)
class Latest:
    """The figures of a program's latest review."""

    program: str
    at: datetime
    utilization: float
    over_limit: int
    at_target: int
    under_used: int
    waiting: int
    without_date: int
    expected_days: int | None
    mentors: int
    places: int
    taken: int


async def latest_reviews(pool: Pool) -> list[Latest]:
    """Of every program that has been reviewed."""
    return [Latest(*row) for row in await pool.fetch(query("capacity_latest"))]


# What it is made of


@dataclass(frozen=True, slots=True)
class _Mentor:
    id: MentorId
    state: MentorState
    person: Person | None

    @property
    def profile(self) -> MentorProfile:
        return people.profile_of(self.state.profile, self.person)


async def _mentors(pool: Pool, program: ProgramId) -> list[_Mentor]:
    """Those with whom somebody of the program has a place, and those who are registered for it; by id."""
    known = {MentorId(one.person_id): one for one in await people.of_kind(pool, "mentor")}
    has_learners, elsewhere = await mentor_places.mentors(pool, program), await mentors.elsewhere(pool, program)
    everybody = sorted((known.keys() - elsewhere) | has_learners)
    found: list[_Mentor] = []
    for first in range(0, len(everybody), _AT_ONCE):
        some = everybody[first : first + _AT_ONCE]
        states = await read_many(pool, map(mentor_stream, some), MENTOR)
        those = (_Mentor(one, states[mentor_stream(one)].state, known.get(one)) for one in some)
        found += (one for one in those if one.id in has_learners or one.state.belongs_to(program))
    return found


@dataclass(frozen=True, slots=True)
class _Moment:
    """A kit, and when it is looked at."""

    kit: Kit
    at: datetime
    weeks: tuple[str, ...]

    def mentor(self, one: _Mentor) -> MentorCapacity:
        state, profile = one.state, one.profile
        away = next((leave.ends_at for leave in state.leave if leave.starts_at <= self.at < leave.ends_at), None)
        return MentorCapacity(
            mentor=one.id,
            name=one.person.name if one.person else None,
            mentor_type=profile.mentor_type,
            utilization=utilization(state, self.kit.program_id, self.kit.capacity, profile, self.weeks),
            free=0 if away else self._free(one.id, state, profile),
            on_leave_until=away,
            away=tuple(_is_away(state, week) for week in self.weeks),
        )

    def _free(self, mentor: MentorId, state: MentorState, profile: MentorProfile) -> int:
        """For learners of the pathway that asks for most, among those for mentors of this kind."""
        those = [one for one in self.kit.pathways if profile.mentor_type in (None, one.mentor_type)]
        most = max(map(self._demand, those), key=_total, default=None)
        if most is None or not state.belongs_to(self.kit.program_id):
            return 0
        wanted = Wanted(mentor, self.kit.program_id, 1, most)
        return room_for(wanted, load_of(state.places), self.kit.capacity, profile).free

    def _demand(self, pathway: Pathway) -> Demand:
        """Of a learner who begins now, or with the term."""
        begins = self.kit.starts_at or self.at
        dates = [(SessionId(one.id), begins + one.after) for one in pathway.sessions if begins + one.after >= self.at]
        return demand_of(self.kit, pathway, max(begins, self.at), max(begins + pathway.ends, self.at), dates)

    def forecast(self, mentors: Sequence[MentorCapacity], waiting: Sequence[Waiting]) -> list[WeekForecast]:
        asked: Counter[str] = Counter()
        for pathway, learners in Counter(one.pathway for one in waiting).items():
            if known := self.kit.pathway(PathwayId(pathway)):
                demand = self._demand(known)
                for week in (*demand.weeks, *demand.shared):
                    asked[week.week] += learners * week.total
        return [
            WeekForecast(
                week=week,
                planned=sum(one.utilization.planned[nth] for one in mentors),
                waiting=asked[week],
                available=_available(mentors, nth),
            )
            for nth, week in enumerate(self.weeks)
        ]

    def kind(self, pathway: str | None) -> str:
        """The type of mentor that it asks for."""
        return next((one.mentor_type for one in self.kit.pathways if one.id == pathway), "")


def _total(demand: Demand) -> int:
    return sum(one.total for one in (*demand.weeks, *demand.shared))


def _is_away(state: MentorState, week: str) -> bool:
    """The whole week, in UTC."""
    first = datetime.combine(monday(week), time(), UTC)
    return any(one.starts_at <= first and one.ends_at >= first + timedelta(weeks=1) for one in state.leave)


def _available(mentors: Sequence[MentorCapacity], nth: int) -> int | None:
    most = [one.utilization.minutes for one in mentors if not one.away[nth]]
    return sum(one for one in most if one is not None) if None not in most else None


async def _waiting(
    pool: Pool, moment: _Moment, found: Sequence[_Mentor], mentors: Sequence[MentorCapacity]
) -> list[Waiting]:
    program, today = moment.kit.program_id, moment.at.date()
    rows = sorted(await _rows(pool, program), key=lambda one: (one.stage_since, one.journey))
    free: list[Slot] = []
    for one, capacity_now in zip(found, mentors, strict=True):
        free += slots(one.state, program, capacity_now.mentor_type, capacity_now.free, today)
    dates = expected([moment.kind(one.pathway) for one in rows], free)
    return [
        Waiting(row.journey, LearnerId(row.learner), row.pathway or "", row.stage_since, day)
        for row, day in zip(rows, dates, strict=True)
    ]


async def _rows(pool: Pool, program: ProgramId) -> list[BoardRow]:
    """The journeys for which a mentor is to be found. While an offer is open, its mentor keeps a place for them."""
    where, rows = Filter(program=program, waiting_for="match"), list[BoardRow]()
    page = await board.page(pool, where, limit=500)
    rows += page.rows
    while page.next:
        page = await board.page(pool, where, after=page.next, limit=500)
        rows += page.rows
    return [row for row in rows if not any(duty.startswith("offer:") for duty in row.awaited)]
