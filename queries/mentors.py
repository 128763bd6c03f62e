"""Mentors with their profiles: those of a program, or one of them, in words and in data."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from domain.ids import MentorId, ProgramId
from domain.mentor.profile import completed
from domain.profiles import Check, Leave, MentorProfile
from domain.scheduling.week import written
from projections.views import mentors as view
from projections.views.mentors import MentorRow
from queries.listing import Listing
from store import people
from store.database import Pool
from store.people import Person


class UnknownMentor(Exception):
    """Nobody is known as a mentor by this id, and nothing is recorded about one."""

    def __init__(self, mentor: str) -> None:
        super().__init__(f"There is no mentor {mentor!r}. `trellis mentor list PROGRAM` shows those of a program.")


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
    """Raises UnknownMentor."""
    person = await people.get(pool, one)
    row = (await view.by_ids(pool, [one])).get(one)
    if person is not None and person.kind != "mentor":
        person = None
    if person is None and row is None:
        raise UnknownMentor(one)
    return _mentor(one, person, row)


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
        if row is None or row.programs is None or program in row.programs
    ]


def _mentor(one: MentorId, person: Person | None, row: MentorRow | None) -> Mentor:
    profile = row.profile if row else MentorProfile()
    if person:
        profile = completed(profile, person.attributes, person.time_zone)
    return Mentor(
        mentor=one,
        name=person.name if person else None,
        email=person.email if person else None,
        programs=row.programs if row else None,
        profile=profile,
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
        leave_in_words(ahead) if ahead else "",
    )


def profile_in_words(profile: MentorProfile, today: date) -> Iterator[tuple[str, str]]:
    """What is known, a line for each field."""
    for name, value in dict(profile).items():
        if name == "checks":
            said = ", ".join(check_in_words(one, today) for one in profile.checks)
        else:
            said = value_in_words(name, value)
        if said:
            yield LABELS[name], said


LABELS: Mapping[str, str] = {
    name: {
        "mentor_type": "kind",
        "minutes_a_week": "minutes a week",
        "ideal_learner": "ideal learner",
        "session_style": "session style",
        "learning_style": "learning styles",
        "supports_from": "supports confidence from",
        "time_zone": "time zone",
        "onboarded_on": "onboarded on",
        "never": "never with",
    }.get(name, name)
    for name in MentorProfile.model_fields
}


def value_in_words(name: str, value: Any) -> str:
    """As it is written in a file; empty where nothing is said."""
    if value is None:
        return ""
    if name == "availability":
        return "; ".join(map(written, value))
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def check_in_words(check: Check, today: date) -> str:
    if check.valid_until is None:
        return check.check
    passed = check.valid_until < today
    return f"{check.check} {'expired on' if passed else 'until'} {check.valid_until}"


def leave_in_words(leave: Leave) -> str:
    return f"{_moment(leave.starts_at)} to {_moment(leave.ends_at)}"


def _moment(at: datetime) -> str:
    """UTC; midnight is the day alone."""
    at = at.astimezone(UTC)
    return f"{at:%Y-%m-%d}" if (at.hour, at.minute) == (0, 0) else f"{at:%Y-%m-%d %H:%M}"


def programs_in_words(programs: tuple[ProgramId, ...] | None) -> str:
    if programs is None:
        return "any program (nobody has said to which they belong)"
    return ", ".join(programs) or "none"
