"""From a rule to the line of the kit that defines it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from domain.kit import KIT_FILE, Kit
from kits.blocks import expand_blocks
from kits.problems import BadFileError
from kits.yaml_tree import Place, Tree, read_tree


@dataclass(frozen=True, slots=True)
class Line:
    line: int | None
    """Of program.yaml, from 1; None if the file does not mention the rule at all."""
    by_default: bool
    """Whether the file leaves the rule out, so that its default holds; the line is then that of what it belongs to."""

    def __str__(self) -> str:
        place = KIT_FILE if self.line is None else f"{KIT_FILE}:{self.line}"
        return f"{place} (by default)" if self.by_default else place


class Lines:
    """The lines of a kit's rules in its source. A kit that was published without its source has none."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    def of(self, rule: str | None) -> Line | None:
        """`rule` as timers and duties name it: `pathways.sprint.milestones.cv.due`, `escalations.quiet-7`."""
        if rule is None or self._tree is None:
            return None
        parts = rule.split(".")
        *_, (place, left) = _followed(self._tree.content, (), parts)
        mark = self._tree.mark(place) if place else None
        return Line(mark.line if mark else None, by_default=bool(left))

    def at(self, rule: str | None) -> str:
        """`program.yaml:210`; empty if there is no such line."""
        line = self.of(rule)
        return str(line) if line else ""

    @cached_property
    def _tree(self) -> Tree | None:
        source = self._kit.texts.get(KIT_FILE)
        try:
            return expand_blocks(Path(KIT_FILE), read_tree(Path(KIT_FILE), source)) if source else None
        except BadFileError:
            return None


def _followed(content: Any, place: Place, parts: list[str]) -> Iterator[tuple[Place, list[str]]]:
    """Each place on the way, with the part of the rule that is left there. A name may have dots in it."""
    yield place, parts
    for length in range(len(parts), 0, -1):
        key = _key(content, ".".join(parts[:length]))
        if key is not None:
            yield from _followed(content[key], (*place, key), parts[length:])
            return


def _key(content: Any, name: str) -> str | int | None:
    """The key of this name in a mapping, or its index in a list of things with ids."""
    if isinstance(content, dict):
        return name if name in content else None
    if isinstance(content, list):
        for nth, one in enumerate(content):
            if isinstance(one, dict) and one.get("id") == name:
                return nth
        return int(name) if name.isdecimal() and int(name) < len(content) else None
    return None
