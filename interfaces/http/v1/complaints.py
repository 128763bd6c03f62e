"""Complaints: low answers to surveys with words beside them, and what people do about each."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as FromPath
from pydantic import TypeAdapter

from client.journeys import JourneyClient
from domain.complaint import Standing
from domain.ids import ProgramId
from domain.values import STORABLE, Day, Deadline
from interfaces.http.access import Operator, PersonalReader, require_program
from interfaces.http.v1.cursors import Cursors
from interfaces.http.v1.orders import AnyOrder, Order, Said, giver
from kits.lookup import newest_published
from queries.complaints import Complaint, Cursor, complaints
from services.complaints import ComplaintDesk, Dealt
from store.database import Pool

CURSORS: Cursors[Cursor] = Cursors(Cursor, TypeAdapter(tuple[Deadline, Annotated[str, STORABLE]]))
_Request = Annotated[
    str,
    FromPath(max_length=600, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.~-]*$", description="the id of the survey's request"),
]


class ComplaintAnswer(Order):
    answer: Said
    """It is sent to whoever complained, where their journey is open."""


@dataclass(frozen=True, slots=True)
class ComplaintPage:
    rows: list[Complaint]
    next: str | None
    """Pass it as `after` to get the next page. Null on the last page."""


def router(pool: Pool, client: JourneyClient) -> APIRouter:
    routes = APIRouter(prefix="/programs/{program}/complaints", tags=["complaints"])
    desk = ComplaintDesk(pool, client)

    @routes.get("")
    async def list_complaints(
        *,
        program: ProgramId,
        caller: PersonalReader,
        standing: Standing | None = None,
        since: Annotated[Day | None, Query(description="The first day, UTC. Default: 26 weeks ago.")] = None,
        after: Annotated[str | None, Query(max_length=1_000, description="The `next` of the previous page.")] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> ComplaintPage:
        """Low answers with words beside them, the latest first, with what was done about each. Personal data."""
        require_program(caller, program)
        await newest_published(pool, program)
        rows = await complaints(
            pool,
            program,
            standing=standing,
            since=datetime.combine(since, time(), UTC) if since else None,
            after=CURSORS.read(after),
            limit=limit + 1,
        )
        shown = rows[:limit]
        more = Cursor(shown[-1].answered_at, shown[-1].request) if len(rows) > limit else None
        return ComplaintPage(shown, CURSORS.written(more))

    @routes.post("/{request}/take-up")
    async def take_up_complaint(program: ProgramId, request: _Request, caller: Operator, body: AnyOrder) -> Dealt:
        """Deal with a complaint: as a case of the journey, if its kit has an escalation for the flag `feedback`."""
        require_program(caller, program)
        return await desk.take_up(program, request, datetime.now(UTC), by=giver(caller, body.by))

    @routes.post("/{request}/answer")
    async def answer_complaint(program: ProgramId, request: _Request, body: ComplaintAnswer, caller: Operator) -> Dealt:
        """Answer whoever complained. It is sent where their journey is open, and recorded in any case."""
        require_program(caller, program)
        at = datetime.now(UTC)
        return await desk.answer(program, request, body.answer, at, by=giver(caller, body.by))

    return routes
