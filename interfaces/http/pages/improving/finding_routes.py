"""The addresses of the pages of what was found in a program."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import field_validator

from client.journeys import JourneyClient
from domain.access import Caller
from domain.finding import Standing
from domain.ids import FindingId, ProgramId
from domain.values import Frozen, counted
from interfaces.http.access import OPS, Operator, PersonalReader, require_program
from interfaces.http.pages.asked import Asked, answered
from interfaces.http.pages.fields import Form
from interfaces.http.pages.frame import Pages, stands_in
from interfaces.http.pages.improving import findings as pages
from interfaces.http.pages.improving.findings import FindingsPage, Source, Wanted
from interfaces.http.pages.rendering import as_counted, render
from interfaces.http.v1.findings import CURSORS, FindingConfirmation, FindingDismissal, visible_finding
from kits.lookup import newest_published
from projections.views.findings import Cursor, FindingRow
from projections.views.findings import findings as findings_of
from queries import findings as queries
from queries import reports
from queries.feedback.report import Feedback
from queries.findings import Drift
from queries.recent import Recent
from queries.titles import KnownTitles, Titles
from services import findings as service
from store.database import Pool
from store.people import named, names_of


class FindingsQuery(Frozen):
    """Fields of the form that nobody filled in are empty."""

    source: Source | None = None
    standing: Standing | Literal["all"] = "open"
    detector: Annotated[str, Query(max_length=120)] = ""
    mentor: Annotated[str, Query(max_length=200)] = ""
    after: Annotated[str, Query(max_length=500)] = ""
    drift_after: Annotated[str, Query(max_length=500)] = ""
    """The last row of the previous page of those whose figures drift."""

    @field_validator("source", mode="before")
    @classmethod
    def _any(cls, value: object) -> object:
        return value or None


_USUAL = FindingsQuery()


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes, recent, known = Pages(pool), Recent(pool), KnownTitles(pool)
    base = "/programs/{program}/findings"

    @routes.get(base)
    async def list_findings(
        program: ProgramId, query: Annotated[FindingsQuery, Query()], caller: PersonalReader
    ) -> str:
        require_program(caller, program)
        return await _findings(program, caller, query)

    @routes.post(base + "/look")
    async def look(program: ProgramId, sent: Request, caller: Operator) -> Response:
        require_program(caller, program)
        await newest_published(pool, program)

        async def do(_: pages.Nothing) -> str:
            looked = await service.look(journeys.temporal, program, datetime.now(UTC) - pages.LOOK_OVER)
            seen, new = counted(looked.journeys, "journey"), counted(looked.raised, "new finding")
            return f"The detectors looked at {seen}: {new}."

        async def again(refused: Form) -> str:
            return await _findings(program, caller, _USUAL, refused)

        asked = Asked(pages.Nothing, pages.look_form(program), do)
        return await answered(sent, asked, _USUAL_ADDRESS.format(program), again)

    @routes.get("/findings/{finding}")
    async def one_finding(finding: FindingId, caller: PersonalReader) -> str:
        return await _finding(finding, caller)

    @routes.post("/findings/{finding}/confirm")
    async def confirm(finding: FindingId, sent: Request, caller: Operator) -> Response:
        row = (await visible_finding(pool, caller, finding)).finding

        async def do(said: FindingConfirmation) -> str:
            await service.confirm(pool, row.journey, finding, said.reason, caller.actor)
            return "The finding is confirmed; the mentor reads it, with the kind words of the kit."

        return await _judged(row, sent, caller, Asked(FindingConfirmation, pages.confirm_form(finding), do))

    @routes.post("/findings/{finding}/dismiss")
    async def dismiss(finding: FindingId, sent: Request, caller: Operator) -> Response:
        row = (await visible_finding(pool, caller, finding)).finding

        async def do(said: FindingDismissal) -> str:
            await service.dismiss(pool, row.journey, finding, said.reason, caller.actor)
            return "The finding is dismissed; the mentor never sees it."

        return await _judged(row, sent, caller, Asked(FindingDismissal, pages.dismiss_form(finding), do))

    async def _judged(row: FindingRow, sent: Request, caller: Caller, asked: Asked) -> Response:
        back = _USUAL_ADDRESS.format(row.program)
        return await answered(sent, asked, back, lambda refused: _finding(row.id, caller, refused))

    async def _finding(finding: FindingId, caller: Caller, refused: Form | None = None) -> str:
        found = await visible_finding(pool, caller, finding)
        mentor = found.finding.mentor
        names = await names_of(pool, [mentor] if mentor else [])
        titles = await _titles(found.finding.program)
        page = pages.finding_page(found, names, titles, datetime.now(UTC), acts=caller.role is OPS, refused=refused)
        stands_in(found.finding.program, "/findings")
        return render("improving/finding.html", page)

    async def _findings(program: ProgramId, caller: Caller, query: FindingsQuery, refused: Form | None = None) -> str:
        await newest_published(pool, program)
        wanted = Wanted(query.source, query.standing, query.detector, query.mentor.strip())
        now, acts = datetime.now(UTC), caller.role is OPS
        rows, more = await _in_sessions(program, wanted, query.after) if wanted.has("sessions") else ([], None)
        drifts = await _drift(program) if wanted.has("drift") else []
        drift, more_drift = pages.drift_page(drifts, query.drift_after)
        titles = await _titles(program)
        names = await _names([*(one.mentor for one in rows), *(one.mentor for one in drift)])
        feedback = await _feedback(program, caller) if wanted.has("feedback") else None
        stands_out, left_out = pages.from_feedback(program, feedback, acts=acts) if feedback else ([], 0)
        page = FindingsPage(
            program=program,
            wanted=wanted,
            sources=pages.SOURCES,
            standings=pages.STANDINGS,
            detectors=await queries.detectors(pool, program),
            rows=[pages.line(one, queries.detects(one.detector), names, titles, now) for one in rows],
            feedback=stands_out,
            left_out=left_out,
            shown=pages.period_of(feedback) if feedback else "",
            drift=[pages.drifting(one, names) for one in drift],
            first_drift=wanted.address(program) if query.drift_after else None,
            next_drift=wanted.address(program, drift_after=more_drift) if more_drift else None,
            look=pages.look_form(program) if acts else None,
            refused=refused,
            first=wanted.address(program) if query.after else None,
            next=wanted.address(program, CURSORS.written(more)) if more else None,
        )
        return render("improving/findings.html", page, live=f"program={program}")

    async def _in_sessions(program: ProgramId, wanted: Wanted, after: str) -> tuple[list[FindingRow], Cursor | None]:
        """A page of them, and where the next one begins."""
        found = await findings_of(
            pool,
            programs=[program],
            standing=None if wanted.standing == "all" else wanted.standing,
            detector=wanted.detector or None,
            mentor=await _mentor(wanted.mentor),
            after=CURSORS.read(after or None),
            limit=pages.PAGE + 1,
        )
        shown = found[: pages.PAGE]
        return shown, Cursor(shown[-1].raised_at, shown[-1].id) if len(found) > pages.PAGE else None

    async def _mentor(said: str) -> str | None:
        """The id, of whoever is named; what is no name is taken for an id."""
        if not said:
            return None
        known = await named(pool, said, "mentor", 1)
        return known[0].person_id if known else said

    async def _feedback(program: ProgramId, caller: Caller) -> Feedback:
        return as_counted(await recent.ask(reports.feedback_of(pool, program, mentors=caller.sees_personal_data)))

    async def _drift(program: ProgramId) -> Sequence[Drift]:
        return as_counted(await recent.ask(reports.drift_of(pool, program)))

    async def _titles(program: ProgramId) -> Titles:
        return (await known.of([program]))[program]

    async def _names(mentors: Iterable[str | None]) -> dict[str, str]:
        return await names_of(pool, {one for one in mentors if one})

    return routes


_USUAL_ADDRESS = "/programs/{}/findings"
