"""Mentors with their profiles: those of a program, or one of them, in words and in data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.ids import MentorId, ProgramId
from domain.mentor import MENTOR, mentor_stream
from domain.profiles import Leave, MentorProfile
from domain.refusal import NotFound
from domain.scheduling.week import written
from projections.board_filter import Filter
from projections.views import board
from projections.views import mentors as view
from projections.views.mentors import MentorRow
from queries.listing import Listing
from queries.mentor_words import check_in_words, leave_in_words
from store import people
from store.database import Pool
from store.people import Person, zone_by_name
from store.transact import read


class NoSuchMentor(NotFound):
    """Nobody is known as a mentor by this id."""

    def __init__(self, mentor: str) -> None:
        super().__init__(
            f"There is no mentor {mentor!r}, and no open journey has a mentor with this id. "
            "`trellis mentor list PROGRAM` lists those of a program."
        )


@dataclass(frozen=True, slots=True)
class Mentor:
    mentor: MentorId
    name: str | None
    """None: nobody is known by this id, and something is recorded about them."""
    email: str | None
    programs: tuple[ProgramId, ...] | None
    """None: nobody has said, and any program may use them."""
    profile: MentorProfile
    """With what was kept beside the name before there were profiles, where it says nothing itself."""
    leave: tuple[Leave, ...]
    """In order, without overlaps; what is over may be missing."""

    def is_away(self, at: datetime) -> bool:
        return any(one.starts_at <= at < one.ends_at for one in self.leave)


async def mentor(pool: Pool, one: MentorId) -> Mentor:
    """Also of whom only a journey knows. Raises NoSuchMentor."""
    person = await people.get(pool, one)
    row = (await view.by_ids(pool, [one])).get(one)
    if person is not None and person.kind != "mentor":
        person = None
    if person is None and row is None and not (await board.page(pool, Filter(mentor=one, open=True), limit=1)).rows:
        raise NoSuchMentor(one)
    return _mentor(one, person, row)


async def as_recorded(pool: Pool, one: MentorId) -> Mentor:
    """As their stream has them now: what was recorded a moment ago is there, too. Asks nothing about whether there is
    such a mentor."""
    state = (await read(pool, mentor_stream(one), MENTOR)).state
    programs = None if state.programs is None else tuple(sorted(state.programs))
    person = await people.get(pool, one)
    known = person if person and person.kind == "mentor" else None
    return _mentor(one, known, MentorRow(one, programs, state.profile, state.leave))


async def mentors(pool: Pool, program: ProgramId) -> list[Mentor]:
    """Those who can be matched in the program, by id: of the mentors known by name, those who belong to it and those of
    whom nobody has said where they belong. Where no mentor is known by name, those who have a profile.
    """
    by_name = {MentorId(one.person_id): one for one in await people.of_kind(pool, "mentor")}
    if not by_name:
        return [_mentor(one, None, row) for one, row in (await view.of_program(pool, program)).items()]
    rows = await view.by_ids(pool, by_name)
    return [
        _mentor(one, person, row)
        for one, person in by_name.items()
        for row in [rows.get(one)]
        if row is None or row.may_be_used_by(program)
    ]


def _mentor(one: MentorId, person: Person | None, row: MentorRow | None) -> Mentor:
    return Mentor(
        mentor=one,
        name=person.name if person else None,
        email=person.email if person else None,
        programs=row.programs if row else None,
        profile=people.profile_of(row.profile if row else MentorProfile(), person),
        leave=row.leave if row else (),
    )


def listing(found: Iterable[Mentor], program: str, at: datetime) -> Listing:
    columns = ("mentor", "name", "kind", "places", "time zone", "hours", "checks", "onboarded", "leave")
    return Listing(f"Mentors of {program}", columns, [_row(one, at) for one in found])


def _row(one: Mentor, at: datetime) -> tuple[object, ...]:
    profile = one.profile
    ahead = next((leave for leave in one.leave if leave.ends_at > at), None)
    return (
        *(one.mentor, one.name or "", profile.mentor_type or ""),
        "" if profile.places is None else profile.places,
        *(profile.time_zone or "", "; ".join(map(written, profile.availability))),
        ", ".join(check_in_words(check, at.astimezone(UTC).date()) for check in profile.checks),
        profile.onboarded_on or "",
        leave_in_words(ahead, zone_by_name(profile.time_zone)) if ahead else "",
    )
