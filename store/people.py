"""The people behind the ids in the log. Names and addresses are stored only here, so that they can be corrected and
erased.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from domain.kit import QuietHours
from domain.mentor.profile import completed
from domain.profiles import MentorProfile
from domain.refusal import RefusalCode, Rejected
from store.database import Executor, query

Kind = Literal["learner", "mentor"]


class Code(RefusalCode):
    """Why somebody cannot be stored."""

    OTHER_KIND = "person_of_other_kind"
    """`people`: the ids, at most 100 of them."""


@dataclass(frozen=True, slots=True)
class Person:
    person_id: str
    kind: Kind
    name: str
    email: str | None = None
    time_zone: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """What else is known about them and matters for matching, as JSON values."""


async def upsert_many(pool: Executor, people: Sequence[Person]) -> None:
    """Stores all of them or none, replacing those who are known. Of two with the same id, the later counts."""
    by_id = {one.person_id: one for one in people}
    rows = [by_id[person_id] for person_id in sorted(by_id)]  # one order for every caller: no deadlocks
    await pool.execute(
        query("people_upsert"),
        [one.person_id for one in rows],
        [one.kind for one in rows],
        [one.name for one in rows],
        [one.email for one in rows],
        [one.time_zone for one in rows],
        [to_json(dict(one.attributes)).decode() for one in rows],
    )


async def get(pool: Executor, person_id: str) -> Person | None:
    row = await pool.fetchrow(query("person_get"), person_id)
    return _person(row) if row else None


async def by_ids(pool: Executor, ids: Iterable[str]) -> dict[str, Person]:
    """Ids of unknown people are left out."""
    return {row["person_id"]: _person(row) for row in await pool.fetch(query("people_by_ids"), sorted(set(ids)))}


async def of_kind(pool: Executor, kind: Kind) -> list[Person]:
    """All of them, by id."""
    return [_person(row) for row in await pool.fetch(query("people_of_kind"), kind)]


async def page(pool: Executor, kind: Kind | None, after: str, limit: int) -> list[Person]:
    """By id, those behind `after`."""
    return [_person(row) for row in await pool.fetch(query("people_page"), kind, after, limit)]


async def found(pool: Executor, search: str, limit: int) -> list[str]:
    """The ids of learners and mentors whose id or words of whose name begin with each word of the search, in no
    order."""
    return [row[0] for row in await pool.fetch(query("people_found"), search, limit)]


async def named(pool: Executor, search: str, kind: Kind, limit: int) -> list[Person]:
    """By name, those whose id or words of whose name begin with each word of the search."""
    return [_person(row) for row in await pool.fetch(query("people_named"), search, kind, limit)]


async def require_kind(pool: Executor, kind: Kind, ids: Iterable[str]) -> None:
    """Raises Rejected when one of the ids belongs to somebody of the other kind: storing them would change who they
    are for everything that is recorded about them."""
    others = sorted(one.person_id for one in (await by_ids(pool, ids)).values() if one.kind != kind)
    if others:
        other = "mentor" if kind == "learner" else "learner"
        says = f"{', '.join(others[:5])} is the id of a {other}; give the {kind} an id of their own"
        raise Rejected(Code.OTHER_KIND, says, {"people": others[:100]})


async def names_of(pool: Executor, ids: Iterable[str]) -> dict[str, str]:
    """Ids of unknown people are left out."""
    return {row["person_id"]: row["name"] for row in await pool.fetch(query("people_names"), sorted(set(ids)))}


async def may_be_mentor(pool: Executor, person_id: str) -> bool:
    """Whether this is a known mentor. Always true if no mentor is known at all: people may be kept elsewhere."""
    return bool(await pool.fetchval(query("people_may_be_mentor"), person_id))


def profile_of(recorded: MentorProfile, person: Person | None) -> MentorProfile:
    """A mentor's profile as their stream has it, with what is kept beside their name where it says nothing itself."""
    return completed(recorded, person.attributes, person.time_zone) if person else recorded


def zone_of(person: Person | None) -> ZoneInfo:
    """The time zone of a person; UTC if it is not known."""
    return zone_by_name(person.time_zone if person else None)


def zone_by_name(name: str | None) -> ZoneInfo:
    """UTC without a name, and for one that the tz database does not have."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def quiet_hours(usual: QuietHours | None, person: Person | None) -> QuietHours | None:
    """The person's own, if they have any, otherwise the usual ones of their program."""
    own = person.attributes.get("quiet_hours") if person else None
    if own is None:
        return usual
    try:
        return QuietHours.model_validate(own)
    except ValidationError:
        return usual


def _person(row: Any) -> Person:
    return Person(
        row["person_id"], row["kind"], row["name"], row["email"], row["time_zone"], from_json(row["attributes"])
    )
