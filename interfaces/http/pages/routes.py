"""The addresses of the pages. They load no script from elsewhere, and are readable without any."""

from typing import Annotated

from fastapi import APIRouter, Query

from domain.ids import MentorId, ProgramId
from interfaces.http.access import OPS, Reader, require_program
from interfaces.http.pages.associations import associations_page
from interfaces.http.pages.feedback import FeedbackForm, feedback_page
from interfaces.http.pages.frame import Pages
from interfaces.http.pages.measures import Form, measures_page
from interfaces.http.pages.overview import funnel_of, return_of
from interfaces.http.pages.rendering import as_counted, render
from interfaces.http.v1.figures import OverviewQuery, ReturnQuery
from interfaces.http.v1.visibility import one_program
from queries import reports
from queries.measures.report import Filter
from queries.recent import Recent
from queries.titles import KnownTitles
from store.database import Pool
from store.people import names_of


def router(pool: Pool) -> APIRouter:
    routes, recent, known = Pages(pool), Recent(pool), KnownTitles(pool)

    @routes.get("/funnel")
    async def funnel(query: Annotated[OverviewQuery, Query()], caller: Reader) -> str:
        program = one_program(caller, query.program)
        wanted = {**dict(query), "program": program}
        found = as_counted(await recent.ask(reports.overview_of(pool, **wanted)))
        return render("funnel.html", funnel_of(found, await known.of(one.program for one in found.questions)))

    @routes.get("/programs/{program}/return")
    async def program_return(program: ProgramId, query: Annotated[ReturnQuery, Query()], caller: Reader) -> str:
        require_program(caller, program)
        made = await recent.ask(reports.return_of(pool, program, query.since, query.until))
        return render("return.html", return_of(as_counted(made)))

    @routes.get("/programs/{program}/feedback")
    async def feedback(program: ProgramId, query: Annotated[FeedbackForm, Query()], caller: Reader) -> str:
        require_program(caller, program)
        asked = reports.feedback_of(pool, program, query.since, query.until, mentors=caller.sees_personal_data)
        found = as_counted(await recent.ask(asked))
        mentors = {group.group for one in found.questions for group in one.groups if group.level == "mentor"}
        names = await names_of(pool, [MentorId(one) for one in mentors])
        titles = (await known.of([program]))[program]
        return render("feedback.html", feedback_page(found, names, titles, proposes=caller.role is OPS))

    @routes.get("/programs/{program}/measures")
    async def measures(program: ProgramId, query: Annotated[Form, Query()], caller: Reader) -> str:
        require_program(caller, program)
        shown = query.model_copy(update={"by": query.by or "cohort"})
        made = await recent.ask(reports.measures_of(pool, program, Filter(**dict(shown))))
        return render("measures.html", measures_page(as_counted(made), (await known.of([program]))[program]))

    @routes.get("/programs/{program}/associations")
    async def program_associations(program: ProgramId, caller: Reader) -> str:
        require_program(caller, program)
        made = await recent.ask(reports.associations_of(pool, program))
        return render("associations.html", associations_page(as_counted(made)))

    return routes
