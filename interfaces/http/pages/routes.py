"""The addresses of the pages. They load no script from elsewhere, and are readable without any."""

from typing import Annotated

from fastapi import APIRouter, Query

from domain.ids import MentorId, ProgramId
from interfaces.http.access import OPS, Reader, require_program
from interfaces.http.pages.associations import associations_page
from interfaces.http.pages.feedback import FeedbackForm, feedback_page
from interfaces.http.pages.frame import Pages
from interfaces.http.pages.measures import Form, MeasuresPage, measures_page
from interfaces.http.pages.overview import funnel_of, return_of
from interfaces.http.pages.rendering import render
from interfaces.http.v1.feedback import found_feedback
from interfaces.http.v1.figures import OverviewQuery, ReturnQuery, found_return
from interfaces.http.v1.measures import found_measures
from interfaces.http.v1.visibility import one_program
from queries.funnel import overview
from queries.measures.associations import associations
from queries.recent import Recent
from store.database import Pool
from store.people import names_of


def router(pool: Pool) -> APIRouter:
    routes, recent = Pages(pool), Recent(pool)

    @routes.get("/funnel")
    async def funnel(query: Annotated[OverviewQuery, Query()], caller: Reader) -> str:
        program = one_program(caller, query.program)
        wanted = {**dict(query), "program": program}
        made = await recent.get(("overview", *wanted.values()), lambda: overview(pool, **wanted))
        return render("funnel.html", funnel_of(made.answer))

    @routes.get("/programs/{program}/return")
    async def program_return(program: ProgramId, query: Annotated[ReturnQuery, Query()], caller: Reader) -> str:
        require_program(caller, program)
        made = await recent.get(
            ("return", program, query.since, query.until), lambda: found_return(pool, program, query)
        )
        return render("return.html", return_of(made.answer))

    @routes.get("/programs/{program}/feedback")
    async def feedback(program: ProgramId, query: Annotated[FeedbackForm, Query()], caller: Reader) -> str:
        require_program(caller, program)
        key = ("feedback", program, caller.sees_personal_data, query.model_dump_json())
        found = (await recent.get(key, lambda: found_feedback(pool, program, query, caller))).answer
        mentors = {group.group for one in found.questions for group in one.groups if group.level == "mentor"}
        names = await names_of(pool, [MentorId(one) for one in mentors])
        return render("feedback.html", feedback_page(found, names, proposes=caller.role is OPS))

    @routes.get("/programs/{program}/measures")
    async def measures(program: ProgramId, query: Annotated[Form, Query()], caller: Reader) -> str:
        require_program(caller, program)
        shown = query.model_copy(update={"by": query.by or "cohort"})
        key = ("measures", program, shown.model_dump_json())

        async def make() -> MeasuresPage:
            return measures_page(await found_measures(pool, program, shown))

        return render("measures.html", (await recent.get(key, make)).answer)

    @routes.get("/programs/{program}/associations")
    async def program_associations(program: ProgramId, caller: Reader) -> str:
        require_program(caller, program)
        made = await recent.get(("associations", program), lambda: associations(pool, program))
        return render("associations.html", associations_page(made.answer))

    return routes
