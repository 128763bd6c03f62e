"""The texts of kits on pages: what of Markdown they know, and that nothing of any text is lost."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from interfaces.http.pages.written import Block, blocks

PROGRAMS = Path(__file__).parents[2] / "programs"
PIECES = (
    "# A b",
    "## C",
    "- one",
    "- [ ] two",
    "1. three",
    "> four",
    "| a | b |",
    "|---|---|",
    "plain",
    "  on",
    "",
    "```",
)


def told(one: Block) -> list[list[str]]:
    return [["".join(text for text, _ in cell) for cell in row] for row in one.rows]


def test_each_kind_of_block() -> None:
    text = (
        "# Title\n\nOne **big**\nline\n## Part\n- a\n  b\n- c\n\n"
        "1. d\n- [ ] e\n\n> f\n> g\n\n|h|i|\n|-|-|\n|j|k|\n\n```\nl\n```"
    )
    found = [(one.kind, told(one)) for one in blocks(text)]
    assert found == [
        ("paragraph", [["One big line"]]),
        ("heading", [["Part"]]),
        ("list", [["a b"], ["c"]]),
        ("steps", [["d"]]),
        ("checks", [["e"]]),
        ("quote", [["f g"]]),
        ("table", [["h", "i"], ["j", "k"]]),
        ("code", [["l"]]),
    ]
    assert blocks("# Title\n\nOne **big**\nline")[0].rows == [[[("One ", False), ("big", True), (" line", False)]]]


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_no_word_of_a_text_is_lost(pieces: list[str]) -> None:
    written = "\n".join(["# Title", *pieces])
    shown = " ".join(cell for one in blocks(written) for row in told(one) for cell in row)
    assert sorted(re.findall(r"[a-zA-Z]+", shown)) == sorted(re.findall(r"[a-zA-Z]+", "\n".join(pieces)))


def test_the_guides_of_shipped_kits_are_read() -> None:
    """Nothing of their Markdown is left in what is shown."""
    files = list(PROGRAMS.rglob("*.md"))
    cells = [cell for file in files for one in blocks(file.read_text()) for row in told(one) for cell in row]
    assert files
    assert not [one for one in cells if one.startswith(("#", "- ", "> ", "|")) or "**" in one]
