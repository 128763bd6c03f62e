"""The addresses of the pages of mentors."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from client.journeys import JourneyClient
from domain.access import Caller, KeyRole
from domain.ids import MentorId, ProgramId
from domain.mentor import MentorCommand
from domain.mentor.belonging import JoinProgram, LeaveProgram
from domain.mentor.checks import RecordCheck
from domain.mentor.leave import CancelLeave, PlanLeave
from domain.mentor.profile import UpdateProfile
from domain.values import Day, Frozen, counted
from interfaces.http.access import MentorThemselves, Operator, Reader, require_program
from interfaces.http.pages.asked import NOTHING, Asked, answered
from interfaces.http.pages.choosing import chosen_program
from interfaces.http.pages.fields import Form
from interfaces.http.pages.frame import Pages
from interfaces.http.pages.mentors import forms, load
from interfaces.http.pages.mentors.load import LoadPage, Sort, Wanted
from interfaces.http.pages.mentors.one import mentor_page
from interfaces.http.pages.mentors.page import Adding, MentorWithForms, NoProgram
from interfaces.http.pages.rendering import as_counted, render
from interfaces.http.v1.mentors import NewMentor, entry_of
from interfaces.http.v1.visibility import require_addable, require_visible_mentor, visible_mentor
from kits.lookup import newest
from kits.titles import title_of
from projections.capacity import MentorCapacity
from projections.views.training import steps_of
from queries import reports
from queries.mentor_day import mentor_day
from queries.mentor_programs import mentor_programs
from queries.mentor_words import changes_in_words
from queries.mentors import Mentor, as_recorded
from queries.recent import Recent
from queries.titles import KnownTitles
from scenarios import mentor_fields
from scenarios.mentor_fields import Offered
from services import mentors as services
from services import training
from services.mentors import LeaveChange
from store import kits
from store.database import Pool
from store.people import names_of, zone_by_name

_MOST_PROGRAMS = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks to be recorded about a mentor."""

    kind: type[BaseModel]
    form: Form
    command: Callable[[Any], Awaitable[MentorCommand]]


class LoadQuery(Frozen):
    program: str = ""
    find: str = ""
    use: str = ""
    sort: Sort = "load"
    after: Annotated[str, Query(max_length=1_000)] = ""


