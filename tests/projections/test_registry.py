"""The registry has every view there is; each is one file with its SQL, and somebody outside reads it."""

import ast
from collections.abc import Iterator
from inspect import getmodule
from pathlib import Path

import pytest

from projections import views
from projections.journeys import JourneyView, JourneyViews
from projections.projection import Projection
from projections.registry import JOURNEY_VIEWS, PROJECTIONS
from projections.sql import tables

HERE = Path(views.__file__).parent
ROOT = HERE.parents[1]
READERS = ("interfaces", "queries", "services", "scenarios", "runtime", "activities")
"""Packages of those who read views."""


def module_of(view: object) -> str:
    module = getmodule(type(view))
    assert module
    return module.__name__.removeprefix("projections.views.")


REGISTERED: tuple[JourneyView | Projection, ...] = (*JOURNEY_VIEWS, *PROJECTIONS.values())
VIEWS = {module_of(one): one.name for one in REGISTERED if not isinstance(one, JourneyViews)}


def parsed(package: str) -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted((ROOT / package).rglob("*.py")):
        yield file, ast.parse(file.read_text())


def imports(tree: ast.Module) -> Iterator[tuple[str, str | None, str]]:
    """Modules of projections/ and its views, what is imported from each (None: itself), and under which name."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        if node.module in {"projections", "projections.views"}:
            yield from ((one.name, None, one.asname or one.name) for one in node.names)
        elif node.module.startswith("projections."):
            yield from ((node.module.split(".")[-1], one.name, one.asname or one.name) for one in node.names)


def used(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The functions of projections/ that a file uses, each with its module."""
    bound = {name: module for module, of, name in imports(tree) if of is None}
    yield from ((module, of) for module, of, _ in imports(tree) if of is not None)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in bound:
            yield bound[node.value.id], node.attr


def readers(tree: ast.Module) -> Iterator[str]:
    """The public functions of a module that ask the database for rows."""
    for node in tree.body:
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_"):
            arguments = [one.arg for one in node.args.args]
            if arguments[:1] == ["pool"]:
                yield node.name


def reads(tree: ast.Module) -> Iterator[str]:
    """The views that a module says it reads: `View(board=3)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "View":
            yield from (one.arg for one in node.keywords if one.arg)


def made_with(*modules: str) -> set[str]:
    """The modules of projections/ that these import, and whatever those import; themselves too."""
    uses = {file.stem: {of for of, _, _ in imports(tree)} for file, tree in parsed("projections")}
    found: set[str] = set()
    new = set(modules)
    while new:
        found |= new
        new = {one for module in new for one in uses.get(module, ()) if one in uses} - found
    return found


def test_it_has_a_view_of_every_file() -> None:
    assert VIEWS.keys() == {file.stem for file in HERE.glob("*.py")} - {"__init__"}


@pytest.mark.parametrize("module", VIEWS)
def test_a_view_is_one_file_and_its_sql(module: str) -> None:
    """Others may import it to read it, not to make it."""
    assert module == VIEWS[module]
    assert f"create table {module} " in tables(module)
    making = made_with("runner", "rebuild", "audit") - VIEWS.keys()
    importing = {file.stem for file, tree in parsed("projections") if any(of == module for of, _, _ in imports(tree))}
    assert importing & making == set()


def test_every_view_is_read() -> None:
    read = {name for package in ("projections", *READERS) for _, tree in parsed(package) for name in reads(tree)}
    assert read == PROJECTIONS.keys()
    for view in JOURNEY_VIEWS:
        assert list(readers(ast.parse((HERE / f"{view.name}.py").read_text()))), f"nothing reads {view.name}"


def test_every_reader_is_used() -> None:
    there = {(file.stem, name) for file, tree in parsed("projections") if list(reads(tree)) for name in readers(tree)}
    machinery = made_with("runner", "rebuild", "audit")
    answers = {file for file, _ in parsed("projections") if file.stem not in machinery}
    outside = {one for package in READERS for _, tree in parsed(package) for one in used(tree)}
    outside |= {one for file, tree in parsed("projections") if file in answers for one in used(tree)}
    assert sorted(there - outside) == []
