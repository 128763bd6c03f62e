"""The texts of kits on pages: what their Markdown becomes, and that nothing in them becomes HTML of its own."""

import re

from hypothesis import given
from hypothesis import strategies as st

from interfaces.http.pages.written import written

PIECES = (
    "# A b",
    "## C",
    "- one",
    "1. three",
    "> four",
    "| a | b |",
    "|---|---|",
    "plain",
    "  on",
    "",
    "```",
    "<b>x</b>",
)


def test_a_text_is_below_the_heading_of_its_page() -> None:
    found = written("# Title\n\nOne **big** line\n\n# Part\n\n- a\n- b\n\n|h|i|\n|-|-|\n|j|k|\n")
    assert "Title" not in found
    for expected in (
        "<strong>big</strong>",
        "<h2>Part</h2>",
        "<li>a</li>",
        'role="region"',
        "<th>h</th>",
        "</table>\n</div>",
    ):
        assert expected in found


def test_html_images_and_other_links_are_text() -> None:
    found = written(
        "<script>x</script> ![i](https://e.org/i.png) [a](javascript:x) [b](http://e.org) [c](https://e.org)"
    )
    assert "<script" not in found
    assert "<img" not in found
    assert re.findall('href=.([^"]*)', found) == ["https://e.org/i.png", "https://e.org"]


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_no_word_of_a_text_is_lost(pieces: list[str]) -> None:
    shown = re.sub("<[^>]*>", " ", written("\n".join(["# Title", "", *pieces])))
    words = re.findall("[a-z]+", "\n".join(pieces).replace("<b>x</b>", "x").lower())
    assert set(words) <= set(re.findall("[a-z]+", shown.lower()))
