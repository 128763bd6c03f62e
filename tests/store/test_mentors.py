"""All mentors of a program are read, however many pages they take."""

import pytest

from domain.ids import MentorId, ProgramId
from domain.mentor.profile import ProfileChanges, UpdateProfile
from services.mentors import MentorEntry, change, store
from store import mentors
from store.database import Pool
from store.people import Person
from tests.projections.stories import AT, KIT

OURS, THEIRS = KIT.program_id, ProgramId("another")
NAMES = [MentorId(one) for one in ("ana", "ben", "cho", "dee", "eva")]


@pytest.fixture(autouse=True)
def two_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mentors, "PAGE", 2)


async def found(pool: Pool) -> list[tuple[str, int | None]]:
    return [(one.mentor, one.profile.places) for one in await mentors.of_program(pool, OURS)]


async def test_those_of_another_program_are_left_out(pool: Pool) -> None:
    entries = [MentorEntry(Person(one, "mentor", one), ProfileChanges(places=nth)) for nth, one in enumerate(NAMES, 1)]
    await store(pool, OURS, [one for one in entries if one.person.person_id != "ben"], AT)
    await store(pool, THEIRS, entries[1:2], AT)
    assert await found(pool) == [("ana", 1), ("cho", 3), ("dee", 4), ("eva", 5)]


async def test_where_people_are_kept_elsewhere_those_of_whom_something_is_recorded(pool: Pool) -> None:
    for one in NAMES:
        await change(pool, [UpdateProfile(mentor=one, changes=ProfileChanges(places=2))], AT)
    assert await found(pool) == [(one, 2) for one in NAMES]
