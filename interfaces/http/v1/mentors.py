"""Mentors: who they are, what is established about them, when they are away, and their day."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field, model_validator

from domain.access import Caller
from domain.ids import CohortId, JourneyId, MentorId, ProgramId, SessionId, Slug
from domain.mentor import MENTOR, MentorCommand, MentorEvent, MentorState, mentor_stream
from domain.mentor.belonging import JoinProgram, LeaveProgram
from domain.mentor.checks import RecordCheck, RecordOnboarding, WithdrawCheck
from domain.mentor.leave import CancelLeave, PlanLeave
from domain.mentor.profile import UpdateProfile
from domain.profiles import Check, MentorTraits
from domain.values import Day, Instant, Whole
from interfaces.http.access import MentorThemselves, Operator, PersonalReader, require_program
from interfaces.http.v1.orders import AnyOrder, GivenBy, Order, TheMentor, giver
from interfaces.http.v1.uploads import TABLE_OF_PEOPLE, name_of_table, table_of_people
from interfaces.http.v1.visibility import require_addable, require_visible_mentor, visible_mentor
from kits.lookup import newest
from kits.problems import Problem
from projections.views.mentor_load import Load, loads
from queries.mentor_day import MentorDay, Seen, mentor_day
from queries.mentor_words import changes_in_words
from queries.mentors import Mentor, mentors
from scenarios import mentor_fields, people_fields
from scenarios.mentor_fields import Offered
from scenarios.mentor_files import read_numbered
from scenarios.people_csv import PeopleError
from scenarios.people_fields import InvalidField
from services import mentors as services
from services.mentors import LeaveChange, MentorChange, MentorEntry, NotAddable
from store.database import Pool
from store.people import Person, zone_by_name
from store.transact import Transaction, read

_SHOWN = 200


class MentorPatch(MentorTraits, Order):
    """Fields of a mentor's profile. What is left out stays as it is; null, or an empty list, empties a field. Words
    must be among those that the kits of the mentor's programs offer."""

    places: Annotated[Whole, Field(ge=0)] | None = None
    minutes_a_week: Annotated[Whole, Field(ge=0)] | None = None
    supports_from: Annotated[Whole, Field(ge=1, le=10)] | None = None
    onboarded_on: Day | None = None
    checks: tuple[Check, ...] = Field(default=(), max_length=100)
    """These are recorded; others stay. `DELETE …/checks/CHECK` withdraws one."""


class NewMentor(MentorPatch):
    """A mentor with their name, and fields of their profile."""

    id: Slug
    name: Annotated[str, Field(min_length=1, max_length=200)]
    email: Annotated[str, Field(max_length=320)] | None = None


class CheckUntil(Order):
    valid_until: Day | None = None
    """The last day on which it counts, UTC. Default: it does not expire."""


class Onboarded(Order):
    on: Day | None
    """Null: they are not onboarded after all."""


class LeaveTime(Order):
    """From the first day to the last one, on the mentor's clocks; or from one moment to another."""

    first_day: Day | None = None
    last_day: Day | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        days, moments = (self.first_day, self.last_day), (self.starts_at, self.ends_at)
        given = [one for one in (days, moments) if one != (None, None)]
        if len(given) != 1 or None in given[0]:
            raise ValueError("give first_day and last_day, or starts_at and ends_at")
        if days[0] and days[1] and days[1] < days[0]:
            raise ValueError("the last day is before the first one")
        if moments[0] and moments[1] and moments[1] <= moments[0]:
            raise ValueError("it ends before it begins")
        return self

    @property
    def span(self) -> tuple[date, date]:
        begins, ends = self.starts_at or self.first_day, self.ends_at or self.last_day
        assert begins and ends, "one of the two was given"
        return begins, ends


@dataclass(frozen=True, slots=True)
class MentorChanged:
    mentor: str
    version: int
    """Of the mentor's stream."""
    changes: list[str]
    """In words. Empty: this was already so, and nothing changed."""


