"""Where learners leave a program, and how its work is spread over mentors, from the view `measured`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from projections.reading import View
from projections.sql import query
from store.database import Pool


@dataclass(frozen=True, slots=True)
class StageLeft:
    stage: str
    entered: int
    left: int
    """Whose journey ended here without being completed."""


@dataclass(frozen=True, slots=True)
class HeldLeft:
    sessions: int
    """Sessions held."""
    reached: int
    """Journeys with so many or more."""
    left: int
    """Journeys that ended after exactly so many, without being completed."""


@dataclass(frozen=True, slots=True)
class LearnersEach:
    learners: int
    mentors: int
    """That have so many learners now."""


@dataclass(frozen=True, slots=True)
class MeetingWeek:
    week: date
    """Its Monday, UTC."""
    mentors: int
    """That held a session."""
    meetings: int
    """A session of a group counts once."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Which journeys; each that is None selects all."""

    began_since: datetime | None = None
    began_until: datetime | None = None
    cohort: str | None = None
    version: str | None = None
    pathway: str | None = None

    @property
    def parameters(self) -> tuple[object, ...]:
        return self.began_since, self.began_until, self.cohort, self.version, self.pathway


_STAGES = View(measured=2, funnel=1)
_MEASURED = View(measured=2)


async def stages(pool: Pool, program: str, whose: Whose) -> Sequence[StageLeft]:
    """In their order."""
    rows = await _STAGES.fetch(pool, query("measured_stages"), program, *whose.parameters)
    return [StageLeft(*row) for row in rows]


async def sessions_held(pool: Pool, program: str, whose: Whose) -> Sequence[HeldLeft]:
    """By the number of sessions, at most 50 of them."""
    rows = await _MEASURED.fetch(pool, query("measured_sessions_held"), program, *whose.parameters)
    return [HeldLeft(*row) for row in rows]


async def workload(pool: Pool, program: str) -> Sequence[LearnersEach]:
    """By the number of learners. Mentors without any are not among them."""
    return [LearnersEach(*row) for row in await _MEASURED.fetch(pool, query("measured_workload"), program)]


async def meetings(pool: Pool, program: str, since: datetime, until: datetime) -> Sequence[MeetingWeek]:
    rows = await _MEASURED.fetch(pool, query("measured_meetings"), program, since, until)
    return [MeetingWeek(*row) for row in rows]
