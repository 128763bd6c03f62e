"""YAML as people write it, read strictly: plain values, each key once, no aliases; and the position of every value.

PyYAML supplies the positions. The rest is ours because ruamel.yaml, which keeps positions too, stops at the first
duplicate key, accepts tags and aliases, has no limit on depth, reads `010` and `no` without a word, and takes 30 times
as long.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from domain.values import EARLIEST, LATEST
from kits.problems import BadFileError, Problem

Place = tuple[str | int, ...]
_DEEPEST = 40
_SAFE = yaml.CSafeLoader


class Mark(NamedTuple):
    """A position in a file; both count from 1."""

    line: int
    column: int


@dataclass
class Tree:
    """The content of a file, and the position of each value in it."""

    content: Any = None
    marks: dict[Place, Mark] = field(default_factory=dict)
    written: dict[Place, str] = field(default_factory=dict)
    """Values that are not text, as they are spelled in the file: `no`, which YAML reads as false."""
    surprises: dict[Place, str] = field(default_factory=dict)
    """Numbers that YAML reads differently from most people, with what it reads: `010` is 8."""
    origins: dict[Place, Place] = field(default_factory=dict)
    """For values that have been moved since (see kits/blocks.py): the place in the file, by the present place."""

    def nearest(self, place: Place) -> Place:
        """The place itself, or the nearest one above it in the file. Parts that are not in the file are ignored."""
        found: Place = ()
        for part in place:
            if (*found, part) in self.marks:
                found = (*found, part)
        return found

    def origin(self, place: Place) -> Place:
        """The place in the file of the value that is at this place now."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.origins:
                return (*self.origins[place[:length]], *place[length:])
        return place

    def mark(self, place: Place) -> Mark | None:
        return self.marks.get(self.nearest(place))


def read_tree(path: Path, text: str) -> Tree:
    """Raises BadFileError, with the line, for text that is not YAML and for anything beyond plain values."""
    places = _Places(text)
    try:
        _refuse_control_characters(path, text)
        tagged = _refuse_tricks(path, text, places)
        root = yaml.compose(text, Loader=_SAFE)
    except yaml.MarkedYAMLError as error:
        mark = places.of(error.problem_mark) if error.problem_mark else None
        remedy = "check the indentation, the colons and the quotes around there"
        if other := _OTHER_BREAKS.search(text):
            line = text.count("\n", 0, other.start()) + 1
            remedy = (
                f"perhaps it is the U+{ord(other[0]):04X} in line {line}, which YAML takes for a new line: take it out"
            )
        elif mark and "\t" in "".join(text.split("\n")[mark.line - 1 : mark.line]):
            remedy = "indent with spaces, not with tabs"
        raise BadFileError(_problem(path, mark, None, f"this is not YAML: {error.problem}", remedy)) from error
    except yaml.YAMLError as error:
        raise BadFileError(Problem(path, None, None, f"this is not YAML: {error}", "is it the right file?")) from error
    if root is None:
        raise BadFileError(Problem(path, None, None, "it is empty", "write the kit into it"))
    reading = _Reading(path, places, tagged)
    content = reading.value(root, ())
    if reading.problems:
        raise BadFileError(*reading.problems)
    return Tree(content, reading.marks, reading.written, reading.surprises)


class _Places:
    """Positions as editors count them. YAML also ends lines at U+0085, U+2028, and U+2029."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] | None = None
        if _OTHER_BREAKS.search(text):
            self._starts = [0, *(found.end() for found in re.finditer(r"\n|\r\n?", text))]

    def of(self, mark: Any) -> Mark:
        """`mark` is PyYAML's, from its C or its Python parser."""
        if self._starts is None:
            return Mark(mark.line + 1, mark.column + 1)
        line = bisect_right(self._starts, mark.index)
        return Mark(line, mark.index - self._starts[line - 1] + 1)


