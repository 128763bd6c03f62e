"""docs/metrics.md says what the code declares, and the other pages name no metric that there is not."""

import re
from pathlib import Path

from domain.activity import LearnerWasActive
from domain.journey import EVENTS
from queries.measures.definitions import MEASURES
from tests.metrics import measures_page
from tests.metrics.page import PAGE, names, of_processes, page

ROOT = Path(__file__).parents[2]
_ACCOUNTS = ("trellis_app",)
"""Of Postgres."""


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "run `make metrics`"


def test_what_each_process_counts_is_on_it() -> None:
    known = {one.name for one in of_processes()}
    assert known >= {"trellis_commands", "trellis_message_attempts", "trellis_http_requests", "trellis_temporal_up"}


def test_the_other_pages_name_metrics_that_there_are() -> None:
    known = names().keys()
    for file in (*(ROOT / "docs").glob("*.md"), ROOT / "README.md"):
        for name in re.findall(r"`(trellis_[a-z_]+[a-z])(?:_…|\{[^`]*\})?`", file.read_text()):
            if name not in _ACCOUNTS:
                assert any(one == name or one.startswith(f"{name}_") for one in known), (file.name, name)


def test_the_page_of_measures_is_up_to_date() -> None:
    assert measures_page.PAGE.read_text() == measures_page.page(), "run `make metrics`"


def test_each_measure_says_from_which_events_it_comes() -> None:
    known = set(EVENTS) | {LearnerWasActive.type}
    for one in MEASURES.values():
        assert one.events, one.id
        assert set(one.events) <= known, one.id
        assert one.source.view
