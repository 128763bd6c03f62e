"""What is wrong with a kit, in words for the people who write it, at its place in their file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.kit import Finding
from domain.kit.naming import nearest
from kits.fields import all_fields, fields_at, places_of, truths, without_tags
from kits.problems import Problem, quoted
from kits.yaml_tree import Place, Tree

_MOST_REPORTED = 1_000


def form_problems(file: Path, tree: Tree, error: ValidationError) -> Sequence[Problem]:
    """What the model of a kit refuses: wrong forms and inconsistencies."""
    own = list(_own(error.errors(include_url=False)))
    found = [_problem(file, tree, one) for one in own[:_MOST_REPORTED]]
    if len(own) > _MOST_REPORTED:
        says = f"there are {len(own) - _MOST_REPORTED:,} more problems of this kind in it"
        found.append(Problem(file, None, None, says, "correct those first, and check it again"))
    return found


def review_problems(file: Path, tree: Tree, found: Iterable[Finding]) -> Iterator[Problem]:
    """The findings of the review. After very many grave ones the rest is left out."""
    grave = 0
    for one in found:
        grave += one.grave
        yield _of_review(file, tree, one)
        if grave == _MOST_REPORTED:
            yield Problem(file, None, None, "there are more problems in it", "correct those first, and check it again")
            return


def _of_review(file: Path, tree: Tree, found: Finding) -> Problem:
    if found.place[0] == "texts" and found.place not in tree.marks:
        return Problem(file.parent / str(found.place[1]), None, None, found.says, found.remedy, grave=found.grave)
    place = tree.nearest(found.place)
    line, column = tree.marks.get(place, (1, 1))
    return Problem(file, line, _said(tree, place), found.says, found.remedy, column, found.grave)


def misread_values(file: Path, tree: Tree) -> Iterator[Problem]:
    """What YAML does not read as it was meant: `yes` and `no` where they would count as the numbers 1 and 0, and
    numbers such as `010` that it reads as others.
    """
    for place, written in tree.written.items():
        if written.lower() in _YES_OR_NO and not truths().intersection(map(str, place)):
            says = f"{written} is read as yes or no, which is not wanted here"
        elif place in tree.surprises:
            says = f"{written} is read as {tree.surprises[place]}"
        else:
            continue
        line, column = tree.marks[place]
        remedy = f'write a plain number, or put it in quotes: "{written}"'
        if place not in tree.surprises:
            remedy = f'put it in quotes: "{written}"'
        yield Problem(file, line, _said(tree, place), says, remedy, column)


def distinct(wrong: Sequence[Problem], misread: Sequence[Problem]) -> Sequence[Problem]:
    """Of two problems with one value, the one that helps: that a text is wanted, or else how YAML read it."""
    texts = {(one.line, one.column) for one in wrong if one.says.startswith(_A_TEXT)}
    further = [one for one in misread if (one.line, one.column) not in texts]
    read_otherwise = {(one.line, one.column) for one in further}
    return [*(one for one in wrong if (one.line, one.column) not in read_otherwise), *further]


_A_TEXT = "a text is wanted"


def inline_texts(file: Path, tree: Tree) -> Sequence[Problem]:
    """Texts in the file itself, where they do not belong."""
    if ("texts",) not in tree.marks:
        return []
    line, column = tree.marks["texts",]
    says = "the texts of a kit are the Markdown files in its folder"
    return [Problem(file, line, "texts", says, "put each into a file, and name it where it is used", column)]


def _own(errors: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Without those that only follow from another: a list with a wrong entry also counts as too short."""
    above = {one["loc"][:length] for one in errors for length in range(len(one["loc"]))}
    for one in errors:
        if one["type"] != "too_short" or one["loc"] not in above:
            yield one


def _problem(file: Path, tree: Tree, error: ErrorDetails) -> Problem:
    place = _named(tree, without_tags(error["loc"]))
    says, remedy = _in_words(error, place, tree.written.get(tree.origin(place)))
    line, column = tree.mark(place) or (1, 1)
    return Problem(file, line, _said(tree, place), _short(says), _short(remedy), column)


def _short(text: str) -> str:
    """Cut, because words that repeat what the file says may be as long as the file."""
    return text if len(text) <= _LONGEST_SAID else f"{text[:_LONGEST_SAID]}\N{HORIZONTAL ELLIPSIS}"


