"""What detectors found in what mentors wrote, what people make of it, and what mentors read of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as FromPath
from pydantic import TypeAdapter

from client.journeys import JourneyClient
from domain.access import Caller
from domain.finding import Standing
from domain.ids import FindingId, MentorId, ProgramId
from domain.values import STORABLE, Deadline, Personal
from interfaces.http.access import MentorThemselves, Operator, PersonalReader, Reader, require_program
from interfaces.http.v1.cursors import Cursors
from interfaces.http.v1.orders import Order, Said, giver
from interfaces.http.v1.visibility import programs_seen, visible_mentor
from kits.lookup import newest_published
from projections.views.findings import Cursor, FindingRow, findings
from queries import findings as queries
from queries.findings import Coaching, DetectorRecord, Drift, FindingRecord, NoSuchFinding, finding_record
from services import findings as service
from store.database import Pool
from workflows.detecting_activities import Looked

CURSORS: Cursors[Cursor] = Cursors(Cursor, TypeAdapter(tuple[Deadline, Annotated[str, STORABLE]]))
_Id = Annotated[
    FindingId, FromPath(max_length=140, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", description="the id of the finding")
]
_Days = Annotated[int, Query(ge=7, le=366, description="How many days back the sessions reach.")]


class FindingConfirmation(Order):
    reason: Personal = ""


class FindingDismissal(Order):
    reason: Said


@dataclass(frozen=True, slots=True)
class FindingPage:
    rows: list[FindingRow]
    next: str | None
    """Pass it as `after` to get the next page. Null on the last page."""


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = APIRouter(tags=["findings"])

    @routes.get("/findings")
    async def list_findings(
        *,
        caller: Reader,
        program: Annotated[str | None, Query(max_length=200)] = None,
        standing: Standing | None = None,
        detector: Annotated[str | None, Query(max_length=120)] = None,
        mentor: Annotated[str | None, Query(max_length=200)] = None,
        journey: Annotated[str | None, Query(max_length=300)] = None,
        after: Annotated[str | None, Query(max_length=500, description="The `next` of the previous page.")] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> FindingPage:
        """List findings, the latest first, without what was written."""
        rows = await findings(
            pool,
            programs=programs_seen(caller, program),
            standing=standing,
            detector=detector,
            mentor=mentor,
            journey=journey,
            after=CURSORS.read(after),
            limit=limit + 1,
        )
        shown = rows[:limit]
        more = Cursor(shown[-1].raised_at, shown[-1].id) if len(rows) > limit else None
        return FindingPage(shown, CURSORS.written(more))

    @routes.get("/findings/{finding}")
    async def get_finding(finding: _Id, caller: PersonalReader) -> FindingRecord:
        """A finding with its reason and what it was found in. Personal data."""
        return await visible_finding(pool, caller, finding)

    @routes.post("/findings/{finding}/confirm")
    async def confirm_finding(finding: _Id, body: FindingConfirmation, caller: Operator) -> FindingRecord:
        """Say that the detector is right. The mentor reads it from then on, with the kind words of the kit."""
        found = (await visible_finding(pool, caller, finding)).finding
        await service.confirm(pool, found.journey, finding, body.reason, giver(caller, body.by))
        return await finding_record(pool, finding)

    @routes.post("/findings/{finding}/dismiss")
    async def dismiss_finding(finding: _Id, body: FindingDismissal, caller: Operator) -> FindingRecord:
        """Say that the detector is wrong here, or that it helps nobody. The mentor never sees it."""
        found = (await visible_finding(pool, caller, finding)).finding
        await service.dismiss(pool, found.journey, finding, body.reason, giver(caller, body.by))
        return await finding_record(pool, finding)

    @routes.post("/programs/{program}/findings")
    async def look_for_findings(program: ProgramId, caller: Operator, days: _Days = 35) -> Looked:
        """Let the detectors look now, besides the looks of the program's schedule."""
        require_program(caller, program)
        await newest_published(pool, program)
        return await service.look(journeys.temporal, program, datetime.now(UTC) - timedelta(days=days))

    @routes.get("/programs/{program}/detectors")
    async def list_detectors(program: ProgramId, caller: Reader) -> list[DetectorRecord]:
        """The detectors of a program, and how often people found each of them right."""
        require_program(caller, program)
        return await queries.detectors(pool, program)

    @routes.get("/programs/{program}/drift")
    async def get_drift(program: ProgramId, caller: PersonalReader, days: _Days = 91) -> list[Drift]:
        """Mentors whose figures lie outside of what chance explains, by id: a reason to talk, and no ranking."""
        require_program(caller, program)
        return await queries.drift(pool, program, datetime.now(UTC), timedelta(days=days))

    @routes.get("/mentors/{mentor}/coaching")
    async def get_coaching(
        mentor: MentorId,
        caller: MentorThemselves,
        program: Annotated[ProgramId | None, Query(max_length=120)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 20,
    ) -> list[Coaching]:
        """What was confirmed in a mentor's own sessions, with the kind words of the kit, the latest first."""
        await visible_mentor(pool, caller, mentor)
        if program is not None:
            require_program(caller, program)
        return [
            one
            for one in await queries.coaching(pool, mentor, program, limit)
            if program is not None or caller.may_use(one.program)
        ]

    return routes


async def visible_finding(pool: Pool, caller: Caller, finding: FindingId) -> FindingRecord:
    """Raises NoSuchFinding, also for one of a program that the caller may not use."""
    found = await finding_record(pool, finding)
    if not caller.may_use(found.finding.program):
        raise NoSuchFinding(finding)
    return found
