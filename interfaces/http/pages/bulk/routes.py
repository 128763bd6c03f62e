"""The addresses of bulk actions. Planning is a dry run; only its confirmation changes anything."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from client.journeys import JourneyClient
from domain.access import Caller, KeyRole
from domain.bulk import Outcome
from domain.ids import BulkId, ProgramId
from domain.refusal import Rejected
from domain.values import counted
from interfaces.http.access import Operator, Reader, require_program
from interfaces.http.idempotency import RequestIdentity
from interfaces.http.pages.acting import act
from interfaces.http.pages.bulk.actions import ACTIONS, Ordering, action_of, ordering
from interfaces.http.pages.bulk.choosing import Chosen, NothingChosen, chosen_by
from interfaces.http.pages.bulk.pages import NewPage, back_of, bulk_action_page, list_page, plan_page
from interfaces.http.pages.fields import Form, form_of
from interfaces.http.pages.filled_forms import NotTyped, misfits, payload_of, read_form
from interfaces.http.pages.frame import Pages
from interfaces.http.pages.rendering import render
from interfaces.http.refusals import status_of_refusal
from interfaces.http.v1.bulk import bulk_page, found_bulk
from interfaces.http.v1.orders import ForAReason, Order
from services import bulk as services
from services.bulk import BulkPlan, BulkRecords, Bulks, BulkShown
from store.database import Pool
from store.people import names_of

_ROWS = 50
_LAST = 2**31 - 1
_USUAL = "message"
_MOST_PLANS = 50


@dataclass(frozen=True, slots=True)
class _Refused:
    status: int
    form: Form


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = Pages(pool)
    records = BulkRecords(pool)
    kept = _Plans()

    def bulks() -> Bulks:
        return Bulks(pool, journeys.temporal)

    @routes.get("/bulk")
    async def bulk_actions(caller: Reader, after: Annotated[str | None, Query(max_length=500)] = None) -> str:
        page = await bulk_page(pool, caller, None, after, _ROWS)
        return render("bulk/list.html", list_page(page, datetime.now(UTC), is_first=after is None), live="bulk")

    @routes.get("/bulk/new")
    async def new_bulk_action(request: Request, caller: Operator, action: str = _USUAL) -> HTMLResponse:
        _require_action(action)
        try:
            chosen = await _chosen(request, caller)
        except (NothingChosen, HTTPException) as error:
            return HTMLResponse(render("bulk/nothing.html", _says(error)), 422)
        ordered = await ordering(pool, action, chosen)
        filled = ordered.form.given_by(request.query_params)
        return HTMLResponse(_new_page(chosen, action, replace(ordered, form=filled)))

    @routes.post("/bulk")
    async def plan_bulk_action(request: Request, caller: Operator, action: str = _USUAL) -> Response:
        """The dry run. The page of the plan shows what it found; to load that again plans nothing anew."""
        _require_action(action)
        try:
            chosen = await _chosen(request, caller)
        except (NothingChosen, HTTPException) as error:
            return HTMLResponse(render("bulk/nothing.html", _says(error)), 422)
        ordered = await ordering(pool, action, chosen)
        planned = await _planned(request, caller, action, chosen, ordered)
        if isinstance(planned, _Refused):
            return HTMLResponse(_new_page(chosen, action, replace(ordered, form=planned.form)), planned.status)
        kept.put(planned)
        return RedirectResponse(f"/bulk/{planned.id}/plan", 303)

    @routes.get("/bulk/{bulk}/plan")
    async def plan_of(bulk: BulkId, caller: Operator) -> Response:
        """What would come of it. Once it has begun or is stopped, its own page says what came."""
        shown = await found_bulk(records, caller, bulk)
        planned = kept.get(bulk) if shown.status == "planned" else None
        found = planned or await services.expected(pool, bulk)
        if not isinstance(found, BulkPlan):
            return RedirectResponse(f"/bulk/{bulk}", 303)
        kept.put(found)
        people = (*(one.learner for one in found.sample), *(one.mentor for one in found.sample if one.mentor))
        names = await names_of(pool, people)
        page = plan_page(found, names, _begin(bulk, found.journeys), back_of(shown))
        return HTMLResponse(render("bulk/plan.html", page))

    @routes.get("/bulk/{bulk}")
    async def bulk_action(
        bulk: BulkId,
        caller: Reader,
        outcome: Outcome | Literal["left"] | None = None,
        after: Annotated[int, Query(ge=0, le=_LAST)] = 0,
    ) -> str:
        found = await found_bulk(records, caller, bulk)
        rows = await records.items(bulk, outcome, after, _ROWS + 1)
        shown = rows[:_ROWS] if caller.sees_personal_data else [replace(one, says=None) for one in rows[:_ROWS]]
        people = (*(one.learner for one in shown), *(one.mentor for one in shown if one.mentor))
        names = await names_of(pool, people) if caller.sees_personal_data else {}
        following = shown[-1].number if len(rows) > _ROWS else None
        forms = _forms(found) if caller.role is KeyRole.OPS else ()
        page = bulk_action_page(
            found,
            shown,
            names,
            opens=caller.sees_personal_data,
            outcome=outcome,
            following=following,
            forms=forms,
            now=datetime.now(UTC),
        )
        return render("bulk/one.html", page, live="bulk" if found.status == "running" else None)

    @routes.post("/bulk/{bulk}/begin")
    async def begin(bulk: BulkId, request: Request, caller: Operator) -> Response:
        found = await found_bulk(records, caller, bulk)

        async def do(_: Order, __: RequestIdentity) -> str:
            await bulks().begin(bulk, journeys=found.journeys, by=caller.actor)
            return f"It has begun, for {counted(found.journeys, 'journey')}."

        return await act(request, Order, _begin(bulk, found.journeys), do, back_to=f"/bulk/{bulk}")

    @routes.post("/bulk/{bulk}/pause")
    async def pause(bulk: BulkId, request: Request, caller: Operator) -> Response:
        await found_bulk(records, caller, bulk)

        async def do(_: Order, __: RequestIdentity) -> str:
            await bulks().pause(bulk, by=caller.actor)
            return "It is paused. Within some seconds no further journey is touched."

        return await act(request, Order, _pause(bulk), do, back_to=f"/bulk/{bulk}")

    @routes.post("/bulk/{bulk}/resume")
    async def resume(bulk: BulkId, request: Request, caller: Operator) -> Response:
        await found_bulk(records, caller, bulk)

        async def do(_: Order, __: RequestIdentity) -> str:
            await bulks().resume(bulk, by=caller.actor)
            return "It goes on with the journeys that are left."

        return await act(request, Order, _resume(bulk), do, back_to=f"/bulk/{bulk}")

    @routes.post("/bulk/{bulk}/stop")
    async def stop(bulk: BulkId, request: Request, caller: Operator) -> Response:
        found = await found_bulk(records, caller, bulk)

        async def do(said: ForAReason, _: RequestIdentity) -> str:
            await bulks().stop(bulk, reason=said.reason, by=caller.actor)
            return "It is stopped. The journeys that were left stay as they are."

        async def what(_: ForAReason) -> Sequence[str]:
            if found.begun_at is None:
                return ["The plan is given up. No journey has been touched."]
            return [
                f"{counted(found.left, 'journey')} of {found.journeys:,} stay as they are, for good.",
                f"What was done for the other {found.journeys - found.left:,} is not undone.",
            ]

        return await act(request, ForAReason, _stop(bulk), do, back_to=f"/bulk/{bulk}", consequences=what)

    async def _chosen(request: Request, caller: Caller) -> Chosen:
        """Raises NothingChosen, SearchTooBroad; NoSuchProgram for one that the caller may not use."""
        chosen = await chosen_by(pool, request, caller)
        if chosen.filter.program is not None:
            require_program(caller, ProgramId(chosen.filter.program))
        return chosen

    async def _planned(
        request: Request, caller: Caller, name: str, chosen: Chosen, ordered: Ordering
    ) -> BulkPlan | _Refused:
        given = read_form(await request.body())
        filled = ordered.form.filled(given)
        try:
            action = action_of(name, payload_of(ordered.form, given))
            order = services.Order(action=action, filter=chosen.filter, by=caller.actor)
            return await services.plan(pool, order, caller.programs)
        except NotTyped as error:
            return _Refused(422, filled.with_problems(error.problems))
        except ValidationError as error:
            return _Refused(422, filled.with_problems(misfits(error)))
        except Rejected as error:
            return _Refused(status_of_refusal(error.code), filled.with_problems({}, str(error)))

    return routes


class _Plans:
    """What was foretold lately in this process, so that it is not foretold again for the page that shows it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[BulkId, BulkPlan] = OrderedDict()

    def put(self, plan: BulkPlan) -> None:
        self._kept[plan.id] = plan
        while len(self._kept) > _MOST_PLANS:
            self._kept.popitem(last=False)

    def get(self, bulk: BulkId) -> BulkPlan | None:
        return self._kept.get(bulk)


