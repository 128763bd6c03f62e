"""What the texts of kits are called."""

import pytest

from kits.titles import title_of, words_of
from tests.projections.stories import KIT


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Your *first*\n", "Your first"),
        ("\nBefore it.\n\n## A `code` & [link](https://example.org)\n\n# Later\n", "A code & link"),
        ("Over two lines\nof its own\n==========\n", "Over two lines of its own"),
        ("```\n# no heading\n```\n", "First session"),
        ("#\n\nNothing.", "First session"),
        ("", "First session"),
    ],
)
def test_a_text_is_called_by_its_first_heading_or_by_the_words_of_its_file(text: str, title: str) -> None:
    name = "guides/first-session.md"
    assert title_of(KIT.model_copy(update={"texts": {name: text}}), name) == title
    assert title_of(KIT, name) == "First session"


def test_the_words_of_a_name() -> None:
    names = ("words_in-public.md", "a/b/c.d.md", "first")
    assert [words_of(one) for one in names] == ["Words in public", "C.d", "First"]