@dataclass(frozen=True, slots=True)
class SessionInLeave:
    journey: JourneyId
    session: SessionId
    starts_at: datetime
    title: str
    """Of the session."""
    learner: str
    name: str
    """The learner's name, or the id where it is not known."""
    cohort: CohortId | None
    """The group that meets then."""


@dataclass(frozen=True, slots=True)
class LeaveChanged:
    mentor: str
    version: int
    changes: list[str]
    sessions: list[SessionInLeave]
    """Those that are planned in this time, to be moved or handed on."""


@dataclass(frozen=True, slots=True)
class MentorAdded:
    mentor: str
    name: str
    new: bool
    """Nobody of this id was known by name."""
    person: list[str]
    """The fields of the person that change: `name`, `email`, `time_zone`."""
    profile: list[str]
    """What else changes, in words."""


@dataclass(frozen=True, slots=True)
class MentorsImported:
    mentors: int
    new: int
    changed: int
    """Of those who were known."""
    dry_run: bool
    changes: list[MentorAdded]
    """Whom something changes for: the first ones."""


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["mentors"])

    # Whom a program has

    @routes.get("/programs/{program}/mentors")
    async def list_mentors(
        program: ProgramId,
        caller: PersonalReader,
        after: Annotated[str, Query(max_length=120, description="The last mentor of the previous page.")] = "",
        limit: Annotated[int, Query(ge=1, le=1_000)] = 1_000,
    ) -> list[Mentor]:
        """The mentors whom a program may use, with their profiles, by id. Personal data."""
        require_program(caller, program)
        await newest(pool, program)
        return [one for one in await mentors(pool, program) if one.mentor > after][:limit]

    @routes.post("/programs/{program}/mentors", responses={201: {"model": MentorAdded, "description": "New"}})
    async def add_mentor(program: ProgramId, body: NewMentor, caller: Operator, response: Response) -> MentorAdded:
        """Add a mentor to a program, or change what is known about them.

        Once any mentor is known, only known mentors can be matched.
        """
        require_program(caller, program)
        entry = entry_of(body, Offered.by(await newest(pool, program)))
        await require_addable(pool, caller, [MentorId(body.id)])
        (change,) = await services.store(pool, program, [entry], datetime.now(UTC), giver(caller, body.by))
        response.status_code = 201 if change.is_new else 200
        return _added(change)

    @routes.post("/programs/{program}/imports/mentors", openapi_extra=TABLE_OF_PEOPLE)
    async def import_mentors(
        program: ProgramId,
        request: Request,
        caller: Operator,
        *,
        dry_run: bool = False,
        shown: Annotated[int, Query(ge=0, le=100_000, description="how many changes to list")] = _SHOWN,
        by: GivenBy = None,
    ) -> MentorsImported:
        """Add everybody in a table as a mentor, all of them or none. docs/people.md lists its fields.

        What the table does not say stays as it is; the same table again changes nothing.
        """
        require_program(caller, program)
        kit = await newest(pool, program)
        numbered = await table_of_people(request, lambda file: read_numbered(file, kit))
        entries, now = [entry for _, entry in numbered], datetime.now(UTC)
        with _by_line(name_of_table(request), numbered):
            await require_addable(pool, caller, [MentorId(one.person.person_id) for one in entries])
            changes = await services.preview(pool, program, entries, now)
            if not dry_run:
                changes = await services.store(pool, program, entries, now, giver(caller, by), planned=changes)
        return _imported(changes, shown, dry_run=dry_run)

    @routes.get("/programs/{program}/mentor-load")
    async def list_mentor_load(program: ProgramId, caller: PersonalReader) -> list[Load]:
        """How many learners each mentor has now, and had ever, the most first."""
        require_program(caller, program)
        await newest(pool, program)
        return await loads(pool, program)

    @routes.put("/programs/{program}/mentors/{mentor}")
    async def join_program(program: ProgramId, mentor: TheMentor, caller: Operator, order: AnyOrder) -> MentorChanged:
        """Let learners of a program be matched with a mentor: from then on those of programs that they joined alone."""
        return await _belonging(caller, JoinProgram, program, mentor, order)

    @routes.delete("/programs/{program}/mentors/{mentor}")
    async def leave_program(
        program: ProgramId, mentor: TheMentor, caller: Operator, by: GivenBy = None
    ) -> MentorChanged:
        """Let no further learners of a program be matched with a mentor. Those whom they have stay with them."""
        return await _belonging(caller, LeaveProgram, program, mentor, Order(by=by))

    # One of them

    @routes.get("/mentors/{mentor}")
    async def get_mentor(mentor: MentorId, caller: MentorThemselves) -> Mentor:
        """A mentor's profile, checks, leave, and programs. Personal data."""
        return await visible_mentor(pool, caller, mentor)

    @routes.get("/mentors/{mentor}/day")
    async def get_mentor_day(
        mentor: MentorId,
        caller: MentorThemselves,
        date: Annotated[Day | None, Query(description="default: today, where they are")] = None,
    ) -> MentorDay:
        """Whom a mentor sees on a day, what to prepare, and what they owe now. Personal data."""
        await visible_mentor(pool, caller, mentor)
        return await mentor_day(pool, mentor, datetime.now(UTC), date)

    @routes.patch("/mentors/{mentor}")
    async def update_mentor(mentor: TheMentor, patch: MentorPatch, caller: Operator) -> MentorChanged:
        """Change fields of a mentor's profile. What is left out stays as it is."""
        await require_visible_mentor(pool, caller, mentor)
        known = await read(pool, mentor_stream(mentor), MENTOR)
        offered = Offered.by(*[await newest(pool, one) for one in sorted(known.state.programs or ())])
        values = _values(patch, offered)
        by = giver(caller, patch.by)
        commands: list[MentorCommand] = [
            UpdateProfile(mentor=mentor, changes=mentor_fields.changes_of(values), by=by),
            *(RecordCheck(mentor=mentor, check=one.check, valid_until=one.valid_until, by=by) for one in patch.checks),
        ]
        if "onboarded_on" in patch.model_fields_set:
            commands.append(RecordOnboarding(mentor=mentor, on=patch.onboarded_on, by=by))
        return await _change(commands, by)

    @routes.put("/mentors/{mentor}/checks/{check}")
    async def record_check(mentor: TheMentor, check: Slug, body: CheckUntil, caller: Operator) -> MentorChanged:
        """Record that a mentor passed a check, such as `background`. Recording it again with another day renews it."""
        await require_visible_mentor(pool, caller, mentor)
        by = giver(caller, body.by)
        return await _change([RecordCheck(mentor=mentor, check=check, valid_until=body.valid_until, by=by)], by)

    @routes.delete("/mentors/{mentor}/checks/{check}")
    async def withdraw_check(mentor: TheMentor, check: Slug, caller: Operator, given: GivenBy = None) -> MentorChanged:
        """Withdraw a check: it counts no longer."""
        await require_visible_mentor(pool, caller, mentor)
        by = giver(caller, given)
        return await _change([WithdrawCheck(mentor=mentor, check=check, by=by)], by)

    @routes.put("/mentors/{mentor}/onboarding")
    async def record_onboarding(mentor: TheMentor, body: Onboarded, caller: Operator) -> MentorChanged:
        """Record the day on which a mentor completed their onboarding."""
        await require_visible_mentor(pool, caller, mentor)
        by = giver(caller, body.by)
        return await _change([RecordOnboarding(mentor=mentor, on=body.on, by=by)], by)

    @routes.post("/mentors/{mentor}/leave")
    async def plan_leave(mentor: TheMentor, body: LeaveTime, caller: MentorThemselves) -> LeaveChanged:
        """Plan a time in which a mentor meets nobody. Leave that overlaps or adjoins becomes one."""
        return await _leave(PlanLeave, mentor, body, caller)

    @routes.post("/mentors/{mentor}/leave/cancel")
    async def cancel_leave(mentor: TheMentor, body: LeaveTime, caller: MentorThemselves) -> LeaveChanged:
        """Take this time out of a mentor's leave. What lies before and after it stays."""
        return await _leave(CancelLeave, mentor, body, caller)

    # Carrying out

    async def _belonging(
        caller: Caller, kind: type[JoinProgram | LeaveProgram], program: ProgramId, mentor: MentorId, order: Order
    ) -> MentorChanged:
        require_program(caller, program)
        await newest(pool, program)
        if kind is LeaveProgram:
            await require_visible_mentor(pool, caller, mentor)
        by = giver(caller, order.by)
        return await _change([kind(mentor=mentor, program=program, by=by)], by)

    async def _change(commands: Sequence[MentorCommand], by: str) -> MentorChanged:
        done = await services.change(pool, commands, datetime.now(UTC), by)
        return MentorChanged(commands[0].mentor, done.after.version, _words(done))

    async def _leave(
        kind: type[PlanLeave | CancelLeave], mentor: MentorId, body: LeaveTime, caller: Caller
    ) -> LeaveChanged:
        found = await visible_mentor(pool, caller, mentor)
        starts_at, ends_at = services.span_of_leave(zone_by_name(found.profile.time_zone), *body.span)
        command = kind(mentor=mentor, starts_at=starts_at, ends_at=ends_at, by=giver(caller, body.by))
        return _left(found, await services.change_leave(pool, found, command, datetime.now(UTC)))

    return routes


