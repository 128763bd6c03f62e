"""The addresses of the pages of programs: how one stands, its enrollment, its versions and its schedules."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from client.journeys import JourneyClient
from domain.access import Caller
from domain.ids import LearnerId, ProgramId
from domain.program import CloseEnrollment, Command, Enroll, OpenEnrollment, Remove
from domain.values import Day, Frozen, counted
from interfaces.http.access import INTEGRATION, OPS, Operator, Reader, Starter, require_program
from interfaces.http.pages.acting import done
from interfaces.http.pages.asked import Asked, answered
from interfaces.http.pages.fields import Form
from interfaces.http.pages.frame import Pages
from interfaces.http.pages.program import enrollment as enrolling
from interfaces.http.pages.program import forms, overview, page, schedules, versions
from interfaces.http.pages.program.enrollment import EnrollmentPage
from interfaces.http.pages.program.overview import OverviewPage, ProgramsPage
from interfaces.http.pages.program.schedules import SchedulesPage
from interfaces.http.pages.program.versions import VersionsPage
from interfaces.http.pages.rendering import When, as_counted, render
from interfaces.http.v1.enrollment import writable
from interfaces.http.v1.people import Contact, person_of
from kits.diff import differences
from kits.lookup import newest, newest_published, of_program
from queries import reports
from queries.recent import Recent
from services import enrollment as services
from services import publishing, schedule_settings
from services.bulk import Order, plan
from services.bulk.planning import MoveAllToKit
from services.bulk.selecting import BulkFilter
from services.enrolling import Enrollment
from services.enrollment import Enrolling
from store import kits
from store.database import Pool
from store.people import names_of

_MOST_PROGRAMS = 200
_What = Literal["pause", "resume", "run"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks of a program."""

    kind: type[BaseModel]
    form: Form
    command: Callable[[Any], Command]
    says: str
    """What was done, if it was."""
    told: Callable[[Any], Awaitable[Sequence[str]]] | None = None