_OTHER_BREAKS = re.compile("[\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def _refuse_control_characters(path: Path, text: str) -> None:
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        mark = Mark(line, found.start() - text.rfind("\n", 0, found.start()))
        says = f"this is not YAML: there is a control character (U+{ord(found[0]):04X})"
        raise BadFileError(_problem(path, mark, None, says, "take it out"))


def _refuse_tricks(path: Path, text: str, places: _Places) -> frozenset[int]:
    """Checks before anything is built, because nested aliases can expand beyond the memory.

    Returns the offsets of the values that have a tag.
    """
    depth, tagged = 0, []
    for event in yaml.parse(text, Loader=_SAFE):
        if isinstance(event, yaml.AliasEvent):
            what = f"*{event.anchor} repeats another part of the file"
            mark = places.of(event.start_mark)
            raise BadFileError(_problem(path, mark, None, what, "aliases are not read: write it out"))
        if getattr(event, "tag", None) is not None and event.start_mark:
            tagged.append(event.start_mark.index)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            mark = places.of(event.start_mark)
            raise BadFileError(_problem(path, mark, None, "nested too deeply", "nothing in a kit goes that deep"))
    return frozenset(tagged)


def _problem(path: Path, mark: Mark | None, place: str | None, says: str, remedy: str) -> Problem:
    line, column = mark or (None, None)
    return Problem(path, line, place, says, remedy, column)


class _Reading:
    def __init__(self, path: Path, places: _Places, tagged: frozenset[int]) -> None:
        self.path = path
        self.marks: dict[Place, Mark] = {}
        self.written: dict[Place, str] = {}
        self.surprises: dict[Place, str] = {}
        self.problems: list[Problem] = []
        self._places = places
        self._tagged = tagged
        self._scalars = yaml.SafeLoader("")

    def value(self, node: yaml.Node, place: Place) -> Any:
        self.marks.setdefault(place, self._places.of(node.start_mark))
        if node.start_mark.index in self._tagged:
            says = "it cannot be read: tags such as !!binary and !this are not"
            self._add(self._places.of(node.start_mark), place, says, "write the value itself")
            return None
        if isinstance(node, yaml.MappingNode):
            return {key: self.value(one, (*place, key)) for key, one in self._entries(node, place)}
        if isinstance(node, yaml.SequenceNode):
            return [self.value(one, (*place, nth)) for nth, one in enumerate(node.value)]
        return self._scalar(node, place)

    def _entries(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, yaml.Node]]:
        for key, value in node.value:
            mark = self._places.of(key.start_mark)
            name = key.value if isinstance(key, yaml.ScalarNode) else None
            if name is None or name == "<<":
                self._add(mark, place, "the name of a field is not a plain word", "write `name: value`")
            elif (*place, name) in self.marks:
                first = self.marks[*place, name].line
                self._add(mark, (*place, name), f"it is there already, in line {first}", "keep one of the two")
            else:
                self.marks[*place, name] = mark
                yield name, value

    def _scalar(self, node: yaml.Node, place: Place) -> Any:
        text = node.value
        if node.tag in (_STR, _VALUE):
            if found := _CONTROL.search(text):  # by an escape: "\\0"
                what = "a NUL" if found[0] == "\x00" else "a control"
                says = f"there is {what} character in it (U+{ord(found[0]):04X})"
                self._add(self._places.of(node.start_mark), place, says, "take it out")
            return text
        self.written[place] = text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}..."
        if node.tag in _NUMBERS and not _NUMBERS[node.tag].fullmatch(text):
            self.surprises[place] = self._read_as(node)
            return 0
        try:
            if len(text) > _LONGEST_VALUE:
                raise ValueError(f"it has {len(text):,} characters")
            value = self._scalars.construct_object(node)
            if isinstance(value, date) and not EARLIEST.year <= value.year < LATEST.year:
                raise ValueError(f"it is out of range, {EARLIEST.year} to {LATEST.year - 1}")
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            says = str(error.problem if isinstance(error, yaml.MarkedYAMLError) else error)
            mark = self._places.of(node.start_mark)
            self._add(mark, place, f"it cannot be read: {says}", "put it in quotes, or correct it")
            return None
        return value

    def _read_as(self, node: yaml.Node) -> str:
        """What YAML reads where a number is spelled in an unusual way."""
        if len(node.value) > _LONGEST_VALUE:
            return "a number that is beyond all measure"
        try:
            return f"the number {self._scalars.construct_object(node)}"
        except (yaml.YAMLError, ValueError, OverflowError):
            return "a number"

    def _add(self, mark: Mark, place: Place, says: str, remedy: str) -> None:
        self.problems.append(_problem(self.path, mark, ".".join(map(str, place)) or None, says, remedy))


_STR, _VALUE = "tag:yaml.org,2002:str", "tag:yaml.org,2002:value"
_NUMBERS = {
    "tag:yaml.org,2002:int": re.compile(r"[-+]?(0|[1-9]\d{0,14})", re.ASCII),
    "tag:yaml.org,2002:float": re.compile(r"[-+]?(0|[1-9]\d{0,14})?\.\d{0,20}", re.ASCII),
}
"""How people write numbers. YAML 1.1 also accepts octal, hexadecimal, binary, and sexagesimal numbers, infinities, and
underscores."""
_LONGEST_VALUE = 60
