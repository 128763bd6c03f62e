"""Open cases: the queue of those who answer them, with its service levels, and what they do about a case."""

import inspect
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field, TypeAdapter, create_model

from client.journeys import JourneyClient
from domain.access import Caller, KeyRole
from domain.ids import CaseId, JourneyId
from domain.journey import COMMANDS
from domain.kit import Role, Severity
from domain.refusal import NotFound
from domain.values import STORABLE, Deadline, Frozen, Whole
from interfaces.http.access import JourneyCommander, JourneyReader
from interfaces.http.idempotency import Identifiable
from interfaces.http.v1.commands import CommandResult, Sender, with_default
from interfaces.http.v1.conditions import IfVersion, MinVersion, tag, wait_for
from interfaces.http.v1.cursors import Cursors
from interfaces.http.v1.visibility import require_journey
from projections.views.attention import CaseCursor, CaseFilter, CaseRow, CaseSort, cases
from store.database import Pool

_STEPS = {
    "acknowledge": "acknowledge_case",
    "snooze": "snooze_case",
    "reassign": "reassign_case",
    "resolve": "resolve_case",
}
_CURSORS: Cursors[CaseCursor] = Cursors(
    CaseCursor,
    TypeAdapter(
        tuple[Annotated[Whole, Field(ge=0, le=9)], Deadline, Annotated[str, STORABLE], Annotated[str, STORABLE]]
    ),
)


class CaseQuery(BaseModel, extra="forbid"):
    """Filters and order of cases. A case must match all filters that are given."""

    program: str | None = None
    journey: str | None = None
    learner: str | None = None
    mentor: str | None = None
    """The mentor of the journey, whoever has the case."""
    owner: Role | None = None
    """Who is to answer."""
    severity: Severity | None = None
    """This severe, or more."""
    acknowledged: bool | None = None
    snoozed: bool | None = None
    """Whether the case rests now."""
    overdue: bool = False
    """Only cases whose time to respond is over."""
    sort: CaseSort = "severity"
    limit: Annotated[int, Query(ge=1, le=500)] = 50
    after: str | None = None
    """The `next` of the previous page."""

    def filter(self, caller: Caller, now: datetime) -> CaseFilter | None:
        """What the caller may see of it; None: nothing."""
        mentor = caller.mentor if caller.role is KeyRole.MENTOR else self.mentor
        if self.mentor not in (None, mentor):
            return None
        return CaseFilter(
            programs=caller.programs_of(self.program),
            journey=self.journey,
            learner=self.learner,
            mentor=mentor,
            owner=self.owner,
            severity=self.severity,
            acknowledged=self.acknowledged,
            due_before=now if self.overdue else None,
            snoozed=self.snoozed,
            at=now,
        )


@dataclass(frozen=True, slots=True)
class CasePage:
    rows: list[CaseRow]
    next: str | None
    """Pass it as `after` to get the next page. Null on the last page."""


def router(pool: Pool, client: JourneyClient) -> APIRouter:
    routes = APIRouter(tags=["cases"])

    @routes.get("/cases")
    async def list_cases(query: Annotated[CaseQuery, Query()], caller: JourneyReader) -> CasePage:
        """List open cases, most severe first: who has each one, and by when they are to answer."""
        where = query.filter(caller, datetime.now(UTC))
        if where is None:
            return CasePage([], None)
        rows, following = await cases(pool, where, query.sort, _CURSORS.read(query.after), query.limit)
        return CasePage(rows, _CURSORS.written(following))

    @routes.get("/cases/{journey}/{case}")
    async def get_case(
        journey: JourneyId, case: CaseId, caller: JourneyReader, response: Response, min_version: MinVersion = None
    ) -> CaseRow:
        """An open case. The version of its journey is the ETag."""
        await require_journey(pool, caller, journey)
        await wait_for(pool, journey, min_version)
        rows, _ = await cases(pool, CaseFilter(journey=journey), limit=500)
        for row in rows:
            if row.case == case:
                tag(response, row.version)
                return row
        raise NotFound(f"journey {journey!r} has no open case {case!r}")

    for step, command in _STEPS.items():
        _add(routes, step, command, Sender(pool, client))
    return routes


def _add(routes: APIRouter, step: str, command: str, sender: Sender) -> None:
    kind = COMMANDS[command]
    fields: dict[str, Any] = {name: (one.annotation, one) for name, one in kind.model_fields.items() if name != "case"}
    body: Any = create_model(f"{kind.__name__}Here", __base__=Frozen, __doc__=kind.__doc__, **fields)
    given: Any = Annotated[body, Body()]

    async def about_case(
        *,
        journey: JourneyId,
        case: CaseId,
        payload: given,
        caller: JourneyCommander,
        identity: Identifiable,
        if_version: IfVersion,
        response: Response,
    ) -> CommandResult:
        whole = {"case": case, **payload.model_dump(mode="json", exclude_unset=True)}
        result = await sender.send(
            caller, journey, command, whole, command_id=identity.derive(command), if_version=if_version
        )
        tag(response, result.version)
        return result

    about_case.__doc__ = f"{kind.__doc__} The same as the command `{command}`."
    if not any(one.is_required() for one in body.model_fields.values()):
        about_case.__signature__ = with_default(inspect.signature(about_case), body())  # type: ignore[attr-defined]
    routes.post(f"/cases/{{journey}}/{{case}}/{step}", name=f"{step}_case_in_queue")(about_case)
