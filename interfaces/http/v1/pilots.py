"""Pilots of a program: a change tried with some learners, beside a baseline without it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from domain.ids import ProgramId, Slug
from domain.pilot import BeginPilot, ChangePilot, Imported, Line, Name, Source, Verdict, Whom
from domain.values import Instant, Number, Truth
from interfaces.http.access import Operator, Reader, require_program
from interfaces.http.v1.orders import Order, Said, command_of, giver
from kits.lookup import newest
from projections.views.pilots import PilotRow
from projections.views.pilots import pilots as pilots_of
from queries.pilots import BaselineFigures, PilotReport, baseline_figures, report, told
from services import pilots as services
from services.pilots import Ending
from store.database import Pool

PilotName = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$", description="Of the pilot.")]


class NewPilot(Order):
    name: Name
    """Within the program. It stands in addresses."""
    title: Line
    change: Line
    """What is different for the learners of the pilot: one thing."""
    measure: Slug
    """The id of the measure by which it is judged above all."""
    whom: Whom
    """The learners of the pilot. A version is named by its name or its digest."""
    baseline: Whom | Imported
    """Other learners of the program, or figures from elsewhere."""
    least_difference: Number | None = None
    """The smallest difference of the measure that matters, such as `0.1` for ten points of a share."""
    several: Truth = False
    """Begin although more than one thing changes."""


class FiguresQuery(BaseModel, extra="forbid"):
    """The learners; default: all. And what their figures are to be called."""

    cohort: Slug | None = None
    since: Instant | None = None
    until: Instant | None = None
    name: Line = "figures"
    source: Source = "imported"


class FurtherChange(Order):
    what: Line
    """What else was changed while the pilot ran."""


class PilotEnding(Order):
    verdict: Verdict
    conclusion: Said


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(prefix="/programs/{program}/pilots", tags=["pilots"])

    @routes.get("")
    async def list_pilots(
        program: ProgramId,
        caller: Reader,
        open: Annotated[bool | None, Query(description="Only those under way, or only the others.")] = None,  # noqa: A002
    ) -> list[PilotRow]:
        """The pilots of a program, the latest first."""
        require_program(caller, program)
        await newest(pool, program)
        return await pilots_of(pool, program, is_open=open)

    @routes.post("")
    async def begin_pilot(program: ProgramId, body: NewPilot, caller: Operator) -> PilotReport:
        """Begin to compare learners who have a change with a baseline without it.

        Refused where more than one thing changes, as far as the log knows, unless `several` says that this is meant.
        """
        require_program(caller, program)
        await newest(pool, program)
        said = {one: getattr(body, one) for one in type(body).model_fields if one not in ("name", "by")}
        command = BeginPilot(program=program, by=giver(caller, body.by), **said)
        return await services.begin(pool, body.name, command)

    @routes.get("/figures")
    async def get_baseline_figures(
        program: ProgramId, query: Annotated[FiguresQuery, Query()], caller: Reader
    ) -> BaselineFigures:
        """The measures of these learners, in the form in which a pilot takes figures from elsewhere."""
        require_program(caller, program)
        whom = Whom(cohort=query.cohort, since=query.since, until=query.until)
        return await baseline_figures(pool, program, whom, query.name, query.source)

    @routes.get("/{pilot}")
    async def get_pilot(program: ProgramId, pilot: PilotName, caller: Reader) -> PilotReport:
        """A pilot beside its baseline: each difference with its interval, and how many learners it still takes."""
        require_program(caller, program)
        return told(await report(pool, program, pilot), personal=caller.sees_personal_data)

    @routes.post("/{pilot}/changes")
    async def record_change_in_pilot(
        program: ProgramId, pilot: PilotName, body: FurtherChange, caller: Operator
    ) -> PilotReport:
        """Say that something else was changed while the pilot ran. Its effects can then not be told apart."""
        require_program(caller, program)
        return await services.change(pool, program, pilot, command_of(ChangePilot, body, caller))

    @routes.post("/{pilot}/end")
    async def end_pilot(program: ProgramId, pilot: PilotName, body: PilotEnding, caller: Operator) -> PilotReport:
        """End a pilot with what people make of it. Its figures are kept as they are now."""
        require_program(caller, program)
        return await services.end(pool, program, pilot, Ending(body.verdict, body.conclusion, giver(caller, body.by)))

    return routes
