"""Each lock has a number of its own, and only one place knows the numbers."""

import re
from pathlib import Path

from projections import sql
from store.locks import Lock

ROOT = Path(__file__).parents[2]
PACKAGES = ("activities", "interfaces", "projections", "queries", "runtime", "services", "store")


def test_no_other_file_of_python_has_a_number_of_a_lock() -> None:
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py") if file.name != "locks.py"]
    assert len(files) > 100
    assert [str(file) for file in files if re.search(r"\b7_?455_?\d{3}\b", file.read_text())] == []


def test_the_query_of_leases_asks_for_the_lock_of_views() -> None:
    assert f"l.classid = {Lock.VIEWS.value}" in sql.query("leases_held")