class PeriodQuery(Frozen):
    since: Day | None = None
    until: Day | None = None


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = Pages(pool)
    recent, enrollment = Recent(pool), Enrollment(pool)
    base = "/programs/{program}"

    @routes.get("/programs")
    async def programs(caller: Reader) -> str:
        found = [one for one in await kits.programs(pool) if caller.may_use(ProgramId(one.program))][:_MOST_PROGRAMS]
        now = datetime.now(UTC)
        rows = [overview.program_line(one, kits.read(one).title, now) for one in found]
        return render("program/programs.html", ProgramsPage(rows))

    @routes.get(base)
    async def program_(program: ProgramId, query: Annotated[PeriodQuery, Query()], caller: Reader) -> str:
        require_program(caller, program)
        return await _overview(program, query)

    # Enrollment

    @routes.get(base + "/enrollment")
    async def enrollment_(
        program: ProgramId, caller: Reader, after: Annotated[int, Query(ge=0, le=10_000_000)] = 0
    ) -> str:
        require_program(caller, program)
        return await _enrollment(program, caller, after)

    @routes.post(base + "/enrollment/open")
    async def open_(program: ProgramId, request: Request, caller: Operator) -> Response:
        def command(said: forms.Opening) -> Command:
            return OpenEnrollment(places=said.places, override=said.override, by=caller.actor)

        form = forms.open_form(program, None, is_open=False)
        return await _program_command(
            program, request, caller, Wish(forms.Opening, form, command, "Enrollment is open")
        )

    @routes.post(base + "/enrollment/close")
    async def close(program: ProgramId, request: Request, caller: Operator) -> Response:
        def command(said: forms.Because) -> Command:
            return CloseEnrollment(reason=said.reason, by=caller.actor)

        form = forms.close_form(program)
        return await _program_command(
            program, request, caller, Wish(forms.Because, form, command, "Enrollment is closed")
        )

    @routes.post(base + "/enrollment/remove")
    async def remove(program: ProgramId, request: Request, caller: Operator) -> Response:
        def command(said: forms.Removal) -> Command:
            return Remove(learner=LearnerId(said.learner), reason=said.reason, by=caller.actor)

        async def told(said: forms.Removal) -> Sequence[str]:
            return [
                f"{said.learner} loses their place, or their turn on the waiting list. Their journey goes on.",
                "A place that becomes free goes to the learner who has waited longest.",
            ]

        form = forms.removal_form(program)
        return await _program_command(
            program, request, caller, Wish(forms.Removal, form, command, "The learner is removed", told)
        )

    @routes.post(base + "/enrollment/learners")
    async def enroll(program: ProgramId, request: Request, caller: Starter) -> Response:
        async def do(said: forms.Newcomer) -> str:
            kit, learner = await newest(pool, program), said.learner
            contact = said.model_dump(include={"email", "time_zone"})
            those = [person_of(learner, "learner", said.name, Contact(**contact), None)] if said.name.strip() else []
            command = Enroll(learners=(LearnerId(learner),), by=caller.actor, again=said.again)
            tally, _started = await Enrolling(
                pool, kit, [(command, await writable(pool, caller, program, those))]
            ).carry_out(journeys)
            if tally.taken:
                return f"{learner} is enrolled, and their journey begins."
            return f"{learner} is on the waiting list." if tally.waiting else f"{learner} was enrolled before."

        return await _enrollment_act(program, request, caller, Asked(forms.Newcomer, forms.enroll_form(program), do))

    # Versions

    @routes.get(base + "/versions")
    async def versions_(
        program: ProgramId,
        caller: Reader,
        old: Annotated[str, Query(max_length=200)] = "",
        new: Annotated[str, Query(max_length=200)] = "",
    ) -> str:
        require_program(caller, program)
        return await _versions(program, caller, old, new)

    @routes.post(base + "/versions/use")
    async def use(program: ProgramId, request: Request, caller: Operator) -> Response:
        require_program(caller, program)

        async def told(said: forms.Use) -> Sequence[str]:
            current, wanted = await newest_published(pool, program), await of_program(pool, program, said.version)
            changes = differences(kits.read(current), kits.read(wanted))
            return [
                f"Journeys that start from now on follow version {wanted.version} instead of {current.version}.",
                f"Between the two, {counted(len(changes), 'rule')} or texts differ. Journeys that have started keep "
                "theirs.",
            ]

        async def do(said: forms.Use) -> str:
            used = await publishing.use(pool, program, said.version, caller.actor)
            if not used.changed:
                return f"New journeys follow version {used.now.version} already; nothing changed."
            return f"New journeys follow version {used.now.version} now."

        asked = Asked(forms.Use, forms.use_form(program), do, told)
        return await answered(
            request, asked, f"/programs/{program}/versions", lambda refused: _versions(program, caller, refused=refused)
        )

    @routes.post(base + "/versions/move")
    async def move(program: ProgramId, request: Request, caller: Operator) -> Response:
        """Makes a plan; the page of the bulk action says what it would mean, and asks whether to go on."""
        require_program(caller, program)
        planned: list[str] = []

        async def do(said: forms.Move) -> str:
            action = MoveAllToKit(action="move_to_kit", to=said.to, reason=said.reason)
            order = Order(action=action, filter=BulkFilter(program=program, open=True), by=caller.actor)
            made = await plan(pool, order, caller.programs)
            planned.append(made.id)
            return f"Nothing is moved yet. This is what it would mean for {counted(made.journeys, 'journey')}."

        asked = Asked(forms.Move, await _move_form(program), do)
        answer = await answered(
            request, asked, f"/programs/{program}/versions", lambda refused: _versions(program, caller, refused=refused)
        )
        if planned:
            answer.headers["location"] = f"/bulk/{planned[0]}/plan"
        return answer

    # Schedules

    @routes.get(base + "/schedules")
    async def schedules_(program: ProgramId, caller: Reader) -> str:
        require_program(caller, program)
        found, now = await schedule_settings.schedules(pool, journeys.temporal, program), datetime.now(UTC)
        lines, acts = schedules.schedule_lines(found, now), caller.role is OPS
        shown = SchedulesPage(program, (await newest(pool, program)).version, lines, acts)
        rows = [page.OneSchedule(one, forms.schedule_forms(program, one) if acts else []) for one in lines]
        return render("program/schedules.html", page.Schedules(shown, rows))

    @routes.post(base + "/schedules/{name}/{what}")
    async def set_schedule(program: ProgramId, name: str, what: _What, request: Request, caller: Operator) -> Response:
        require_program(caller, program)
        do = {"pause": schedule_settings.pause, "resume": schedule_settings.resume, "run": schedule_settings.run_now}
        await do[what](pool, journeys.temporal, program, name)
        says = {"pause": "is paused", "resume": "runs again", "run": "was begun"}[what]
        return done(request, f"/programs/{program}/schedules", f"The schedule {name} {says}.")

    # What is shown

    async def _overview(program: ProgramId, query: PeriodQuery) -> str:
        published, now = await newest_published(pool, program), datetime.now(UTC)
        kit = kits.read(published)
        found = as_counted(await recent.ask(reports.standings_of(pool, program)))
        reached = as_counted(await recent.ask(reports.funnel_of(pool, program, query.since, query.until)))
        returned = as_counted(await recent.ask(reports.return_of(pool, program)))
        here = overview.here(kit, found)
        state = await services.standing(pool, program, enrollment)
        shown = OverviewPage(
            program=program,
            title=kit.title,
            promise=kit.promise.outcome,
            audience=kit.promise.audience,
            version=published.version,
            published=When.of(published.published_at, now),
            diagram=here.diagram,
            stages=here.stages,
            open=here.open,
            enrollment=enrolling.standing(state),
            since=f"{reached.since}",
            until=f"{reached.until}",
            funnel_says=overview.funnel_says(reached),
            funnel=overview.funnel_lines(reached),
            promised=overview.promised(returned),
        )
        return render("program/overview.html", shown, live=f"program={program}")

    async def _enrollment(program: ProgramId, caller: Caller, after: int = 0, refused: Form | None = None) -> str:
        state, acts = await services.standing(pool, program, enrollment), caller.role is OPS
        names = await names_of(pool, enrolling.shown(state, after)) if caller.sees_personal_data else {}
        rules = as_counted(await recent.ask(reports.growth_of(pool, program)))
        beyond = after + enrolling.PAGE
        address = f"/programs/{program}/enrollment"
        shown = EnrollmentPage(
            program=program,
            standing=enrolling.standing(state),
            is_open=state.is_open,
            figures=enrolling.figures(state),
            waiting=enrolling.waiting_lines(state, after, names),
            total_waiting=len(state.waiting),
            next=f"{address}?after={beyond}" if len(state.waiting) > beyond else None,
            first=address if after else None,
            growth=rules.says,
            conditions=enrolling.conditions(rules),
            acts=acts,
            enrolls=caller.role in (OPS, INTEGRATION),
        )
        offered = [forms.enroll_form(program)] if shown.enrolls else []
        if acts:
            offered += [forms.open_form(program, state.places, is_open=state.is_open)]
            offered += [forms.close_form(program)] if state.is_open else []
            offered += [forms.removal_form(program)]
        line = [
            page.InLine(one, forms.removal_form(program, {"learner": one.learner}) if acts else None)
            for one in shown.waiting
        ]
        return render("program/enrollment.html", page.Enrollment(shown, offered, line, refused))

    async def _versions(
        program: ProgramId, caller: Caller, old: str = "", new: str = "", refused: Form | None = None
    ) -> str:
        current, now = await newest_published(pool, program), datetime.now(UTC)
        found = await kits.versions(pool, program, versions.MOST + 1)
        following = as_counted(await recent.ask(reports.versions_of(pool, program)))
        lines, acts = versions.version_lines(found, current, following, now), caller.role is OPS
        diff = None
        if old:
            before, after = await of_program(pool, program, old), await of_program(pool, program, new or current.digest)
            diff = versions.diff_shown(before.version, after.version, differences(kits.read(before), kits.read(after)))
        shown = VersionsPage(
            program=program,
            current=current.version,
            versions=lines,
            more=len(found) > versions.MOST,
            old=old,
            new=new or current.digest,
            diff=diff,
            acts=acts,
            others=sum(many for digest, many in following.items() if digest != current.digest),
        )
        rows = [
            page.OneVersion(one, None if one.current or not acts else forms.use_form(program, {"version": one.digest}))
            for one in lines
        ]
        move = await _move_form(program) if acts else None
        return render("program/versions.html", page.Versions(shown, rows, move, refused))

    async def _move_form(program: ProgramId) -> Form:
        current = await newest_published(pool, program)
        found = await kits.versions(pool, program, versions.MOST)
        return forms.move_form(program, [(one.digest, one.version) for one in found], current.digest)

    # Carrying out

    async def _program_command(program: ProgramId, request: Request, caller: Caller, wish: Wish) -> Response:
        async def do(said: Any) -> str:
            carried = await services.carry_out(pool, journeys, program, wish.command(said))
            if not carried.events:
                return "This was already so; nothing changed."
            begun = len(carried.journeys.begun) if carried.journeys else 0
            more = f" {counted(begun, 'journey')} of those who waited began." if begun else ""
            return f"{wish.says}.{more}"

        return await _enrollment_act(program, request, caller, Asked(wish.kind, wish.form, do, wish.told))

    async def _enrollment_act(program: ProgramId, request: Request, caller: Caller, asked: Asked) -> Response:
        require_program(caller, program)
        await newest(pool, program)
        back = f"/programs/{program}/enrollment"
        return await answered(request, asked, back, lambda refused: _enrollment(program, caller, refused=refused))

    return routes
