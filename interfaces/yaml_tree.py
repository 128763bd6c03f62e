"""YAML as people write it, strictly: plain values, every key once, no aliases; and where every value stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from interfaces.problems import BadFileError, Problem

Place = tuple[str | int, ...]
_DEEPEST = 40
_SAFE = yaml.CSafeLoader


class Mark(NamedTuple):
    """Where something stands in a file, both from 1."""

    line: int
    column: int


@dataclass
class Tree:
    """The content of a file, and where in it each value stands."""

    content: Any = None
    marks: dict[Place, Mark] = field(default_factory=dict)
    written: dict[Place, str] = field(default_factory=dict)
    """What is not a text, as it stands in the file: `no`, which YAML reads as false."""

    def nearest(self, place: Place) -> Place:
        """The place itself, or the one above it that is in the file. Parts that are not in the file are passed over."""
        found: Place = ()
        for part in place:
            if (*found, part) in self.marks:
                found = (*found, part)
        return found

    def mark(self, place: Place) -> Mark | None:
        return self.marks.get(self.nearest(place))


def read_tree(path: Path, text: str) -> Tree:
    """Raises BadFileError, naming the line, for what is no YAML and for what is more than plain values."""
    try:
        _refuse_tricks(path, text)
        root = yaml.compose(text, Loader=_SAFE)
    except yaml.MarkedYAMLError as error:
        mark = _mark(error.problem_mark) if error.problem_mark else None
        remedy = "check the indentation, the colons and the quotes around there"
        if mark and "\t" in "".join(text.split("\n")[mark.line - 1 : mark.line]):
            remedy = "indent with spaces, not with tabs"
        raise BadFileError(_problem(path, mark, None, f"this is not YAML: {error.problem}", remedy)) from error
    except yaml.YAMLError as error:
        raise BadFileError(Problem(path, None, None, f"this is not YAML: {error}", "is it the right file?")) from error
    if root is None:
        raise BadFileError(Problem(path, None, None, "it is empty", "write the kit into it"))
    reading = _Reading(path)
    tree = Tree(content=reading.value(root, ()), marks=reading.marks, written=reading.written)
    if reading.problems:
        raise BadFileError(*reading.problems)
    return tree


def _refuse_tricks(path: Path, text: str) -> None:
    """Before anything is built: an alias of an alias can stand for more than fits into memory."""
    depth = 0
    for event in yaml.parse(text, Loader=_SAFE):
        mark = _mark(event.start_mark) if event.start_mark else None
        if isinstance(event, yaml.AliasEvent):
            what = f"*{event.anchor} repeats another part of the file"
            raise BadFileError(_problem(path, mark, None, what, "aliases are not read: write it out"))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise BadFileError(_problem(path, mark, None, "nested too deeply", "nothing in a kit goes that deep"))


def _mark(mark: Any) -> Mark:
    """From that of PyYAML, in C or in Python."""
    return Mark(mark.line + 1, mark.column + 1)


def _problem(path: Path, mark: Mark | None, place: str | None, says: str, remedy: str) -> Problem:
    line, column = mark or (None, None)
    return Problem(path, line, place, says, remedy, column)


class _Reading:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.marks: dict[Place, Mark] = {}
        self.written: dict[Place, str] = {}
        self.problems: list[Problem] = []
        self._scalars = yaml.SafeLoader("")

    def value(self, node: yaml.Node, place: Place) -> Any:
        self.marks.setdefault(place, _mark(node.start_mark))
        if isinstance(node, yaml.MappingNode):
            return {key: self.value(one, (*place, key)) for key, one in self._entries(node, place)}
        if isinstance(node, yaml.SequenceNode):
            return [self.value(one, (*place, nth)) for nth, one in enumerate(node.value)]
        return self._scalar(node, place)

    def _entries(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, yaml.Node]]:
        for key, value in node.value:
            mark = _mark(key.start_mark)
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
        try:
            value = self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            says = error.problem if isinstance(error, yaml.MarkedYAMLError) else str(error)
            self._add(_mark(node.start_mark), place, f"it cannot be read: {says}", "put it in quotes, or correct it")
            return None
        if not isinstance(value, str):
            self.written[place] = node.value
        elif "\x00" in value:
            self._add(_mark(node.start_mark), place, "there is a NUL character in it", "take it out")
        return value

    def _add(self, mark: Mark, place: Place, says: str, remedy: str) -> None:
        self.problems.append(_problem(self.path, mark, ".".join(map(str, place)) or None, says, remedy))
