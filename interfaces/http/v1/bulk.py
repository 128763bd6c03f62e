"""Bulk actions: the same for many journeys. First a plan, which freezes their list; then, once it is confirmed, a
workflow goes through them. Journeys of many learners begin in bulk, too.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field, StringConstraints, TypeAdapter

from client.journeys import JourneyClient
from domain.access import Caller
from domain.bulk import Outcome, Status
from domain.bulk.events import FASTEST, SLOWEST
from domain.ids import BulkId, ProgramId, Slug
from domain.values import LAST_NUMBER, STORABLE, Actor, Deadline, Frozen, Whole
from interfaces.http.access import Operator, Reader, Starter, require_program
from interfaces.http.idempotency import Identified
from interfaces.http.v1.cursors import Cursors
from interfaces.http.v1.enrollment import writable
from interfaces.http.v1.orders import AnyReason, giver
from interfaces.http.v1.orders import Order as AnOrder
from interfaces.http.v1.uploads import TABLE_OF_PEOPLE, table_of_people
from kits.lookup import newest
from projections.views import bulks as view
from projections.views.bulks import BulkRow, Cursor
from scenarios.people_files import read_learners
from services.bulk import (
    BulkPlan,
    BulkRecords,
    Bulks,
    BulkShown,
    Entry,
    NoSuchBulk,
    NoSuchPlan,
    Order,
    enter,
    foretell_entry,
    plan,
    require_same,
)
from services.bulk.entering import USUAL_RATE_OF_STARTS
from services.bulk.planning import USUAL_RATE, Action
from services.bulk.selecting import BulkFilter
from store.bulk import ItemRow
from store.database import Pool

_CURSORS: Cursors[Cursor] = Cursors(Cursor, TypeAdapter(tuple[Deadline, Annotated[str, STORABLE]]))
_Rate = Annotated[float, Field(ge=SLOWEST, le=FASTEST)]


class BulkOrder(AnOrder):
    """What is to be done to which journeys, and how fast."""

    action: Action
    filter: BulkFilter
    rate: _Rate = USUAL_RATE
    """Journeys a second."""


class ConfirmedOrder(BulkOrder):
    digest: str
    """Of the plan that was made of this very order."""


class Confirmation(AnOrder):
    """One of the two, from the plan."""

    journeys: Whole | None = None
    """How many journeys the plan has."""
    digest: str | None = None


class Resumption(AnOrder):
    rate: _Rate | None = None
    """Journeys a second from now on. Default: as before."""


class EntryQuery(Frozen):
    """How the learners of the table start."""

    program: Slug
    send_answers: bool = False
    """Submit the intake answers of the table."""
    again: bool = False
    """Also learners whose last journey in this program has ended."""
    past_places: bool = False
    """Start even if no place is left or enrollment is closed."""
    rate: _Rate = USUAL_RATE_OF_STARTS
    """Journeys a second."""
    by: Annotated[Actor, StringConstraints(max_length=128)] | None = None
    """Who starts them. Default: whoever the key is for."""


@dataclass(frozen=True, slots=True)
class BulkPage:
    rows: list[BulkRow]
    next: str | None
    """Pass it as `after` to get the next page. Null on the last page."""


@dataclass(frozen=True, slots=True)
class BulkJourneys:
    journeys: list[ItemRow]
    next: int | None
    """Pass it as `after` to get the next page. Null on the last page."""


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = APIRouter(tags=["bulk"])
    records = BulkRecords(pool)

    def bulks() -> Bulks:
        return Bulks(pool, journeys.temporal)

    @routes.get("/bulk")
    async def list_bulk_actions(
        caller: Reader,
        status: Status | None = None,
        after: Annotated[str | None, Query(max_length=500, description="The `next` of the previous page.")] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> BulkPage:
        """List bulk actions, the latest first. Plans that can no longer be confirmed are listed for their status."""
        return await bulk_page(pool, caller, status, after, limit)

    @routes.post("/bulk", status_code=201)
    async def plan_bulk_action(body: BulkOrder, caller: Operator) -> BulkPlan:
        """Select journeys, freeze their list, and tell what would come of it.

        Nothing is done until the plan is confirmed, within a day. A filter that leaves out nothing is refused.
        """
        if body.filter.program is not None:
            require_program(caller, ProgramId(body.filter.program))
        order = Order(action=body.action, filter=body.filter, rate=body.rate, by=giver(caller, body.by))
        return await plan(pool, order, caller.programs)

    @routes.post("/bulk/confirmed")
    async def confirm_bulk_order(body: ConfirmedOrder, caller: Operator) -> BulkShown:
        """Carry out the plan with this digest, for scripts that state the whole order again.

        It is refused if the plan is for something else. Sent again, nothing more happens.
        """
        order = Order(action=body.action, filter=body.filter, rate=body.rate, by=giver(caller, body.by))
        bulk, planned = await records.planned_as(body.digest)
        if not all(map(caller.may_use, planned.programs)):
            raise NoSuchPlan(body.digest)
        await require_same(pool, order, planned)
        return await bulks().begin(bulk, digest=body.digest, by=order.by)

    @routes.get("/bulk/{bulk}")
    async def get_bulk_action(bulk: BulkId, caller: Reader) -> BulkShown:
        """How far it has come: outcomes, what is left, and why journeys refused."""
        return await found_bulk(records, caller, bulk)

    @routes.get("/bulk/{bulk}/journeys")
    async def list_bulk_journeys(
        bulk: BulkId,
        caller: Reader,
        outcome: Outcome | Literal["left"] | None = None,
        after: Annotated[int, Query(ge=0, le=LAST_NUMBER, description="The `next` of the previous page.")] = 0,
        limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    ) -> BulkJourneys:
        """The journeys of the frozen list, in its order, with what came of each."""
        await found_bulk(records, caller, bulk)
        rows = await records.items(bulk, outcome, after, limit + 1)
        shown = rows[:limit] if caller.sees_personal_data else [replace(one, says=None) for one in rows[:limit]]
        return BulkJourneys(shown, shown[-1].number if len(rows) > limit else None)

    @routes.post("/bulk/{bulk}/begin")
    async def begin_bulk_action(bulk: BulkId, body: Confirmation, caller: Operator) -> BulkShown:
        """Carry out a plan, for the journeys that it has. Their number or the digest of the plan confirms it."""
        await found_bulk(records, caller, bulk)
        by = giver(caller, body.by)
        return await bulks().begin(bulk, journeys=body.journeys, digest=body.digest, by=by)

    @routes.post("/bulk/{bulk}/pause")
    async def pause_bulk_action(bulk: BulkId, caller: Operator, body: AnyReason) -> BulkShown:
        """Within some seconds no further journey is touched."""
        await found_bulk(records, caller, bulk)
        return await bulks().pause(bulk, reason=body.reason, by=giver(caller, body.by))

    @routes.post("/bulk/{bulk}/resume")
    async def resume_bulk_action(bulk: BulkId, caller: Operator, body: Resumption) -> BulkShown:
        """Go on with the journeys that are left, or change the rate."""
        await found_bulk(records, caller, bulk)
        return await bulks().resume(bulk, rate=body.rate, by=giver(caller, body.by))

    @routes.post("/bulk/{bulk}/stop")
    async def stop_bulk_action(bulk: BulkId, caller: Operator, body: AnyReason) -> BulkShown:
        """The journeys that are left stay as they are, for good. A plan that was not begun is given up."""
        await found_bulk(records, caller, bulk)
        return await bulks().stop(bulk, reason=body.reason, by=giver(caller, body.by))

    @routes.post("/journeys/bulk", status_code=202, openapi_extra=TABLE_OF_PEOPLE)
    async def start_journeys(
        request: Request, query: Annotated[EntryQuery, Query()], caller: Starter, identity: Identified
    ) -> BulkShown:
        """Start the journeys of everybody in a table. All get a place now or none; a bulk action then begins their
        journeys. Follow it at `/v1/bulk/{id}`.

        Journeys that have started are left alone. A table with an error changes nothing.
        """
        entry = await _entry(request, query, caller)
        bulk = await enter(pool, entry, BulkId(identity.derive("bulk").removeprefix("http:")[:12]))
        found = await records.show(bulk)
        return _shown_to(caller, await bulks().begin(bulk, digest=found.digest, by=entry.by))

    @routes.post("/journeys/bulk/plan", openapi_extra=TABLE_OF_PEOPLE)
    async def plan_start_of_journeys(
        request: Request, query: Annotated[EntryQuery, Query()], caller: Starter
    ) -> BulkPlan:
        """What `POST /v1/journeys/bulk` would do with this table. Nothing is stored."""
        return await foretell_entry(pool, await _entry(request, query, caller))

    async def _entry(request: Request, query: EntryQuery, caller: Caller) -> Entry:
        program = ProgramId(query.program)
        require_program(caller, program)
        kit = await newest(pool, program)
        those = await table_of_people(request, lambda file: read_learners(file, kit))
        return Entry(
            program,
            await writable(pool, caller, program, those),
            sends_answers=query.send_answers,
            again=query.again,
            past_places=query.past_places,
            rate=query.rate,
            by=giver(caller, query.by),
        )

    return routes


async def found_bulk(records: BulkRecords, caller: Caller, bulk: BulkId) -> BulkShown:
    """Raises NoSuchBulk, also where a journey belongs to a program that the caller may not use."""
    found = await records.show(bulk)
    if not all(map(caller.may_use, found.programs)):
        raise NoSuchBulk(bulk)
    return _shown_to(caller, found)


async def bulk_page(pool: Pool, caller: Caller, status: Status | None, after: str | None, limit: int) -> BulkPage:
    """Raises BadCursor."""
    rows = await view.bulks(
        pool, datetime.now(UTC), programs=caller.programs, status=status, after=_CURSORS.read(after), limit=limit + 1
    )
    shown = rows[:limit]
    more = Cursor(shown[-1].planned_at, shown[-1].id) if len(rows) > limit else None
    return BulkPage(shown, _CURSORS.written(more))


def _shown_to(caller: Caller, found: BulkShown) -> BulkShown:
    return found if caller.sees_personal_data else replace(found, reason="", content="{}")