def _words(done: Transaction[MentorState, MentorEvent], zone: str | None = None) -> list[str]:
    return list(changes_in_words(done.before.state, done.events, zone_by_name(zone)))


def _left(found: Mentor, change: LeaveChange) -> LeaveChanged:
    sessions = [_planned(one) for one in change.sessions]
    words = _words(change.done, found.profile.time_zone)
    return LeaveChanged(found.mentor, change.done.after.version, words, sessions)


def _planned(one: Seen) -> SessionInLeave:
    met = one.meeting
    return SessionInLeave(one.journey, met.session, met.starts_at, met.title, one.learner, one.name, one.cohort)


@contextmanager
def _by_line(table: Path, numbered: Sequence[tuple[int, MentorEntry]]) -> Iterator[None]:
    """Who cannot be added is named with their line. Raises PeopleError."""
    try:
        yield
    except NotAddable as error:
        lines = {entry.person.person_id: line for line, entry in numbered}
        problems = [Problem(table, lines[mentor], mentor, *said) for mentor, said in error.refused.items()]
        raise PeopleError(*sorted(problems, key=lambda one: one.line or 0)) from error


def _added(change: MentorChange) -> MentorAdded:
    words = list(changes_in_words(change.before.state, change.events))
    return MentorAdded(change.mentor, change.name, change.is_new, list(change.person), words)


