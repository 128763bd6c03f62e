"""The people behind the ids: add them, and change what is known about them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from store import people
from store.database import Pool
from store.people import Person

_FIELDS = ("name", "email", "time_zone", "attributes")


@dataclass(frozen=True, slots=True)
class PersonChange:
    person: Person
    """As they are from then on."""
    is_new: bool
    changed: tuple[str, ...]
    """The fields that have another value than before."""


async def preview(pool: Pool, those: Sequence[Person]) -> list[PersonChange]:
    """What `store` would do. Raises Rejected for an id of somebody of another kind."""
    for kind in sorted({one.kind for one in those}):
        await people.require_kind(pool, kind, [one.person_id for one in those if one.kind == kind])
    known = await people.by_ids(pool, [one.person_id for one in those])
    return [_change(one, known.get(one.person_id)) for one in those]


async def store(pool: Pool, those: Sequence[Person]) -> list[PersonChange]:
    """Stores all of them or none. Attributes that are not given stay as they are.

    Raises Rejected for an id of somebody of another kind.
    """
    changes = await preview(pool, those)
    await people.upsert_many(pool, [one.person for one in changes])
    return changes


def _change(person: Person, known: Person | None) -> PersonChange:
    if known is None:
        return PersonChange(person, is_new=True, changed=())
    merged = replace(person, attributes={**known.attributes, **person.attributes})
    changed = tuple(one for one in _FIELDS if getattr(merged, one) != getattr(known, one))
    return PersonChange(merged, is_new=False, changed=changed)
