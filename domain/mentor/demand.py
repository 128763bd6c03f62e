"""What a learner asks of a mentor's weeks, in minutes, by the costs that the kit gives (R15, R16, R20)."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from operator import add
from typing import Annotated, Final, NamedTuple

from pydantic import Field, StringConstraints

from domain.ids import ProgramId, SessionId
from domain.kit import Costs, Kit, Pathway, Session
from domain.kit.words import Mode
from domain.values import Frozen, changed

IsoWeek = Annotated[str, StringConstraints(pattern=r"^\d{4}-W\d\d$")]
"""A week of ISO 8601 in UTC, from Monday, such as `2026-W09`. As text, earlier weeks come first."""
Minutes = Annotated[int, Field(ge=0)]
WEEK = timedelta(weeks=1)
_USUAL = Costs()


class WeekDemand(Frozen):
    """Minutes in one week."""

    week: IsoWeek
    preparation: Minutes = 0
    live: Minutes = 0
    follow_up: Minutes = 0
    touchpoints: Minutes = 0

    @property
    def total(self) -> int:
        return self.preparation + self.live + self.follow_up + self.touchpoints


class SharedDemand(WeekDemand):
    """A session that several learners come to. However many of them ask for it, it costs the mentor this once."""

    session: str
    """`PROGRAM/SESSION@START`: the same for all who come."""


class Demand(Frozen):
    weeks: tuple[WeekDemand, ...] = ()
    """In order, without weeks that ask for nothing."""
    shared: tuple[SharedDemand, ...] = ()

    @cached_property
    def minutes(self) -> Mapping[str, int]:
        """By week, without what is shared."""
        found: dict[str, int] = {}
        for one in self.weeks:
            found[one.week] = found.get(one.week, 0) + one.total
        return found

    @property
    def last_week(self) -> str | None:
        return max((one.week for one in (*self.weeks, *self.shared)), default=None)

    def since(self, week: str) -> "Demand":
        return Demand(
            weeks=tuple(one for one in self.weeks if one.week >= week),
            shared=tuple(one for one in self.shared if one.week >= week),
        )

    def before(self, week: str) -> "Demand":
        return Demand(
            weeks=tuple(one for one in self.weeks if one.week < week),
            shared=tuple(one for one in self.shared if one.week < week),
        )

    def followed_by(self, later: "Demand") -> "Demand":
        return Demand(weeks=(*self.weeks, *later.weeks), shared=(*self.shared, *later.shared))

    def later_by(self, weeks: int) -> "Demand":
        """The same, that many weeks later; sessions that others come to as well keep their date."""
        moved = tuple(changed(one, {"week": week_after(one.week, weeks)}) for one in self.weeks)
        return Demand(weeks=moved, shared=self.shared)


Dates = Sequence[tuple[SessionId, datetime]]


def demand_of(kit: Kit, pathway: Pathway, starts_at: datetime, ends_at: datetime, sessions: Dates) -> Demand:
    """Of these sessions, at these dates, and of touchpoints from `starts_at` until `ends_at`. Minutes are rounded up,
    for each session and for each week of touchpoints.

    Sessions in the mode `cohort` are booked by the group where the kit forms groups. Otherwise they cost once for all
    who come at the same time, as office hours do.
    """
    own: dict[str, _Minutes] = {}
    shared: list[SharedDemand] = []
    for session, at in _known(pathway, sessions):
        asks = _session_asks(kit, session)
        if session.mode not in _TOGETHER:
            week = week_of(at)
            own[week] = _sum(own.get(week, _NOTHING), asks)
        elif session.mode != "cohort" or kit.cohorts is None:
            shared.append(_shared(kit.program_id, session, at, asks))
    touchpoints = _minutes(kit.capacity.touchpoints)
    for week in weeks_between(starts_at, ends_at) if touchpoints else ():
        own[week] = _sum(own.get(week, _NOTHING), _Minutes(touchpoints=touchpoints))
    weeks = (_of_week(week, own[week]) for week in sorted(own) if sum(own[week]))
    return Demand(weeks=tuple(weeks), shared=tuple(sorted(shared, key=lambda one: (one.week, one.session))))


def _of_week(week: str, asks: "_Minutes") -> WeekDemand:
    return WeekDemand(
        week=week,
        preparation=asks.preparation,
        live=asks.live,
        follow_up=asks.follow_up,
        touchpoints=asks.touchpoints,
    )


class _Minutes(NamedTuple):
    """Of one week."""

    preparation: int = 0
    live: int = 0
    follow_up: int = 0
    touchpoints: int = 0


_NOTHING = _Minutes()


_TOGETHER: Final[tuple[Mode, ...]] = ("cohort", "office_hours")
"""Several learners come to one."""


def session_asks(kit: Kit, session: Session, at: datetime) -> SharedDemand:
    """What a session costs once for all, for a group that books it."""
    return _shared(kit.program_id, session, at, _session_asks(kit, session))


def _known(pathway: Pathway, dates: Dates) -> Iterator[tuple[Session, datetime]]:
    """Without sessions that only an earlier version of the pathway had: nobody knows what they cost."""
    known: Mapping[str, Session] = {one.id: one for one in pathway.sessions}
    for session, at in dates:
        if session in known:
            yield known[session], at


def _session_asks(kit: Kit, session: Session) -> _Minutes:
    costs = kit.capacity.costs.get(session.mode, _USUAL)
    usual = timedelta(0) if session.mode == "asynchronous" else session.length
    return _Minutes(
        preparation=_minutes(costs.preparation),
        live=_minutes(usual if costs.live is None else costs.live),
        follow_up=_minutes(costs.follow_up),
    )


def _shared(program: ProgramId, session: Session, at: datetime, asks: _Minutes) -> SharedDemand:
    name = f"{program}/{session.id}@{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
    return SharedDemand(session=name, week=week_of(at), **asks._asdict())


def _sum(one: _Minutes, other: _Minutes) -> _Minutes:
    return _Minutes(*map(add, one, other))


def _minutes(duration: timedelta) -> int:
    return math.ceil(duration / timedelta(minutes=1))


# Weeks


def week_of(at: datetime) -> str:
    return _written(at.astimezone(UTC).date())


def monday(week: str) -> date:
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def week_after(week: str, weeks: int = 1) -> str:
    return _written(monday(week) + weeks * WEEK)


def weeks_between(start: datetime, end: datetime) -> Iterable[str]:
    """Each week that has a moment from `start` until before `end`, in order."""
    if end <= start:
        return []
    first = monday(week_of(start))
    last = (end.astimezone(UTC) - timedelta.resolution).date()
    return [_written(first + nth * WEEK) for nth in range((last - first).days // 7 + 1)]


def _written(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
