"""What the texts of a kit are called: people read titles, and no names of files."""

from functools import lru_cache
from itertools import pairwise
from pathlib import PurePosixPath

from domain.kit import Kit
from domain.words import plain, sentence

_TEXTS_KEPT = 1_000


def title_of(kit: Kit, name: str) -> str:
    """The first heading of a text; where it has none, the words of its file name."""
    return _heading(kit.texts.get(name, "")) or words_of(name)


def words_of(name: str) -> str:
    """`guides/first-session.md` as `First session`."""
    return sentence(plain(PurePosixPath(name).stem.replace("-", " ")))


@lru_cache(_TEXTS_KEPT)
def _heading(text: str) -> str:
    from markdown_it import MarkdownIt

    for opening, words in pairwise(MarkdownIt("commonmark").parse(text)):
        if opening.type == "heading_open":
            return " ".join("".join(one.content or " " for one in words.children or ()).split())
    return ""
