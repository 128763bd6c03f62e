"""The addresses of the pages of groups."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from client.journeys import JourneyClient
from domain.access import Caller, KeyRole
from domain.cohort import Command
from domain.cohort import commands as c
from domain.ids import CohortId, LearnerId, ProgramId
from domain.values import Day, Frozen, counted
from interfaces.http.access import GroupCommander, GroupReader, JourneyReader, Operator, require_program
from interfaces.http.pages.acting import done
from interfaces.http.pages.asked import Asked, answered, misfit
from interfaces.http.pages.choosing import chosen_program, listed_mentors
from interfaces.http.pages.cohorts import forms
from interfaces.http.pages.cohorts.calendar import MOST, calendar, first_day, span
from interfaces.http.pages.cohorts.forming import Forming, FormingPage, forming_form, proposed
from interfaces.http.pages.cohorts.forms import GroupForms, GroupPage
from interfaces.http.pages.cohorts.group import cohort_page
from interfaces.http.pages.cohorts.listing import PAGE, CohortsPage, address, group_rows
from interfaces.http.pages.fields import Form
from interfaces.http.pages.filled_forms import read_form
from interfaces.http.pages.frame import Pages
from interfaces.http.pages.reading import reading
from interfaces.http.pages.rendering import render
from interfaces.http.v1.cohorts import after_group
from interfaces.http.v1.visibility import programs_seen, require_cohort
from kits.lookup import newest
from projections.views import cohorts
from queries.cohorts import roster, snapshot
from queries.titles import KnownTitles
from services import forming
from services.cohorts import NoOpenJourney, Told, entrants, find, handle_and_tell
from store.database import Pool
from store.people import names_of

_WAIT = timedelta(seconds=3)
"""For the members to be told, so that the page can say that they know."""
_COMMANDERS = (KeyRole.OPS, KeyRole.INTEGRATION, KeyRole.MENTOR)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks of a group."""

    kind: type[BaseModel]
    command: Callable[[Any], Awaitable[Command]]
    says: str
    """What was done, if it was."""
    told: Callable[[Any], Awaitable[Sequence[str]]] | None = None
    concerns_all: bool = True
    """Whether all members are told of it."""


