"""The texts of kits as pages show them: Markdown without HTML of its own and without images, whose links lead to https
or into a letter."""

from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

_LEADS_TO = ("https://", "mailto:")
_REGION = '<div class="table" role="region" tabindex="0" aria-label="Table">'


def written(text: str) -> Markup:
    """A heading at the very beginning is left out: the page has one. What follows is below it."""
    tokens = _READER.parse(text)
    if tokens and tokens[0].type == "heading_open":
        tokens = tokens[3:]
    for one in tokens:
        if one.tag == "h1":
            one.tag = "h2"
    return Markup(_READER.renderer.render(tokens, _READER.options, {}))  # noqa: S704 - all text in it is escaped


class _Renderer(RendererHTML):
    """Tables scroll by themselves, with the keyboard too."""

    def table_open(self, tokens: Sequence[Token], at: int, options: Any, _: Any) -> str:
        return f"{_REGION}{self.renderToken(tokens, at, options, {})}"

    def table_close(self, tokens: Sequence[Token], at: int, options: Any, _: Any) -> str:
        return f"{self.renderToken(tokens, at, options, {})}</div>"


class _Reader(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - as MarkdownIt calls it
        return url.startswith(_LEADS_TO)


_READER = _Reader("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table").disable("image")