def _named(tree: Tree, place: Place) -> Place:
    """The place of the problem. That of a missing field ends with the name of the field."""
    nearest = tree.nearest(place)
    return (*nearest, place[-1]) if place and place[-1] not in nearest and place[-1] in all_fields() else nearest


def _said(tree: Tree, place: Place) -> str | None:
    """The field as it is named in the file."""
    return ".".join(quoted(str(part))[1:-1] for part in tree.origin(place)) or None


def _in_words(error: ErrorDetails, place: Place, written: str | None) -> tuple[str, str]:
    """What is wrong, and the remedy. `written`: a value that is no text, as it is written in the file."""
    given, limits = error["input"], error.get("ctx", {})
    name = str(place[-1]) if place else "the kit"
    match error["type"]:
        case "missing":
            return "it is missing", f"add `{name}:` here"
        case "extra_forbidden":
            return "a kit has no such field here", _did_you_mean(name, place[:-1])
        case "string_type":
            if isinstance(given, list | dict):
                return f"{_A_TEXT}, and this is {_kind(given)}", "write one text"
            shown = written if written is not None else given
            return f"{_A_TEXT}, and {shown} is read as {_kind(given)}", f'put it in quotes: "{shown}"'
        case "string_pattern_mismatch":
            remedy = "use letters, digits, '_', '.' and '-', and begin with a letter or digit"
            return f"{quoted(given)} cannot be an id", remedy
        case "string_too_short":
            return "it is empty", "write something, or take the field out"
        case "literal_error":
            return f"{quoted(given)} is not one of the words known here", _one_of(given, str(limits.get("expected")))
        case "tuple_type" | "list_type":
            return f"a list is wanted, and this is {_kind(given)}", "begin a line for each entry with `- `"
        case "model_type" | "dict_type" | "mapping_type" | "model_attributes_type":
            return f"fields are wanted here, and this is {_kind(given)}", "write `name: value`, a line for each"
        case "too_short":
            return "it needs at least one entry", "add one"
        case "timezone_aware":
            return "the moment has no time zone", "write it as 2026-03-02T09:00:00Z"
        case "too_long" | "string_too_long":
            return error["msg"].lower(), "shorten it"
        case "value_error" | "kit":
            says, _, remedy = error["msg"].removeprefix("Value error, ").rpartition("; ")
            if isinstance(given, dict) and (meant := _meant(given, place)):
                return says, meant
            return (says, remedy) if says else (remedy, "correct one of the two")
        case _:
            return f"{error['msg'].lower()}, and this is {quoted(given)}", "correct it"


def _meant(given: Mapping[str, object], place: Place) -> str | None:
    """Which of the fields that tell its forms apart was probably meant, if it has none of them."""
    known = fields_at(place)
    for name in given:
        if name not in known and (near := _near(name, known)):
            return f"did you mean `{near}` where it says `{quoted(name)[1:-1]}`?"
    return None


def _one_of(given: object, expected: str) -> str:
    near = nearest(str(given)[:_LONGEST_NAME], [one.strip("' ") for one in expected.replace(" or ", ", ").split(",")])
    return f"did you mean {near}? One of: {expected}" if near else f"write {expected}"


def _kind(value: Any) -> str:
    kinds = {bool: "yes or no", int: "a number", float: "a number", str: "a text", list: "a list", dict: "fields"}
    return "nothing" if value is None else kinds.get(type(value), "a date")


_YES_OR_NO = frozenset({"yes", "no", "true", "false", "on", "off"})
_LONGEST_NAME = 60
_LONGEST_SAID = 300


def _did_you_mean(name: str, above: Place) -> str:
    here = fields_at(above)
    if name in all_fields():
        where = " or ".join(f"`{one}`" if one else "the kit itself" for one in places_of(name))
        return f"it belongs in {where}; take it out here"
    if near := _near(name, here):
        return f"did you mean `{near}`?"
    if near := _near(name, tuple(sorted(all_fields()))):
        return f"did you mean `{near}`? That belongs elsewhere; here there are: {', '.join(here)}"
    return f"take it out; there are: {', '.join(here)}" if here else "take it out, or put it where it belongs"


@lru_cache(maxsize=1_000)
def _near(name: str, known: Sequence[str]) -> str | None:
    """The one that is spelled similarly, or that contains the name."""
    short = name[:_LONGEST_NAME]
    if near := nearest(short, known):
        return near
    parts = [one for one in known if len(short) > 3 and (short in one or one in short)]
    return parts[0] if len(parts) == 1 else None
