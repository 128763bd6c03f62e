"""Enrollment: whether a program takes learners in, how many places it has, who has one, and who waits for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query, Request
from pydantic import Field, model_validator

from client.journeys import JourneyClient
from domain.access import Caller
from domain.ids import BulkId, LearnerId, ProgramId, Slug
from domain.journey.terms import Answers
from domain.program import CloseEnrollment, Command, Enroll, OpenEnrollment, Remove
from domain.values import LAST_NUMBER, Personal, Truth, Whole
from interfaces.http.access import Operator, Reader, Starter, require_program
from interfaces.http.v1.orders import AnyReason, GivenBy, Order, giver
from interfaces.http.v1.people import Contact, Name, person_of
from interfaces.http.v1.uploads import TABLE_OF_PEOPLE, table_of_people
from kits.lookup import newest
from scenarios.people_files import read_learners
from services import enrollment as services
from services.bulk import Beginning, Bulks
from services.enrolling import Tally
from services.enrollment import Enrolling
from services.starting import Started
from store import people
from store.database import Pool
from store.people import Person

LEARNERS_AT_MOST = 1_000
"""In one request; a table may have more."""
_START_SECONDS = 20.0
"""How long an answer waits for journeys to start."""


class Opening(Order):
    places: Annotated[Whole, Field(ge=0, le=10_000_000)] | None = None
    """How many; further learners are put on the waiting list. Default: unlimited."""
    override: Personal = ""
    """The reason to open it although the program is not ready to grow by the rules of its kit. It is recorded where it
    was needed."""


class Newcomer(Contact):
    """A learner. With a name they are stored; by the id alone they are enrolled as they are known."""

    id: Slug
    name: Name | None = None
    answers: Answers | None = None
    """Answers to the intake, which are sent in when the journey starts."""

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.name is None and self.model_fields_set - {"id", "name"}:
            raise ValueError("give the learner's name, too, or their id alone")
        return self


class Newcomers(Order):
    learners: tuple[Newcomer, ...] = Field(min_length=1, max_length=LEARNERS_AT_MOST)
    again: Truth = False
    """Also those whose journey in this program has ended."""
    dry_run: Truth = False


@dataclass(frozen=True, slots=True)
class EnrollmentStanding:
    program: str
    is_open: bool
    places: int | None
    """Null: unlimited."""
    left: int | None
    enrolled: int
    waiting: int
    ended: int
    """Learners whose latest journey has closed."""


@dataclass(frozen=True, slots=True)
class EnrollmentRoll:
    """Who has a place, who waits for one, and whose journey has ended, by id."""

    kit: str | None
    """The digest of the kit that new journeys follow; null until a process has recorded it."""
    is_open: bool
    places: int | None
    """Null: unlimited."""
    enrolled: list[LearnerId]
    waiting: list[LearnerId]
    """The first in line first."""
    ended: list[LearnerId]


@dataclass(frozen=True, slots=True)
class WaitingLearner:
    learner: LearnerId
    place: int
    """In the line, from 1."""


@dataclass(frozen=True, slots=True)
class WaitingList:
    waiting: list[WaitingLearner]
    next: int | None
    """Pass it as `after` to get the next page. Null on the last page."""


@dataclass(frozen=True, slots=True)
class EnrollmentChanged:
    events: list[str]
    """Their types. Empty: this was already so, and nothing changed."""
    recorded: list[dict[str, Any]]
    """The same events with what they say."""
    journeys: Started | None
    """Of learners who got a place by it."""
    to_start: int
    """How many journeys had not started yet when this was answered. They start without another request."""
    bulk: BulkId | None
    """The bulk action that starts them, where they are many."""


@dataclass(frozen=True, slots=True)
class EnrollmentResult:
    dry_run: bool
    enrollment: Tally
    journeys: Started | None
    """Null after a dry run."""
    to_start: int
    """How many journeys had not started yet when this was answered. They start without another request."""
    bulk: BulkId | None
    """The bulk action that starts them, where they are many."""


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = APIRouter(prefix="/programs/{program}/enrollment", tags=["enrollment"])

    @routes.get("")
    async def get_enrollment(program: ProgramId, caller: Reader) -> EnrollmentStanding:
        """Whether enrollment is open, and how many places are taken."""
        require_program(caller, program)
        now = await services.standing(pool, program)
        numbers = (len(now.enrolled), len(now.waiting), len(now.ended))
        return EnrollmentStanding(program, now.is_open, now.places, now.room, *numbers)

    @routes.get("/roll")
    async def get_enrollment_roll(program: ProgramId, caller: Reader) -> EnrollmentRoll:
        """The ids of everybody who has a place, waits for one, or has been through the program."""
        require_program(caller, program)
        now = await services.standing(pool, program)
        who = (sorted(now.enrolled), list(now.waiting), sorted(now.ended))
        return EnrollmentRoll(now.kit, now.is_open, now.places, *who)

    @routes.get("/waiting")
    async def list_waiting(
        program: ProgramId,
        caller: Reader,
        after: Annotated[int, Query(ge=0, le=LAST_NUMBER, description="The `next` of the previous page.")] = 0,
        limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    ) -> WaitingList:
        """The learners who wait for a place, the first in line first."""
        require_program(caller, program)
        waiting = (await services.standing(pool, program)).waiting
        page = waiting[after : after + limit]
        shown = [WaitingLearner(one, after + nth) for nth, one in enumerate(page, start=1)]
        return WaitingList(shown, after + limit if len(waiting) > after + limit else None)

    @routes.post("/open")
    async def open_enrollment(program: ProgramId, body: Opening, caller: Operator) -> EnrollmentChanged:
        """Take learners in. If the number of places grows, those who have waited longest get the new ones.

        Where the kit has rules of growth, more places than it allows without asking are refused until they hold
        (`not_ready_to_grow`), unless `override` gives the reason to open enrollment all the same.
        """
        by = giver(caller, body.by)
        return await _do(program, OpenEnrollment(places=body.places, override=body.override, by=by), caller)

    @routes.post("/close")
    async def close_enrollment(program: ProgramId, caller: Operator, body: AnyReason) -> EnrollmentChanged:
        """Take nobody in from now on. The waiting list is kept."""
        return await _do(program, CloseEnrollment(reason=body.reason, by=giver(caller, body.by)), caller)

    @routes.post("/learners/{learner}/remove")
    async def remove_learner(program: ProgramId, learner: Slug, caller: Operator, body: AnyReason) -> EnrollmentChanged:
        """Free a learner's place, or take them off the waiting list. This does not end their journey.

        A place that becomes free goes to the learner who has waited longest.
        """
        by = giver(caller, body.by)
        return await _do(program, Remove(learner=LearnerId(learner), reason=body.reason, by=by), caller)

    @routes.post("/learners")
    async def enroll_learners(program: ProgramId, body: Newcomers, caller: Starter) -> EnrollmentResult:
        """Enroll learners, in this order, and start their journeys. Who finds no place is put on the waiting list.

        More than 50 journeys start as a bulk action, which goes on after the answer: follow it at `/v1/bulk/{id}`.

        Learners who are enrolled already are left alone, so it can be sent again.
        """
        require_program(caller, program)
        kit = await newest(pool, program)
        those = [person_of(one.id, "learner", one.name, one, one.answers) for one in body.learners if one.name]
        by = giver(caller, body.by)
        command = Enroll(learners=tuple(LearnerId(one.id) for one in body.learners), by=by, again=body.again)
        enrolling = Enrolling(pool, kit, [(command, await writable(pool, caller, program, those))])
        return await _enroll(enrolling, by, dry_run=body.dry_run)

    @routes.post("/import", openapi_extra=TABLE_OF_PEOPLE)
    async def enroll_from_table(
        program: ProgramId,
        request: Request,
        caller: Starter,
        *,
        dry_run: bool = False,
        again: bool = False,
        by: GivenBy = None,
    ) -> EnrollmentResult:
        """Enroll everybody in a table, in its order, and start their journeys. docs/people.md lists its columns.

        A table with an error changes nothing; every error is named with its line. It can be sent again. More than 50
        journeys start as a bulk action, which goes on after the answer: follow it at `/v1/bulk/{id}`.
        """
        require_program(caller, program)
        kit = await newest(pool, program)
        those = await table_of_people(request, lambda file: read_learners(file, kit))
        those = await writable(pool, caller, program, those)
        given_by = giver(caller, by)
        enrolling = Enrolling.of_people(pool, kit, those, by=given_by, again=again)
        return await _enroll(enrolling, given_by, dry_run=dry_run)

    async def _do(program: ProgramId, command: Command, caller: Caller) -> EnrollmentChanged:
        require_program(caller, program)
        begin = _beginning(command.by)
        done = await services.carry_out(pool, journeys, program, command, begin)
        recorded = [{"type": one.type, **one.model_dump(mode="json", exclude={"at"})} for one in done.events]
        types = [one.type for one in done.events]
        return EnrollmentChanged(types, recorded, done.journeys, begin.left, begin.bulk)

    async def _enroll(enrolling: Enrolling, by: str, *, dry_run: bool) -> EnrollmentResult:
        tally = await enrolling.preview()
        if dry_run:
            return EnrollmentResult(True, tally, journeys=None, to_start=0, bulk=None)
        begin = _beginning(by)
        tally, started = await enrolling.carry_out(journeys, begin=begin)
        return EnrollmentResult(False, tally, started, begin.left, begin.bulk)

    def _beginning(by: str) -> Beginning:
        return Beginning(pool, Bulks(pool, journeys.temporal), by, _START_SECONDS)

    return routes


async def writable(pool: Pool, caller: Caller, program: ProgramId, those: Sequence[Person]) -> list[Person]:
    """What is known about learners of other programs stays as it is where the caller may not see them."""
    if caller.programs is None:
        return list(those)
    now = await services.standing(pool, program)
    ours = now.enrolled | frozenset(now.waiting) | now.entries.keys()
    known = await people.by_ids(pool, [one.person_id for one in those])
    return [one if one.person_id not in known or one.person_id in ours else known[one.person_id] for one in those]
