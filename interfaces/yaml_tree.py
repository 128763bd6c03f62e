"""YAML as people write it, strictly: plain values, every key once, no aliases; and the line of every value."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from interfaces.problems import BadFileError, Problem

Place = tuple[str | int, ...]
_DEEPEST = 40
_SAFE = yaml.CSafeLoader


@dataclass
class Tree:
    """The content of a file, and where in it each value stands."""

    content: Any = None
    lines: dict[Place, int] = field(default_factory=dict)

    def nearest(self, place: Place) -> Place:
        """The place itself, or the one above it that is in the file. Parts that are not in the file are passed over."""
        found: Place = ()
        for part in place:
            if (*found, part) in self.lines:
                found = (*found, part)
        return found

    def line(self, place: Place) -> int | None:
        return self.lines.get(self.nearest(place))


def read_tree(path: Path, text: str) -> Tree:
    """Raises BadFileError, naming the line, for what is no YAML and for what is more than plain values."""
    try:
        _refuse_tricks(path, text)
        root = yaml.compose(text, Loader=_SAFE)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        remedy = "check the indentation, the colons and the quotes around there"
        raise BadFileError(Problem(path, line, None, f"this is not YAML: {error.problem}", remedy)) from error
    except yaml.YAMLError as error:
        raise BadFileError(Problem(path, None, None, f"this is not YAML: {error}", "is it the right file?")) from error
    if root is None:
        raise BadFileError(Problem(path, None, None, "it is empty", "write the kit into it"))
    reading = _Reading(path)
    tree = Tree(content=reading.value(root, ()), lines=reading.lines)
    if reading.problems:
        raise BadFileError(*reading.problems)
    return tree


def _refuse_tricks(path: Path, text: str) -> None:
    """Before anything is built: an alias of an alias can stand for more than fits into memory."""
    depth = 0
    for event in yaml.parse(text, Loader=_SAFE):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent):
            what = f"*{event.anchor} repeats another part of the file"
            raise BadFileError(Problem(path, line, None, what, "aliases are not read: write it out"))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise BadFileError(Problem(path, line, None, "nested too deeply", "nothing in a kit goes that deep"))


class _Reading:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []
        self._scalars = yaml.SafeLoader("")

    def value(self, node: yaml.Node, place: Place) -> Any:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return {key: self.value(one, (*place, key)) for key, one in self._entries(node, place)}
        if isinstance(node, yaml.SequenceNode):
            return [self.value(one, (*place, nth)) for nth, one in enumerate(node.value)]
        return self._scalar(node, place)

    def _entries(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, yaml.Node]]:
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = key.value if isinstance(key, yaml.ScalarNode) else None
            if name is None or name == "<<":
                self._add(line, place, "the name of a field is not a plain word", "write `name: value`")
            elif (*place, name) in self.lines:
                first = self.lines[*place, name]
                self._add(line, (*place, name), f"it is there already, in line {first}", "keep one of the two")
            else:
                self.lines[*place, name] = line
                yield name, value

    def _scalar(self, node: yaml.Node, place: Place) -> Any:
        try:
            return self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            says = error.problem if isinstance(error, yaml.MarkedYAMLError) else str(error)
            self._add(node.start_mark.line + 1, place, f"it cannot be read: {says}", "put it in quotes, or correct it")
            return None

    def _add(self, line: int, place: Place, says: str, remedy: str) -> None:
        self.problems.append(Problem(self.path, line, ".".join(map(str, place)) or None, says, remedy))
