"""docs/api.md names operations that exist, and all of those about programs, people, mentors, matching and groups."""

import re
from collections.abc import Iterator

from interfaces.http.document import document
from tests.support.layout import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text()
_NAMED = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) (/[^`?]+)`((?:,? (?:and )?`[a-z-]+`)*)")
_DESCRIBED = {
    "capacity", "cohorts", "enrollment", "exchange", "figures", "matching", "mentors", "messages", "office hours",
    "people", "problems", "programs", "times",
}  # fmt: skip


def named() -> Iterator[tuple[str, str]]:
    """`POST /a/pin`, and `unpin`, `forbid` are three."""
    for method, path, others in _NAMED.findall(PAGE):
        yield method, path
        for one in re.findall(r"`([a-z-]+)`", others):
            yield method, f"{path.rpartition('/')[0]}/{one}"


def test_the_page_names_the_operations() -> None:
    paths = document()["paths"]
    there = {(method.upper(), path): said["tags"][0] for path, of in paths.items() for method, said in of.items()}
    found = set(named())
    assert found - there.keys() == set(), "there are no such operations"
    expected = {one for one, tag in there.items() if tag in _DESCRIBED}
    told_in_words = {
        one for one in expected if one[1].endswith(("/rounds/latest", "/mentors/{mentor}", "/training/{mentor}"))
    }
    assert expected - found - told_in_words == set(), "docs/api.md does not name these"