def router(pool: Pool, _: JourneyClient) -> APIRouter:
    routes, known = Pages(pool), KnownTitles(pool)
    recent = Recent(pool)

    @routes.get("/mentors")
    async def mentors(query: Annotated[LoadQuery, Query()], caller: Reader) -> str:
        program = await chosen_program(pool, caller, query.program or None)
        if program is None:
            return render("mentors/none.html", NoProgram())
        return await _load(program, query, caller)

    @routes.get("/mentors/{mentor}")
    async def one(mentor: MentorId, caller: MentorThemselves, date: Day | None = None) -> str:
        return await _page(mentor, caller, date)

    @routes.post("/mentors/{mentor}/leave")
    async def plan_leave(mentor: MentorId, request: Request, caller: MentorThemselves) -> Response:
        return await _leave(mentor, request, caller, PlanLeave, forms.leave_form(mentor))

    @routes.post("/mentors/{mentor}/leave/cancel")
    async def cancel_leave(mentor: MentorId, request: Request, caller: MentorThemselves) -> Response:
        return await _leave(mentor, request, caller, CancelLeave, forms.cancel_form(mentor))

    @routes.post("/mentors/{mentor}/training")
    async def train(mentor: MentorId, request: Request, caller: MentorThemselves) -> Response:
        await require_visible_mentor(pool, caller, mentor)

        async def do(said: forms.Step) -> str:
            program = ProgramId(said.program)
            require_program(caller, program)
            step = training.Acknowledge(mentor=mentor, program=program, step=said.step, by=caller.actor)
            new = await training.acknowledge(pool, step, datetime.now(UTC))
            title = title_of(await newest(pool, program), said.step)
            return f"{title} is recorded as done." if new else f"{title} was recorded before."

        return await _act(mentor, request, caller, Asked(forms.Step, forms.step_form(mentor), do))

    @routes.post("/mentors/{mentor}/checks")
    async def check(mentor: MentorId, request: Request, caller: Operator) -> Response:
        async def command(said: forms.Checked) -> MentorCommand:
            return RecordCheck(mentor=mentor, check=said.check, valid_until=said.valid_until, by=caller.actor)

        return await _change(mentor, request, caller, Wish(forms.Checked, forms.check_form(mentor), command))

    @routes.post("/mentors/{mentor}/places")
    async def places(mentor: MentorId, request: Request, caller: Operator) -> Response:
        async def command(said: forms.Places) -> MentorCommand:
            return UpdateProfile(mentor=mentor, changes=mentor_fields.changes_of(said.model_dump()), by=caller.actor)

        return await _change(mentor, request, caller, Wish(forms.Places, forms.places_form(mentor, {}), command))

    @routes.post("/mentors/{mentor}/join")
    async def join(mentor: MentorId, request: Request, caller: Operator) -> Response:
        form = forms.join_form(mentor, await _programs(caller))
        return await _change(
            mentor, request, caller, Wish(forms.Program, form, _belonging(JoinProgram, mentor, caller))
        )

    @routes.post("/mentors/{mentor}/leave-program")
    async def leave_program(mentor: MentorId, request: Request, caller: Operator) -> Response:
        form = forms.leave_program_form(mentor, await _programs(caller))
        return await _change(
            mentor, request, caller, Wish(forms.Program, form, _belonging(LeaveProgram, mentor, caller))
        )

    @routes.get("/programs/{program}/mentors")
    async def new(program: ProgramId, caller: Operator) -> str:
        require_program(caller, program)
        return await _adding(program, await _add_form(program))

    @routes.post("/programs/{program}/mentors")
    async def add(program: ProgramId, request: Request, caller: Operator) -> Response:
        require_program(caller, program)

        async def do(said: NewMentor) -> str:
            await require_addable(pool, caller, [MentorId(said.id)])
            entry = entry_of(said, Offered.by(await newest(pool, program)))
            (change,) = await services.store(pool, program, [entry], datetime.now(UTC), caller.actor)
            return f"{change.name} is a mentor of {program}." if change.is_new else f"{change.name} was known; updated."

        asked = Asked(NewMentor, await _add_form(program), do)
        return await answered(
            request, asked, load.address({"program": program}), lambda refused: _adding(program, refused)
        )

    async def _add_form(program: ProgramId) -> Form:
        kit = await newest(pool, program)
        return forms.add_form(program, sorted({one.mentor_type for one in kit.pathways}))

    async def _adding(program: ProgramId, form: Form) -> str:
        return render("mentors/add.html", Adding(program, form))

    # What is shown

    async def _load(program: ProgramId, query: LoadQuery, caller: Caller) -> str:
        found = as_counted(await recent.ask(reports.capacity_of(pool, program)))
        wanted = Wanted(query.find, query.use, query.sort, load.CURSORS.read(query.after or None))
        by_name = caller.sees_personal_data and (wanted.find or wanted.sort == "name")
        known = await names_of(pool, [one.mentor for one in found.mentors]) if by_name else {}
        those = load.chosen(found, wanted, known)
        rest = load.behind(those, wanted, known)
        shown = rest[: load.PAGE]
        more = load.CURSORS.written(load.place_of(shown[-1])) if len(rest) > load.PAGE else None
        if caller.sees_personal_data:
            shown = await _named(shown)
        steps = (await newest(pool, program)).mentor_kit.training
        trained = await _trained(program, [one.mentor for one in shown], steps)
        names = await names_of(pool, load.shown_waiting(found)) if caller.sees_personal_data else {}
        headline, waiting = load.headline(found)
        base = {**query.model_dump(exclude={"after", "program"}), "program": program}
        page = LoadPage(
            program=program,
            headline=headline,
            waiting_says=waiting,
            weeks=load.week_labels(found),
            rows=[load.mentor_line(one, found.limit, trained.get(one.mentor, NOTHING)) for one in shown],
            mentors=len(those),
            has_none=not found.mentors,
            forecast=load.weeks_ahead(found),
            chart=load.forecast_chart(found),
            waiting=load.waiting_lines(found, names),
            more_waiting=load.more_waiting(found),
            find=query.find,
            use=query.use,
            uses=list(load.USES.items()),
            sort=query.sort,
            next=load.address({**base, "after": more}) if more else None,
            first=load.address(base) if query.after else None,
            adds=caller.role is KeyRole.OPS,
            opens=caller.sees_personal_data,
        )
        return render("mentors/load.html", page, live=f"program={program}")

    async def _named(those: Sequence[MentorCapacity]) -> list[MentorCapacity]:
        names = await names_of(pool, [one.mentor for one in those])
        return [replace(one, name=names.get(one.mentor)) for one in those]

    async def _trained(program: ProgramId, mentors: list[MentorId], steps: Sequence[str]) -> Mapping[str, str]:
        if not steps:
            return {}
        done = await steps_of(pool, program, mentors)
        return {one: f"{sum(step in done.get(one, ()) for step in steps)} of {len(steps)}" for one in mentors}

    async def _page(mentor: MentorId, caller: Caller, day: Day | None = None, refused: Form | None = None) -> str:
        await visible_mentor(pool, caller, mentor)
        found, now = await as_recorded(pool, mentor), datetime.now(UTC)
        work = await mentor_programs(pool, mentor, found.profile, now, caller.programs)
        manages = caller.role is KeyRole.OPS
        theirs = await mentor_day(pool, mentor, now, day)
        in_groups = (*(one.cohort for one in (*theirs.sees, *theirs.coming)), *(one.cohort for one in theirs.owes))
        groups = await known.groups(filter(None, in_groups))
        page = mentor_page(found, theirs, work, groups, now, manages=manages)
        offered = MentorWithForms.of(page, found, await _programs(caller) if manages else [], refused)
        return render("mentors/one.html", offered)

    async def _programs(caller: Caller) -> list[ProgramId]:
        if caller.programs is not None:
            return sorted(map(ProgramId, caller.programs))
        return [ProgramId(one) for one in await kits.program_names(pool, _MOST_PROGRAMS)]

    # Carrying out

    async def _act(mentor: MentorId, request: Request, caller: Caller, asked: Asked) -> Response:
        return await answered(
            request, asked, f"/mentors/{mentor}", lambda refused: _page(mentor, caller, refused=refused)
        )

    async def _change(mentor: MentorId, request: Request, caller: Caller, wish: Wish) -> Response:
        await require_visible_mentor(pool, caller, mentor)

        async def do(said: Any) -> str:
            done = await services.change(pool, [await wish.command(said)], datetime.now(UTC), caller.actor)
            words = list(changes_in_words(done.before.state, done.events))
            return f"Recorded: {'; '.join(words)}." if words else "This was already so; nothing changed."

        return await _act(mentor, request, caller, Asked(wish.kind, wish.form, do))

    def _belonging(
        kind: type[JoinProgram | LeaveProgram], mentor: MentorId, caller: Caller
    ) -> Callable[[forms.Program], Awaitable[MentorCommand]]:
        async def command(said: forms.Program) -> MentorCommand:
            program = ProgramId(said.program)
            require_program(caller, program)
            await newest(pool, program)
            return kind(mentor=mentor, program=program, by=caller.actor)

        return command

    async def _leave(
        mentor: MentorId, request: Request, caller: Caller, kind: type[PlanLeave | CancelLeave], form: Form
    ) -> Response:
        found = await visible_mentor(pool, caller, mentor)

        async def do(said: forms.LeaveDays) -> str:
            zone = zone_by_name(found.profile.time_zone)
            starts_at, ends_at = services.span_of_leave(zone, said.first_day, said.last_day)
            command = kind(mentor=mentor, starts_at=starts_at, ends_at=ends_at, by=caller.actor)
            return _left(found, await services.change_leave(pool, found, command, datetime.now(UTC)))

        return await _act(mentor, request, caller, Asked(forms.LeaveDays, form, do))

    return routes


def _left(found: Mentor, change: LeaveChange) -> str:
    done = change.done
    words = list(changes_in_words(done.before.state, done.events, zone_by_name(found.profile.time_zone)))
    if not words:
        return "This was already so; nothing changed."
    planned = [f"{one.meeting.title} with {one.name} on {one.meeting.starts_at:%d %b}" for one in change.sessions[:5]]
    if not planned:
        return f"Recorded: {'; '.join(words)}. No session is planned in this time."
    more = ", …" if len(change.sessions) > len(planned) else ""
    return (
        f"Recorded: {'; '.join(words)}. {counted(len(change.sessions), 'session')} in this time to move or hand on: "
        f"{', '.join(planned)}{more}."
    )
