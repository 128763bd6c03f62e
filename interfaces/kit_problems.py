"""What is wrong with a kit, in words for the people who write it, at the place in their file where it is."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain import kit as kit_model
from domain.kit import Finding
from domain.kit.naming import nearest
from domain.values import Frozen
from interfaces.problems import Problem
from interfaces.yaml_tree import Place, Tree


def of_form(file: Path, tree: Tree, error: ValidationError) -> Sequence[Problem]:
    """What does not have the form of a kit, or does not hold together."""
    return [_problem(file, tree, one) for one in _own(error.errors(include_url=False))]


def of_review(file: Path, tree: Tree, found: Finding) -> Problem:
    """What nobody should publish, or what is dubious."""
    if found.place[0] == "texts" and found.place not in tree.marks:
        return Problem(file.parent / str(found.place[1]), None, None, found.says, found.remedy, grave=found.grave)
    place = tree.nearest(found.place)
    line, column = tree.marks.get(place, (1, 1))
    return Problem(file, line, ".".join(map(str, place)) or None, found.says, found.remedy, column, found.grave)


def stray_booleans(file: Path, tree: Tree) -> Sequence[Problem]:
    """`yes` and `no` where a number would be taken: they would count as 1 and 0."""
    found = []
    for place, written in tree.written.items():
        if written.lower() in _YES_OR_NO and not ({str(part) for part in place} & _BOOLEANS):
            line, column = tree.marks[place]
            says = f"{written} is read as yes or no, which is not wanted here"
            found.append(Problem(file, line, ".".join(map(str, place)), says, f'put it in quotes: "{written}"', column))
    return found


def inline_texts(file: Path, tree: Tree) -> Sequence[Problem]:
    """The texts of a kit are files of their own."""
    if ("texts",) not in tree.marks:
        return []
    line, column = tree.marks["texts",]
    says = "the texts of a kit are the Markdown files in its folder"
    return [Problem(file, line, "texts", says, "put each into a file, and name it where it is used", column)]


def _own(errors: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Without those that only follow from another: a list with a wrong entry is also said to be too short."""
    for one in errors:
        place = one["loc"]
        inside = [other for other in errors if other is not one and other["loc"][: len(place)] == place]
        if one["type"] != "too_short" or not inside:
            yield one


def _problem(file: Path, tree: Tree, error: ErrorDetails) -> Problem:
    place = _named(tree, error["loc"])
    says, remedy = _in_words(error, place, tree.written.get(place))
    line, column = tree.mark(place) or (1, 1)
    return Problem(file, line, ".".join(map(str, place)) or None, says, remedy, column)


def _named(tree: Tree, place: Place) -> Place:
    """Where the problem is, without pydantic's names for the members of a union; a field that is missing stays."""
    nearest = tree.nearest(place)
    return (*nearest, place[-1]) if place and place[-1] not in nearest and _is_field(place[-1]) else nearest


def _in_words(error: ErrorDetails, place: Place, written: str | None) -> tuple[str, str]:
    """`written`: how a value that is no text stands in the file."""
    given, limits = error["input"], error.get("ctx", {})
    name = str(place[-1]) if place else "the kit"
    match error["type"]:
        case "missing":
            return "it is missing", f"add `{name}:` here"
        case "extra_forbidden":
            return "a kit has no such field here", _did_you_mean(name)
        case "string_type":
            if isinstance(given, list | dict):
                return f"a text is wanted, and this is {_kind(given)}", "write one text"
            shown = written if written is not None else given
            return f"a text is wanted, and {shown} is read as {_kind(given)}", f'put it in quotes: "{shown}"'
        case "string_pattern_mismatch":
            remedy = "use letters, digits, '_', '.' and '-', and begin with a letter or digit"
            return f"{given!r} cannot be an id", remedy
        case "string_too_short":
            return "it is empty", "write something, or take the field out"
        case "literal_error":
            return f"{given!r} is not one of the words known here", _one_of(given, str(limits.get("expected")))
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


def _one_of(given: object, expected: str) -> str:
    near = nearest(str(given), [one.strip("' ") for one in expected.replace(" or ", ", ").split(",")])
    return f"did you mean {near}? One of: {expected}" if near else f"write {expected}"


def _kind(value: Any) -> str:
    kinds = {bool: "yes or no", int: "a number", float: "a number", str: "a text", list: "a list", dict: "fields"}
    return "nothing" if value is None else kinds.get(type(value), "a date")


def _fields() -> Iterator[str]:
    for model in vars(kit_model).values():
        if isinstance(model, type) and issubclass(model, Frozen):
            yield from model.model_fields


_YES_OR_NO = frozenset({"yes", "no", "true", "false", "on", "off"})
_BOOLEANS = frozenset({"required", "ends_when_done", "help_asked"})


def _is_field(name: str | int) -> bool:
    return name in set(_fields())


def _did_you_mean(name: str) -> str:
    near = nearest(name, sorted(set(_fields())))
    return f"did you mean `{near}`?" if near and near != name else "take it out, or put it where it belongs"
