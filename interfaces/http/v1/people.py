"""The people behind the ids: names, addresses, time zones, and learners' stored answers to the intake.

They belong to no single program, so only keys for all programs list and change them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field

from domain.access import Caller
from domain.ids import MentorId, ProgramId, Slug
from domain.journey.terms import Answers
from domain.refusal import NotFound
from domain.values import Frozen
from interfaces.http.access import Operator, PersonalReader
from interfaces.http.v1.uploads import TABLE_OF_PEOPLE, table_of_people
from interfaces.http.v1.visibility import require_all_programs, visible_mentor
from kits.lookup import newest
from projections.board_filter import Filter
from projections.views import board
from queries.mentors import NoSuchMentor
from scenarios import people_fields
from scenarios.people_fields import InvalidField
from scenarios.people_files import read_learners
from services import people as services
from services.own_pages import OwnPages
from services.people import PersonChange
from store import people
from store.database import Pool
from store.people import Kind, Person

Name = Annotated[str, Field(min_length=1, max_length=200)]


class Contact(Frozen):
    email: Annotated[str, Field(max_length=320)] | None = None
    time_zone: Annotated[str, Field(max_length=100)] | None = None
    """As in the tz database, such as `Europe/Berlin`."""


class PersonBody(Contact):
    kind: Kind
    name: Name
    """As people are shown it."""
    answers: Answers | None = None
    """A learner's answers to an intake, for when they start. Left out: those that are stored stay."""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    id: str
    kind: Kind
    name: str
    email: str | None
    time_zone: str | None
    attributes: Mapping[str, Any]
    """What else is known about them, such as a learner's `answers`."""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    people: list[PersonRecord]
    next: str | None
    """Pass it as `after` to get the next page. Null on the last page."""


@dataclass(frozen=True, slots=True)
class PersonStored:
    id: str
    new: bool
    changed: list[str]
    """The fields that have another value than before."""


@dataclass(frozen=True, slots=True)
class PeopleImported:
    people: int
    new: int
    changed: int
    """Of those who were known."""
    dry_run: bool


@dataclass(frozen=True, slots=True)
class OwnPageLink:
    person: str
    address: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OwnPageLinksRevoked:
    person: str


def router(pool: Pool, pages: OwnPages) -> APIRouter:
    routes = APIRouter(tags=["people"])

    @routes.get("/people")
    async def list_people(
        caller: PersonalReader,
        kind: Kind | None = None,
        after: Annotated[str, Query(max_length=120, description="The `next` of the previous page.")] = "",
        limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    ) -> PeoplePage:
        """List people, by id. Personal data. For keys that are for all programs."""
        require_all_programs(caller)
        found = await people.page(pool, kind, after, limit + 1)
        more = len(found) > limit
        return PeoplePage([_record(one) for one in found[:limit]], found[limit - 1].person_id if more else None)

    @routes.get("/people/{person}")
    async def get_person(person: Slug, caller: PersonalReader) -> PersonRecord:
        """Who somebody is: name, address, time zone, and stored answers. Personal data."""
        return _record(await _require(person, caller))

    @routes.put("/people/{person}", responses={201: {"model": PersonStored, "description": "New"}})
    async def put_person(person: Slug, body: PersonBody, caller: Operator, response: Response) -> PersonStored:
        """Add somebody, or replace their name, address and time zone. For keys that are for all programs.

        409: the id belongs to somebody of the other kind.
        """
        require_all_programs(caller)
        (change,) = await services.store(pool, [person_of(person, body.kind, body.name, body, body.answers)])
        response.status_code = 201 if change.is_new else 200
        return PersonStored(person, change.is_new, list(change.changed))

    @routes.post("/imports/people", openapi_extra=TABLE_OF_PEOPLE)
    async def import_people(
        request: Request,
        caller: Operator,
        program: Annotated[ProgramId, Query(description="Whose intake the answers in the table belong to.")],
        *,
        dry_run: bool = False,
    ) -> PeopleImported:
        """Store all learners in a table, or none of them, without enrolling them. docs/people.md lists its columns.

        For keys that are for all programs. Mentors: `import_mentors`.
        """
        require_all_programs(caller)
        kit = await newest(pool, program)
        those = await table_of_people(request, lambda file: read_learners(file, kit))
        return _imported(await (services.preview if dry_run else services.store)(pool, those), dry_run=dry_run)

    @routes.post("/people/{person}/page")
    async def make_own_page_link(person: Slug, caller: PersonalReader) -> OwnPageLink:
        """Make a link to somebody's own page, as their letters have it. Whoever has it acts as that person: give it to
        them alone. Personal data."""
        await _require(person, caller)
        address, page = await pages.link_to(person)
        return OwnPageLink(person, address, page.expires_at)

    @routes.delete("/people/{person}/page")
    async def revoke_own_page_links(person: Slug, caller: Operator) -> OwnPageLinksRevoked:
        """Make all links to somebody's own page invalid that exist so far, also those in letters. The next letter has
        one that works."""
        await _require(person, caller)
        await pages.revoke(person)
        return OwnPageLinksRevoked(person)

    async def _require(person: str, caller: Caller) -> Person:
        """Raises NotFound."""
        found = await people.get(pool, person)
        if found is None or not await _visible(caller, found):
            raise NotFound(f"There is no person {person!r}.")
        return found

    async def _visible(caller: Caller, one: Person) -> bool:
        if caller.programs is None:
            return True
        if one.kind == "mentor":
            try:
                return bool(await visible_mentor(pool, caller, MentorId(one.person_id)))
            except NoSuchMentor:
                return False
        for program in sorted(caller.programs):
            if (await board.page(pool, Filter(program=program, learner=one.person_id), limit=1)).rows:
                return True
        return False

    return routes


def person_of(person: str, kind: Kind, name: str, contact: Contact, answers: Mapping[str, Any] | None) -> Person:
    """Raises RequestValidationError, which names the field."""
    shown = _checked("name", people_fields.name, name)
    email = _checked("email", people_fields.address, contact.email) if contact.email else None
    zone = _checked("time_zone", people_fields.time_zone, contact.time_zone) if contact.time_zone else None
    return Person(person, kind, shown, email, zone, {} if answers is None else {"answers": dict(answers)})


def _checked(name: str, check: Callable[[str], str], given: str) -> str:
    try:
        return check(given)
    except InvalidField as error:
        raise RequestValidationError([{"loc": ("body", name), "msg": str(error), "type": "value_error"}]) from error


def _record(one: Person) -> PersonRecord:
    return PersonRecord(one.person_id, one.kind, one.name, one.email, one.time_zone, one.attributes)


def _imported(changes: list[PersonChange], *, dry_run: bool) -> PeopleImported:
    changed = sum(bool(one.changed) for one in changes)
    return PeopleImported(len(changes), sum(one.is_new for one in changes), changed, dry_run)
