"""What detectors found, and what people made of it. The words stay in the log."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime

from domain.finding import EVENTS, FindingConfirmed, FindingEvent, FindingRaised, Standing, journey_of_findings
from domain.ids import FindingId, JourneyId, MentorId, ProgramId, SessionId
from domain.values import Frozen, changed
from projections.fold import Fold, Rows
from projections.kits import Kits
from projections.reading import View
from projections.sql import query
from store.codec import Codec
from store.database import Pool


class Found(Frozen):
    detector: str
    detector_version: int
    program: ProgramId
    session: SessionId
    mentor: MentorId | None
    raised_at: AwareDatetime
    standing: Standing = "open"
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None


class OfJourney(Frozen):
    found: Mapping[FindingId, Found] = {}


class Findings(Fold[FindingEvent, OfJourney]):
    name = "findings"
    version = 1
    handles = frozenset(EVENTS)
    codec = Codec(EVENTS)
    state = OfJourney
    columns: ClassVar = {
        "findings": (
            *("stream", "finding", "detector", "detector_version", "program", "journey", "session", "mentor"),
            *("raised_at", "standing", "decided_by", "decided_at"),
        )
    }
    keys: ClassVar = {"findings": "finding"}

    def evolve(self, state: OfJourney | None, event: FindingEvent) -> OfJourney:
        known = state.found if state else {}
        if isinstance(event, FindingRaised):
            one = Found(
                detector=event.detector,
                detector_version=event.detector_version,
                program=event.program,
                session=event.session,
                mentor=event.mentor,
                raised_at=event.at,
            )
        else:
            standing = "confirmed" if isinstance(event, FindingConfirmed) else "dismissed"
            decided = {"standing": standing, "decided_by": event.by, "decided_at": event.at}
            one = changed(known[event.finding], decided)
        return OfJourney(found={**known, event.finding: one})

    def rows(self, stream: str, state: OfJourney, _: object, __: Kits, /) -> Rows:
        journey = journey_of_findings(stream)
        return {
            "findings": [
                (
                    *(stream, finding, one.detector, one.detector_version, one.program, journey, one.session),
                    *(one.mentor, one.raised_at, one.standing, one.decided_by, one.decided_at),
                )
                for finding, one in state.found.items()
            ]
        }


@dataclass(frozen=True, slots=True)
class FindingRow:
    id: FindingId
    detector: str
    detector_version: int
    program: ProgramId
    journey: JourneyId
    session: SessionId
    mentor: MentorId | None
    raised_at: datetime
    standing: Standing
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page."""

    raised_at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Raised:
    """What a detector raised in some time, and how it stands now."""

    detector: str
    raised: int
    confirmed: int
    dismissed: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one version of a detector."""

    detector: str
    detector_version: int
    raised: int
    confirmed: int
    dismissed: int


@dataclass(frozen=True, slots=True)
class OfMentor:
    mentor: MentorId
    sessions: int
    """Held."""
    found: int
    """Of these, those with a confirmed finding."""


_FINDINGS = View(findings=1)
_WITH_SESSIONS = View(findings=1, delivered=3)


async def findings(
    pool: Pool,
    *,
    programs: Collection[str] | None = None,
    standing: Standing | None = None,
    detector: str | None = None,
    mentor: str | None = None,
    journey: str | None = None,
    after: Cursor | None = None,
    limit: int = 50,
) -> list[FindingRow]:
    """The latest first, those behind `after`. Raises BeingRebuilt."""
    behind = (after.raised_at, after.id) if after else (None, None)
    where = (list(programs) if programs is not None else None, standing, detector, mentor, journey)
    return [FindingRow(*row) for row in await _FINDINGS.fetch(pool, query("findings_list"), *where, *behind, limit)]


async def finding(pool: Pool, finding: FindingId) -> FindingRow | None:
    """Raises BeingRebuilt."""
    row = await _FINDINGS.fetchrow(pool, query("findings_one"), finding)
    return FindingRow(*row) if row else None


async def tallies(pool: Pool, program: ProgramId) -> list[Tally]:
    """Of each version of each detector that has found anything. Raises BeingRebuilt."""
    return [Tally(*row) for row in await _FINDINGS.fetch(pool, query("findings_tally"), program)]


async def raised_between(pool: Pool, program: ProgramId, since: datetime, until: datetime) -> list[Raised]:
    """In [since, until), of each detector that found anything then. Raises BeingRebuilt."""
    rows = await _FINDINGS.fetch(pool, query("findings_between"), program, since, until)
    return [Raised(*row) for row in rows]


async def of_mentors(pool: Pool, program: ProgramId, since: datetime, detector: str | None = None) -> list[OfMentor]:
    """Of all who held sessions since then, by id. Raises BeingRebuilt."""
    rows = await _WITH_SESSIONS.fetch(pool, query("findings_of_mentors"), program, since, detector)
    return [OfMentor(*row) for row in rows]


async def journeys_to_look_at(pool: Pool, program: ProgramId, since: datetime, after: str, limit: int) -> list[str]:
    """The streams of a page of journeys with a session since then. Raises BeingRebuilt."""
    rows = await View(delivered=3).fetch(pool, query("findings_looked_at"), program, since, after, limit)
    return [row[0] for row in rows]
