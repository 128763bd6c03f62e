"""The registry has every view there is; each is one file with its SQL, and somebody outside reads it."""

import ast
from collections.abc import Iterator
from inspect import getmodule
from pathlib import Path

import pytest

import projections
from projections.journeys import JourneyView
from projections.projection import Projection
from projections.registry import JOURNEY_VIEWS, PROJECTIONS
from projections.sql import tables

HERE = Path(projections.__file__).parent
ROOT = HERE.parent
READERS = ("interfaces", "queries", "services", "scenarios", "runtime", "activities")
"""Packages of those who read views."""
MECHANISM = {"journeys": "makes the rows of several views from one fold"}
"""Modules that define a projection and are no view themselves."""


def module_of(view: object) -> str:
    module = getmodule(type(view))
    assert module
    return module.__name__.removeprefix("projections.")


REGISTERED: tuple[JourneyView | Projection, ...] = (*JOURNEY_VIEWS, *PROJECTIONS.values())
VIEWS = {module_of(one): one.name for one in REGISTERED if module_of(one) not in MECHANISM}


def parsed(package: str) -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted((ROOT / package).rglob("*.py")):
        yield file, ast.parse(file.read_text())


def imports(tree: ast.Module) -> Iterator[tuple[str, str | None, str]]:
    """Modules of projections/, what is imported from each (None: itself), and under which name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "projections":
            yield from ((one.name, None, one.asname or one.name) for one in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("projections."):
            assert node.module
            yield from ((node.module.split(".")[1], one.name, one.asname or one.name) for one in node.names)


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


def test_it_has_every_projection_that_there_is() -> None:
    defined = {
        file.stem
        for file, tree in parsed("projections")
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and {"name"} <= {getattr(one.targets[0], "id", "") for one in node.body if isinstance(one, ast.Assign)}
    }
    assert defined - MECHANISM.keys() == VIEWS.keys()


@pytest.mark.parametrize("module", VIEWS)
def test_a_view_is_one_file_and_its_sql(module: str) -> None:
    """Beside its line in the registry; others may import it to read it, not to make it."""
    assert module == VIEWS[module]
    assert f"create table {module} " in tables(module)
    importing = {file.stem for file, tree in parsed("projections") if any(of == module for of, _, _ in imports(tree))}
    assert importing == {"registry"}


def test_every_view_is_read() -> None:
    read = {name for _, tree in parsed("projections") for name in reads(tree)}
    assert read == PROJECTIONS.keys()
    for view in JOURNEY_VIEWS:
        assert list(readers(ast.parse((HERE / f"{view.name}.py").read_text()))), f"nothing reads {view.name}"


def test_every_reader_is_used() -> None:
    there = {(file.stem, name) for file, tree in parsed("projections") if list(reads(tree)) for name in readers(tree)}
    outside = {one for package in READERS for _, tree in parsed(package) for one in used(tree)}
    assert sorted(there - outside) == []