def _require_action(name: str) -> None:
    if name not in ACTIONS:
        raise HTTPException(404, f"There is no bulk action {name!r}.")


def _says(error: Exception) -> str:
    return str(error.detail) if isinstance(error, HTTPException) else str(error)


def _new_page(chosen: Chosen, current: str, ordered: Ordering) -> str:
    actions = [(f"/bulk/new?{chosen.query}&action={name}", label, name == current) for name, label in ACTIONS.items()]
    form = None if ordered.missing else ordered.form
    return render("bulk/new.html", NewPage(chosen.counted, chosen.says, actions, form, ordered.missing))


def _forms(found: BulkShown) -> Sequence[Form]:
    """What can be done with it now."""
    match found.status:
        case "planned":
            return (_begin(found.id, found.journeys), _stop(found.id))
        case "running":
            return (_pause(found.id), _stop(found.id))
        case "paused":
            return (_resume(found.id), _stop(found.id))
        case _:
            return ()


def _begin(bulk: str, journeys: int) -> Form:
    button = f"Do it for {counted(journeys, 'journey')}"
    return form_of(Order, f"/bulk/{bulk}/begin", title="Begin", says="", button=button)


def _pause(bulk: str) -> Form:
    return form_of(Order, f"/bulk/{bulk}/pause", title="Pause", says="")


def _resume(bulk: str) -> Form:
    return form_of(Order, f"/bulk/{bulk}/resume", title="Resume", says="")


def _stop(bulk: str) -> Form:
    return form_of(
        ForAReason, f"/bulk/{bulk}/stop", title="Stop", says="The journeys that are left stay as they are.", grave=True
    )
