"""`trellis mentor set`: change fields of a profile."""

from collections.abc import Iterable
from typing import Annotated, Any

import typer
from pydantic_core import to_jsonable_python

from domain.kit.naming import nearest
from interfaces.cli.mentor.arguments import TheMentor, say
from interfaces.cli.options import By, Json
from interfaces.cli.payload import BadCommandError
from interfaces.cli.reaching import api
from scenarios import mentor_fields
from scenarios.mentor_fields import Offered
from scenarios.people_fields import InvalidField

_ANYTHING = Offered.by()
"""Which words there are is known to the service."""
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
    values = to_jsonable_python(dict(_values(fields)))
    with api() as trellis:
        say(trellis.update_mentor(mentor, by=by, **values), json=json)


def _values(fields: Iterable[str]) -> Iterable[tuple[str, Any]]:
    """Raises BadCommandError."""
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
            yield name, mentor_fields.read(name, text, _ANYTHING)
        except InvalidField as error:
            raise BadCommandError(f"{name}: {error}") from error
