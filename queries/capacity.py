"""What a program's mentors can take on, what the coming weeks ask for, who waits; and the reviews of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from domain.capacity_review import EVENTS, CapacityReviewed, Figures, capacity_stream
from domain.ids import ProgramId
from domain.mentor.demand import monday
from domain.mentor.utilization import Use
from domain.values import counted
from projections.capacity import WEEKS, Capacity, MentorCapacity, capacity, wait
from queries.listing import Listing
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog

_USES: dict[Use, str] = {
    "under_used": "under-used",
    "below_target": "below target",
    "at_target": "at target",
    "over_limit": "OVER LIMIT",
}
_REVIEWS: Codec[CapacityReviewed] = Codec(EVENTS)
_SHOWN_WEEKS = 6


async def now(pool: Pool, program: ProgramId, weeks: int = WEEKS) -> Capacity:
    """Raises NoSuchProgram, BeingRebuilt."""
    return await capacity(pool, program, datetime.now(UTC), weeks)


async def reviews(pool: Pool, program: ProgramId, limit: int = 12) -> list[CapacityReviewed]:
    """The newest first."""
    stream = capacity_stream(program)
    version = await EventLog(pool).version(stream)
    recorded = await EventLog(pool).read_stream(stream, max(1, version - limit + 1)) if version else []
    return list(reversed(_REVIEWS.decode_known(recorded)))


# In words


def headline(found: Capacity) -> str:
    taken = sum(one.utilization.taken for one in found.mentors)
    places = sum(one.utilization.places for one in found.mentors)
    uses = [one.utilization.use for one in found.mentors]
    return (
        f"{counted(len(found.mentors), 'mentor')}, {taken:,} of {counted(places, 'place')} taken. "
        f"Over the limit: {uses.count('over_limit')}; at the target of {found.target:.0%}: {uses.count('at_target')}; "
        f"under-used: {uses.count('under_used')}."
    )


def waiting_in_words(found: Capacity) -> str:
    told = wait(found)
    own_list = f" Another {counted(found.on_waiting_list, 'learner')} on the program's waiting list."
    after = own_list if found.on_waiting_list else ""
    if not told.learners:
        return f"Nobody waits for a mentor.{after}"
    longest = f"for {counted(told.longest_days, 'day')}" if told.longest_days else "since today"
    who = f"{counted(told.learners, 'learner')} waiting for a mentor, the first {longest}."
    return f"{who} {_expected(told.expected_days, told.without_date)}{after}"


def _expected(days: int | None, without_date: int) -> str:
    if days is None:
        return f"For {without_date:,} of them, nobody knows yet when there will be a place."
    if days == 0:
        return "There are places for all of them now."
    return f"The last of them can expect a place in {counted(days, 'day')}."


def listings(found: Capacity, names: Mapping[str, str]) -> tuple[Listing, ...]:
    """`names`: of the learners who wait, by id."""
    return (_mentors(found), _forecast(found), _waiting(found, names))


def _mentors(found: Capacity) -> Listing:
    weeks = [_week(one) for one in found.weeks[:_SHOWN_WEEKS]]
    return Listing(
        f"Mentors of {found.program} {found.version}: places, and minutes by the week that begins",
        ("mentor", "places", "free", "used", "", "a week", *weeks),
        [
            (
                f"{one.name} ({one.mentor})" if one.name else one.mentor,
                _places(one),
                one.free,
                f"{one.utilization.share:.0%}",
                _standing(one),
                "no limit" if one.utilization.minutes is None else one.utilization.minutes,
                *one.utilization.planned[:_SHOWN_WEEKS],
            )
            for one in found.mentors
        ],
    )


def _places(one: MentorCapacity) -> str:
    reserved = f", {one.utilization.reserved} reserved" if one.utilization.reserved else ""
    return f"{one.utilization.taken} of {one.utilization.places}{reserved}"


def _standing(one: MentorCapacity) -> str:
    away = f", on leave until {one.on_leave_until:%d %b}" if one.on_leave_until else ""
    return f"{_USES[one.utilization.use]}{away}"


def _forecast(found: Capacity) -> Listing:
    return Listing(
        "The coming weeks, in minutes of all mentors",
        ("week of", "planned", "those who wait", "available", "used"),
        [
            (
                monday(one.week),
                one.planned,
                one.waiting,
                "no limit" if one.available is None else one.available,
                f"{(one.planned + one.waiting) / one.available:.0%}" if one.available else "",
            )
            for one in found.forecast
        ],
    )


def _waiting(found: Capacity, names: Mapping[str, str]) -> Listing:
    today = found.at.date()
    return Listing(
        "Waiting for a mentor",
        ("learner", "pathway", "since", "can expect a place"),
        [
            (
                f"{names[one.learner]} ({one.learner})" if one.learner in names else one.learner,
                one.pathway,
                one.since.date(),
                _when(one.expected_from, today),
            )
            for one in found.waiting
        ],
    )


def _when(day: date | None, today: date) -> str:
    if day is None:
        return "not known"
    return "now" if day <= today else f"{day}"


def _week(week: str) -> str:
    return f"{monday(week):%d %b}"


def reviews_listing(program: ProgramId, found: Sequence[CapacityReviewed], names: Mapping[str, str]) -> Listing:
    """`names`: of the mentors who were over the limit, by id."""
    return Listing(
        f"Reviews of the capacity of {program}",
        ("at", "mentors", "places", "used", "over limit", "at target", "under-used", "waiting", "last can expect"),
        [
            (
                f"{one.at:%Y-%m-%d %H:%M}",
                one.figures.mentors,
                f"{one.figures.taken} of {one.figures.places}",
                f"{one.figures.utilization:.0%}",
                _named(one, names),
                one.figures.at_target,
                one.mentors_under_used,
                one.figures.wait.learners,
                _wait_of(one.figures),
            )
            for one in found
        ],
    )


def _named(one: CapacityReviewed, names: Mapping[str, str]) -> str:
    first = [names.get(mentor, mentor) for mentor in one.figures.over_limit[:3]]
    more = ["…"] if one.mentors_over_limit > len(first) else []
    return f"{one.mentors_over_limit}: {', '.join([*first, *more])}" if first else "0"


def _wait_of(figures: Figures) -> str:
    if not figures.wait.learners:
        return ""
    days = figures.wait.expected_days
    return "not known" if days is None else "now" if days == 0 else f"in {counted(days, 'day')}"