class CohortsQuery(Frozen):
    program: str = ""
    mentor: str = ""
    closed: bool = False
    after: str = ""
    week: Day | None = None


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes, known = Pages(pool), KnownTitles(pool)

    @routes.get("/cohorts")
    async def all_cohorts(query: Annotated[CohortsQuery, Query()], caller: JourneyReader) -> str:
        now, zone = datetime.now(UTC), reading().zone
        programs = programs_seen(caller, query.program or None)
        mentor = caller.mentor if caller.role is KeyRole.MENTOR else query.mentor or None
        after = after_group(CohortId(query.after)) if query.after else None
        rows = await cohorts.listed(pool, programs, mentor, closed=query.closed, after=after, limit=PAGE + 1)
        first = first_day(query.week, now, zone)
        met = await cohorts.meetings(pool, *span(first, zone), programs=programs, mentor=mentor, limit=MOST + 1)
        named = {who for one in rows for who in one.mentors} | {who for one in met for who in one.mentors}
        names = await names_of(pool, named) if caller.sees_personal_data or caller.role is KeyRole.MENTOR else {}
        titles = await known.of({one.program for one in rows} | {one.program for one in met})
        shown = query.model_dump(exclude={"after"})
        weeks = calendar(met, first, now, zone, titles=titles, names=names)
        page = CohortsPage(
            program=query.program or None,
            forms_in=await _forms_in(query.program, caller),
            opens=caller.role in (KeyRole.OPS, KeyRole.MENTOR),
            calendar=weeks,
            calendar_before=address({**shown, "week": weeks.before}),
            calendar_after=address({**shown, "week": weeks.after}),
            rows=group_rows(rows[:PAGE], names, titles, now),
            closed=query.closed,
            switch=address({**shown, "closed": not query.closed}),
            first=address(shown) if query.after else None,
            next=address({**shown, "after": rows[PAGE - 1].cohort}) if len(rows) > PAGE else None,
        )
        return render("cohorts/list.html", page, live=f"program={query.program}" if query.program else "all")

    async def _forms_in(named: str, caller: Caller) -> ProgramId | None:
        """The program in which the reader may form groups: the one that is looked at. None: it forms none."""
        if caller.role is not KeyRole.OPS:
            return None
        program = await chosen_program(pool, caller, named or None)
        return program if program and (await newest(pool, program)).cohorts else None

    @routes.get("/cohorts/{cohort}")
    async def cohort_(cohort: CohortId, caller: GroupReader) -> str:
        await require_cohort(pool, caller, cohort)
        return await _page(cohort, caller)

    # What is recorded once for all

    @routes.post("/cohorts/{cohort}/attendance")
    async def attendance(cohort: CohortId, request: Request, caller: GroupCommander) -> Response:
        async def command(said: forms.AttendanceOfAll) -> Command:
            meeting = (await snapshot(pool, cohort)).state.meeting(said.session)
            return c.RecordAttendance(
                session=said.session,
                attendance=said.attendance,
                notes=said.notes,
                exceptions=said.exceptions(meeting.taken_back if meeting else ()),
                corrects=bool(said.reason.strip()),
                reason=said.reason,
                by=caller.actor,
            )

        return await _change(
            cohort, request, caller, Wish(forms.AttendanceOfAll, command, "The attendance is recorded")
        )

    @routes.post("/cohorts/{cohort}/notes")
    async def notes(cohort: CohortId, request: Request, caller: GroupCommander) -> Response:
        async def command(said: forms.NotesOfAll) -> Command:
            corrects = bool(said.reason.strip())
            return c.RecordNotes(
                session=said.session, answers=said.answers, corrects=corrects, reason=said.reason, by=caller.actor
            )

        return await _change(cohort, request, caller, Wish(forms.NotesOfAll, command, "The notes are written"))

    @routes.post("/cohorts/{cohort}/follow-up")
    async def follow_up(cohort: CohortId, request: Request, caller: GroupCommander) -> Response:
        async def command(said: forms.FollowUpOfAll) -> Command:
            return c.SendFollowUp(
                session=said.session,
                summary=said.summary,
                next_steps=said.next_steps,
                corrects=bool(said.reason.strip()),
                reason=said.reason,
                by=caller.actor,
            )

        return await _change(cohort, request, caller, Wish(forms.FollowUpOfAll, command, "The follow-up is sent"))

    @routes.post("/cohorts/{cohort}/move")
    async def move(cohort: CohortId, request: Request, caller: GroupCommander) -> Response:
        async def command(said: forms.AnotherTime) -> Command:
            return c.MoveSession(session=said.session, starts_at=said.starts_at, by=caller.actor)

        return await _change(cohort, request, caller, Wish(forms.AnotherTime, command, "The session is moved"))

    # Who is in it

    @routes.post("/cohorts/{cohort}/members")
    async def add(cohort: CohortId, request: Request, caller: Operator) -> Response:
        program = await require_cohort(pool, caller, cohort)

        async def command(said: forms.Newcomer) -> Command:
            try:
                those = await entrants(pool, program, [said.learner])
            except NoOpenJourney as error:
                raise misfit("learner", error) from error
            return c.AddMembers(members=tuple(those), by=caller.actor)

        return await _change(cohort, request, caller, Wish(forms.Newcomer, command, "The learner is in the group"))

    @routes.post("/cohorts/{cohort}/members/remove")
    async def remove(cohort: CohortId, request: Request, caller: Operator) -> Response:
        async def command(said: forms.Leaver) -> Command:
            return c.RemoveMember(learner=LearnerId(said.learner), reason=said.reason, by=caller.actor)

        async def told(said: forms.Leaver) -> Sequence[str]:
            return [f"{said.learner} leaves the group. What lies ahead of them keeps its dates, as their own."]

        return await _change(
            cohort, request, caller, Wish(forms.Leaver, command, "The learner has left the group", told)
        )

    @routes.post("/cohorts/{cohort}/members/retry")
    async def retry(cohort: CohortId, request: Request, caller: Operator) -> Response:
        async def command(said: forms.Retried) -> Command:
            return c.RetryRefused(learner=LearnerId(said.learner), by=caller.actor)

        return await _change(
            cohort, request, caller, Wish(forms.Retried, command, "The journey has been told again", concerns_all=False)
        )

    @routes.post("/cohorts/{cohort}/members/dismiss")
    async def dismiss(cohort: CohortId, request: Request, caller: Operator) -> Response:
        async def command(said: forms.Dismissed) -> Command:
            return c.DismissRefused(learner=LearnerId(said.learner), reason=said.reason, by=caller.actor)

        return await _change(
            cohort, request, caller, Wish(forms.Dismissed, command, "It is off the roster", concerns_all=False)
        )

    @routes.post("/cohorts/{cohort}/mentor")
    async def replace(cohort: CohortId, request: Request, caller: Operator) -> Response:
        async def command(said: forms.AnotherMentor) -> Command:
            return c.ReplaceMentor(**said.model_dump(), by=caller.actor)

        return await _change(cohort, request, caller, Wish(forms.AnotherMentor, command, "The mentor is replaced"))

    @routes.post("/cohorts/{cohort}/close")
    async def close(cohort: CohortId, request: Request, caller: Operator) -> Response:
        async def command(said: forms.Closing) -> Command:
            return c.CloseCohort(reason=said.reason, by=caller.actor)

        async def told(_: forms.Closing) -> Sequence[str]:
            state = (await find(pool, cohort)).state
            ahead = sum(not one.settled for one in state.meetings)
            return [
                f"The group closes for {counted(len(state.members), 'member')}; it cannot be opened again.",
                f"{counted(ahead, 'session')} ahead stay with each member, as their own.",
            ]

        return await _change(cohort, request, caller, Wish(forms.Closing, command, "The group is closed", told))

    # Forming groups

    @routes.get("/programs/{program}/groups")
    async def groups(program: ProgramId, caller: Operator) -> str:
        require_program(caller, program)
        return await _forming_page(program, await _forming_form(program))

    @routes.post("/programs/{program}/groups")
    async def form_groups(program: ProgramId, request: Request, caller: Operator) -> Response:
        require_program(caller, program)

        async def told(said: Forming) -> Sequence[str]:
            return await _proposed(program, said)

        async def do(said: Forming) -> str:
            now = datetime.now(UTC)
            planned = await forming.propose(pool, program, now, begins=said.not_before, pathway=said.pathway)
            made = await forming.form(pool, journeys.temporal, planned, by=caller.actor, at=now)
            left = counted(len(planned.unplaced), "learner")
            return f"{counted(len(made), 'group')} formed; {left} could not be placed."

        asked = Asked(Forming, await _forming_form(program), do, told)
        return await answered(request, asked, address({"program": program}), lambda form: _forming_page(program, form))

    async def _forming_form(program: ProgramId) -> Form:
        kit = await newest(pool, program)
        return forming_form(program, [(one.id, one.title) for one in kit.pathways])

    async def _forming_page(program: ProgramId, form: Form) -> str:
        return render("cohorts/forming.html", FormingPage(program, form))

    async def _proposed(program: ProgramId, said: Forming) -> list[str]:
        now = datetime.now(UTC)
        planned = await forming.propose(pool, program, now, begins=said.not_before, pathway=said.pathway)
        those = {who for one in planned.proposals for who, _ in one.group.members}
        mentors = {who for one in planned.proposals for who in one.group.mentors}
        names = await names_of(pool, those | mentors | {one.learner for one in planned.unplaced})
        return proposed(planned, names)

    # Carrying out

    async def _change(cohort: CohortId, request: Request, caller: Caller, wish: Wish) -> Response:
        await require_cohort(pool, caller, cohort)

        async def do(said: Any) -> str:
            command = await wish.command(said)
            return _said(await handle_and_tell(pool, journeys.temporal, cohort, command, _WAIT), wish)

        form = await _form_for(cohort, request)
        if form is None:
            says = "Nothing was done: the group has changed, and this is no longer open."
            return done(request, f"/cohorts/{cohort}", says)
        asked = Asked(wish.kind, form, do, wish.told)
        return await answered(request, asked, f"/cohorts/{cohort}", lambda refused: _page(cohort, caller, refused))

    async def _form_for(cohort: CohortId, request: Request) -> Form | None:
        """The form of the page that was sent: by its address and, where there are several, by its session."""
        session = read_form(await request.body()).get("session", [None])[0]
        same = [one for one in (await _forms(cohort)).every if one.action == request.url.path]
        return next((one for one in same if one.fixed.get("session") in (None, session)), None)

    async def _forms(cohort: CohortId) -> GroupForms:
        found = await find(pool, cohort)
        now = datetime.now(UTC)
        names = await names_of(pool, [*found.state.members, *found.state.mentors])
        begun = [one.session for one in found.state.meetings if one.starts_at <= now]
        mentors = await listed_mentors(pool)
        return forms.group_forms(cohort, found.context.kit, found.state, names, begun, mentors=mentors)

    async def _page(cohort: CohortId, caller: Caller, refused: Form | None = None) -> str:
        found = await roster(pool, cohort)
        leads, manages = caller.role in _COMMANDERS, caller.role is KeyRole.OPS
        shown = cohort_page(found, datetime.now(UTC), leads=leads, manages=manages)
        offered = await _forms(cohort) if shown.leads else GroupForms()
        page = GroupPage(shown, offered.with_refused(refused) if refused else offered, refused)
        return render("cohorts/group.html", page, live=f"program={found.program}")

    return routes


def _said(told: Told, wish: Wish) -> str:
    if not told.events:
        return "This was already so; nothing changed."
    if told.refused:
        refused = f"{counted(len(told.refused), 'journey')} did not take it: {', '.join(sorted(told.refused))}"
        return f"{wish.says}; {refused}."
    if not wish.concerns_all:
        return f"{wish.says}."
    known = "all members' journeys know it" if told.told else "the members' journeys are being told"
    return f"{wish.says} for {counted(told.members, 'member')}; {known}."
