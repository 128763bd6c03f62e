"""Times that are offered for a session, on the clocks of both sides, and why there are no more.

Names of people are personal data.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.ids import JourneyId, LearnerId, MentorId, SessionId
from domain.scheduling.free import Calendar
from domain.scheduling.slots import Lost, offers, spread
from domain.scheduling.week import written
from domain.scheduling.wording import rule_in_words
from queries.availability import Appointment, appointment
from store.database import Pool


@dataclass(frozen=True, slots=True)
class Moment:
    """The same time on three clocks, each with its offset from UTC."""

    starts_at: datetime
    ends_at: datetime
    for_mentor: datetime
    for_learner: datetime


@dataclass(frozen=True, slots=True)
class Obstacle:
    side: str
    """Whose rule it is: `mentor`, `learner` or `program`."""
    rule: str
    words: str
    excluded: int
    """How many of the times that were considered it excludes."""
    without_it: int
    """How many more would suit if this rule alone were dropped."""


@dataclass(frozen=True, slots=True)
class Side:
    id: str
    name: str
    time_zone: str
    hours: list[str]
    """Hours of the week. Empty: they have said nothing about hours."""


@dataclass(frozen=True, slots=True)
class Times:
    journey: JourneyId
    session: SessionId
    title: str
    present: Moment
    """When the session is at present."""
    length_minutes: int
    mentor: Side
    learner: Side
    offered: list[Moment]
    """The soonest of each day first."""
    suitable: int
    """How many times suit in all, within the horizon."""
    considered: int
    """How many times there are within the horizon."""
    horizon_ends_at: datetime
    remarks: list[str]
    """What whoever chooses should know, such as that one side has said nothing about hours."""
    obstacles: list[Obstacle]
    """What excludes times: first those whose removal alone would help most."""


async def times_for(pool: Pool, journey: JourneyId, session: SessionId, many: int | None = None) -> Times:
    """`many`: how many are offered; None: as many as the kit says.

    Raises:
        NoSuchJourney: when the log has no such journey.
        Rejected: where the session is not to be held, or the learner has no mentor.
    """
    wanted = await appointment(pool, journey, session)
    mentor, learner = wanted.mentors_calendar, wanted.learner
    at = wanted.record.as_of
    found = offers(mentor, learner, wanted.terms, at)
    chosen = spread(found.starts, many or wanted.record.kit.meeting.ahead, mentor)
    return Times(
        journey=journey,
        session=session,
        title=wanted.title,
        present=_moment(wanted, wanted.session.starts_at),
        length_minutes=wanted.terms.length // timedelta(minutes=1),
        mentor=_side(wanted, wanted.mentor, mentor),
        learner=_side(wanted, wanted.record.state.learner, learner),
        offered=[_moment(wanted, one) for one in chosen],
        suitable=len(found.starts),
        considered=found.considered,
        horizon_ends_at=at + wanted.terms.horizon,
        remarks=list(_remarks(wanted, mentor, learner)),
        obstacles=_obstacles(found.lost, wanted),
    )


def _moment(wanted: Appointment, start: datetime) -> Moment:
    return Moment(
        starts_at=start,
        ends_at=start + wanted.terms.length,
        for_mentor=start.astimezone(wanted.mentors_calendar.zone),
        for_learner=start.astimezone(wanted.learner.zone),
    )


def _side(wanted: Appointment, person: MentorId | LearnerId, calendar: Calendar) -> Side:
    return Side(person, wanted.name_of(person), str(calendar.zone), [written(one) for one in calendar.week])


def _remarks(wanted: Appointment, mentor: Calendar, learner: Calendar) -> Iterator[str]:
    for who, calendar, known in (
        ("mentor", mentor, wanted.mentors_zone_is_known),
        ("learner", learner, wanted.learners_zone_is_known),
    ):
        if not calendar.week:
            quiet = "any time outside quiet hours" if calendar.quiet else "any time of the day"
            yield f"The {who} has said nothing about hours: {quiet} is taken to suit."
        if not known:
            yield f"No time zone of the {who} is known: UTC is taken for it."


def _obstacles(lost: Sequence[Lost], wanted: Appointment) -> list[Obstacle]:
    told = [
        Obstacle(one.side, one.rule, rule_in_words((one.side, one.rule), wanted.terms), one.taken, one.without_it)
        for one in lost
    ]
    return sorted(told, key=lambda one: (-one.without_it, -one.excluded))
