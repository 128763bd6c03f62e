"""Reads a program kit from the folder that people write it in, and publishes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from domain.kit import KIT_FILE, Kit, findings_of
from domain.kit.formats import FORMAT, UnknownFormat, upcast
from kits.blocks import expand_blocks
from kits.folder import read_texts
from kits.holiday_problems import holiday_problems
from kits.problems import BadFileError, Problem
from kits.template_problems import template_problems
from kits.text_files import read_text
from kits.validation import distinct, form_problems, inline_texts, misread_values, review_problems
from kits.yaml_tree import Tree, read_tree
from store import kits
from store.database import Executor

_LARGEST = 1_000_000


class KitError(BadFileError):
    """The kit cannot be used: every problem with its place, its field, and how to correct it."""


@dataclass(frozen=True, slots=True)
class LoadedKit:
    kit: Kit
    warnings: Sequence[Problem]
    """What is doubtful, but no reason to refuse the kit."""


def load_kit(path: Path) -> Kit:
    """The kit in this folder, or in this file and its folder, with its texts and its source.

    Raises:
        KitError: with every problem that was found.
    """
    return read_kit(path).kit


def read_kit(path: Path) -> LoadedKit:
    """The same kit with its warnings.

    Raises:
        KitError: with every problem that was found, the warnings among them.
    """
    file = path / KIT_FILE if path.is_dir() else path
    try:
        source = read_text(file, _LARGEST)
        written = read_tree(file, source)
        tree = expand_blocks(file, written)
        texts = read_texts(file.parent)
    except BadFileError as error:
        raise KitError(*error.problems) from error
    misread = [*misread_values(file, written), *inline_texts(file, written)]
    content = tree.content
    if isinstance(content, dict):
        content = {**_upcast(file, tree), "texts": {**texts, KIT_FILE: source}}
    try:
        kit = Kit.model_validate(content)
    except ValidationError as error:
        wrong = form_problems(file, tree, error)
        raise KitError(*_in_order(distinct(wrong, misread))) from error
    reviewed = review_problems(file, tree, findings_of(kit))
    further = [*template_problems(file, tree, kit), *holiday_problems(file, tree, kit)]
    found = _in_order([*misread, *reviewed, *further])
    if any(one.grave for one in found):
        raise KitError(*found)
    return LoadedKit(kit, found)


def _upcast(file: Path, tree: Tree) -> dict[str, Any]:
    """Raises KitError for a format that only a newer Trellis reads."""
    try:
        return upcast(tree.content, unless_said=FORMAT)
    except UnknownFormat as error:
        line, column = tree.mark(("format",)) or (1, 1)
        says, _, remedy = str(error).rpartition("; ")
        raise KitError(Problem(file, line, "format", says, remedy, column)) from error


def _in_order(problems: Sequence[Problem]) -> Sequence[Problem]:
    """In the order of the file. What is said twice about one place is kept once."""
    by_place = {(one.file, one.line, one.column, one.says): one for one in problems}
    return sorted(by_place.values(), key=lambda one: (one.line is None, one.line or 0, one.column or 0))


async def publish(pool: Executor, kit: Kit) -> bool:
    """Makes this the kit that new journeys of its program follow. Returns whether it was new.

    Raises:
        KitChanged: when this version of the program was published with other content.
    """
    body = kit.model_dump_json()
    at = datetime.now(UTC)
    return await kits.publish(pool, body, digest=kit.digest, program=kit.program, version=kit.version, at=at)
