"""How the code hangs together: what the layers of pyproject.toml cannot say."""

import ast
import re
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp

from tests.support.layout import PACKAGES, ROOT

OURS = "trellis-mentoring"


def imports() -> dict[str, set[str]]:
    """Every file of the product, with the files that it imports itself."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def test_no_file_imports_another_in_a_circle() -> None:
    try:
        TopologicalSorter(imports()).prepare()
    except CycleError as error:
        raise AssertionError(" → ".join(reversed(error.args[1]))) from None


def test_every_package_at_the_top_level_is_under_the_layers() -> None:
    found = {folder.name for folder in ROOT.iterdir() if (folder / "__init__.py").exists()}
    assert found - {"tests", "bench"} == set(PACKAGES)


def test_no_other_distribution_has_a_package_of_our_names() -> None:
    owners = packages_distributions()
    assert {name: owners[name] for name in PACKAGES if set(owners.get(name, ())) - {OURS}} == {}


def test_what_tests_share_is_in_modules_that_hold_no_tests() -> None:
    """So that a test file can be read, moved or deleted without looking for who else leans on it."""
    imports = {
        (file.name, node.module)
        for folder in ("bench", "tests")
        for file in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2].startswith("test_")
    }
    assert imports == set()


def test_tests_look_at_their_own_database_alone() -> None:
    """Other databases of the same server belong to tests of the same process, which draw, wait and lock meanwhile."""
    of_the_server = re.compile(r"pg_stat_activity|pg_locks|pg_snapshot_xm|pg_stat_(wal|io|bgwriter)")
    asked = [
        (file.name, node.value)
        for file in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "select" in node.value
        if file != Path(__file__) and of_the_server.search(node.value)
    ]
    assert len(asked) > 5
    assert [(name, text) for name, text in asked if "datname" not in text] == []


def test_what_runs_by_itself_ends_without_shutting_the_interpreter_down() -> None:
    """A thread of the Temporal SDK can abort a process that has done its work: see runtime/ending.py."""
    files = [ROOT / "worker.py", ROOT / "tests/chaos/__main__.py", *(ROOT / "bench").glob("*.py")]
    ends = {file.name: said for file in files if (said := _end_of_program(file))}
    assert len(ends) > 25
    killed = {name for name, said in ends.items() if not said.startswith("ending.leave(")}
    assert killed == {"bare.py", "console_rebuild.py"}


def _end_of_program(file: Path) -> str | None:
    """The last statement of what runs when the file is a program; None where it is none."""
    blocks = [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.If)]
    programs = [block for block in blocks if ast.unparse(block.test) == "__name__ == '__main__'"]
    return ast.unparse(programs[0].body[-1]) if programs else None


def test_no_two_advisory_locks_are_one() -> None:
    """Whoever waits for a lock that another service holds never leads, and says nothing."""
    found = [
        number
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        for number in re.findall(r"\b7_455_\d{3}\b", file.read_text())
    ]
    assert len(found) > 5
    assert len(found) == len(set(found))
