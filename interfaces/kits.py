"""Reads a program kit from the file that people write it in, and publishes it."""

import difflib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain import kit as kit_model
from domain.kit import Kit
from domain.values import Frozen
from interfaces.problems import BadFileError, Problem, read_text
from interfaces.yaml_tree import Place, Tree, read_tree
from store import kits
from store.database import Executor

KIT_FILE = "program.yaml"
_LARGEST = 1_000_000


class KitError(BadFileError):
    """The kit cannot be used: each problem with its line, its field, and how to mend it."""


def load_kit(path: Path) -> Kit:
    """The kit in this file, or in the `program.yaml` of this folder.

    Raises:
        KitError: with every problem that was found.
    """
    file = path / KIT_FILE if path.is_dir() else path
    try:
        tree = read_tree(file, read_text(file, _LARGEST))
    except BadFileError as error:
        raise KitError(*error.problems) from error
    try:
        return Kit.model_validate(tree.content)
    except ValidationError as error:
        found = [_problem(file, tree, one) for one in _own(error.errors(include_url=False))]
        raise KitError(*sorted(found, key=lambda one: one.line or 0)) from error


def _own(errors: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Without those that only follow from another: a list with a wrong entry is also said to be too short."""
    for one in errors:
        place = one["loc"]
        inside = [other for other in errors if other is not one and other["loc"][: len(place)] == place]
        if one["type"] != "too_short" or not inside:
            yield one


def _problem(file: Path, tree: Tree, error: ErrorDetails) -> Problem:
    place = _named(tree, error["loc"])
    says, remedy = _in_words(error, place)
    return Problem(file, tree.line(place), ".".join(map(str, place)) or None, says, remedy)


def _named(tree: Tree, place: Place) -> Place:
    """Where the problem is, without pydantic's names for the members of a union; a field that is missing stays."""
    nearest = tree.nearest(place)
    return (*nearest, place[-1]) if place and place[-1] not in nearest and _is_field(place[-1]) else nearest


def _in_words(error: ErrorDetails, place: Place) -> tuple[str, str]:
    given, limits = error["input"], error.get("ctx", {})
    name = str(place[-1]) if place else "the kit"
    match error["type"]:
        case "missing":
            return "it is missing", f"add `{name}:` here"
        case "extra_forbidden":
            return "a kit has no such field here", _did_you_mean(name)
        case "string_type":
            return f"a text is wanted, and {given!r} is read as {_kind(given)}", f'put it in quotes: "{given}"'
        case "string_pattern_mismatch":
            remedy = "use letters, digits, '_', '.' and '-', and begin with a letter or digit"
            return f"{given!r} cannot be an id", remedy
        case "string_too_short":
            return "it is empty", "write something, or take the field out"
        case "literal_error":
            return f"{given!r} is not one of the words known here", f"write {limits.get('expected')}"
        case "tuple_type" | "list_type":
            return f"a list is wanted, and this is {_kind(given)}", "begin a line for each entry with `- `"
        case "model_type" | "dict_type" | "mapping_type" | "model_attributes_type":
            return f"fields are wanted here, and this is {_kind(given)}", "write `name: value`, a line for each"
        case "too_short":
            return "it needs at least one entry", "add one"
        case "timezone_aware":
            return "the moment has no time zone", "write it as 2026-03-02T09:00:00Z"
        case "value_error" | "kit":
            says, _, remedy = error["msg"].removeprefix("Value error, ").rpartition("; ")
            return (says, remedy) if says else (remedy, "correct one of the two")
        case _:
            return f"{error['msg'].lower()}, and this is {given!r}", "correct it"


def _kind(value: Any) -> str:
    kinds = {bool: "yes or no", int: "a number", float: "a number", str: "a text", list: "a list", dict: "fields"}
    return "nothing" if value is None else kinds.get(type(value), "a date")


def _fields() -> Iterator[str]:
    for model in vars(kit_model).values():
        if isinstance(model, type) and issubclass(model, Frozen):
            yield from model.model_fields


def _is_field(name: str | int) -> bool:
    return name in set(_fields())


def _did_you_mean(name: str) -> str:
    near = difflib.get_close_matches(name, set(_fields()), n=1)
    return f"did you mean `{near[0]}`?" if near and near[0] != name else "take it out, or put it where it belongs"


async def publish(pool: Executor, kit: Kit) -> bool:
    """Makes the kit the one that new journeys of its program follow. Returns whether it was new.

    Raises:
        KitChanged: when this version of the program was published with other content.
    """
    body = kit.model_dump_json()
    at = datetime.now(UTC)
    return await kits.publish(pool, body, digest=kit.digest, program=kit.program, version=kit.version, at=at)