def _imported(changes: Sequence[MentorChange], shown: int, *, dry_run: bool) -> MentorsImported:
    changed = [one for one in changes if not one.changes_nothing]
    new = sum(one.is_new for one in changes)
    told = [_added(one) for one in changed[:shown]]
    return MentorsImported(len(changes), new, len(changed) - new, dry_run, told)


def entry_of(body: NewMentor, offered: Offered) -> MentorEntry:
    """Raises RequestValidationError."""
    values = _values(body, offered)
    name = _checked("name", lambda: people_fields.name(body.name))
    email = _checked("email", lambda: people_fields.address(body.email)) if body.email else None
    person = Person(body.id, "mentor", name, email, values.get("time_zone"))
    return MentorEntry(person, mentor_fields.changes_of(values), body.onboarded_on, body.checks)


def _values(patch: MentorPatch, offered: Offered) -> Mapping[str, Any]:
    """The fields of the profile that are given, as files have them, too. Raises RequestValidationError."""
    given = patch.model_dump(mode="json", include=set(MentorTraits.model_fields) & patch.model_fields_set)
    return {name: _checked(name, lambda: mentor_fields.read(name, given[name], offered)) for name in given}  # noqa: B023


def _checked(name: str, read_field: Any) -> Any:
    """Raises RequestValidationError, which names the field."""
    try:
        return read_field()
    except InvalidField as error:
        raise RequestValidationError([{"loc": ("body", name), "msg": str(error), "type": "value_error"}]) from error
