"""`trellis mentor set`: change fields of a profile."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from domain.ids import MentorId
from domain.kit.naming import nearest
from domain.mentor import MENTOR, MentorCommand, mentor_stream
from domain.mentor.checks import RecordCheck, RecordOnboarding
from domain.mentor.profile import UpdateProfile
from interfaces.cli.connected import database
from interfaces.cli.mentor.arguments import TheMentor, carry_out, command_of, say
from interfaces.cli.options import By, Json
from interfaces.cli.payload import BadCommandError
from kits.lookup import newest
from scenarios import mentor_fields
from scenarios.mentor_fields import Offered
from scenarios.people_fields import InvalidField
from settings import Settings, load
from store.transact import read

_Fields = Annotated[
    list[str],
    typer.Argument(metavar="FIELD=VALUE...", help="Fields of the profile, such as places=4 or 'pace=slow; steady'."),
]


def set_(mentor: TheMentor, fields: _Fields, *, by: By = "ops", json: Json = False) -> None:
    """Change fields of a mentor's profile.

    Lists are separated by semicolons, hours are written as 'mon-fri 18:00-20:00; sat 10:00-12:00'. An empty value
    empties the field. Words must be among those that the kits of the mentor's programs offer. docs/people.md lists the
    fields.
    """
    changes = asyncio.run(_set(load(), MentorId(mentor), fields, by))
    say(mentor, changes, json=json)


async def _set(settings: Settings, mentor: MentorId, fields: Iterable[str], by: str) -> tuple[str, ...]:
    """Raises BadCommandError, NoSuchMentor, Rejected."""
    async with database(settings) as pool:
        known = await read(pool, mentor_stream(mentor), MENTOR)
        kits = [await newest(pool, one) for one in sorted(known.state.programs or ())]
    values = dict(_values(fields, Offered.by(*kits)))
    return await carry_out(settings, tuple(_commands(mentor, values, by)), by)


def _values(fields: Iterable[str], offered: Offered) -> Iterable[tuple[str, Any]]:
    for field in fields:
        name, equals, text = field.partition("=")
        name = mentor_fields.ALIASES.get(name.strip(), name.strip())
        if not equals:
            raise BadCommandError(f"{field!r} must have a name and a value, such as places=4")
        if name not in mentor_fields.FIELDS:
            near = nearest(name, mentor_fields.FIELDS)
            hint = f"did you mean {near}?" if near else f"there are: {', '.join(mentor_fields.FIELDS)}"
            raise BadCommandError(f"a profile has no field {name!r}; {hint}")
        if name == "checks" and not text.strip():
            raise BadCommandError("checks are withdrawn one by one: trellis mentor check MENTOR CHECK --withdraw")
        try:
            yield name, mentor_fields.read(name, text, offered)
        except InvalidField as error:
            raise BadCommandError(f"{name}: {error}") from error


def _commands(mentor: MentorId, values: Mapping[str, Any], by: str) -> Iterable[MentorCommand]:
    yield command_of(UpdateProfile, mentor=mentor, changes=mentor_fields.changes_of(values), by=by)
    for one in values.get("checks", ()):
        yield RecordCheck(mentor=mentor, check=one.check, valid_until=one.valid_until, by=by)
    if "onboarded_on" in values:
        yield RecordOnboarding(mentor=mentor, on=values["onboarded_on"], by=by)
