"""The texts of kits as pages show them: headings, paragraphs, lists, steps, quotations and tables of Markdown, with
words that stand out. What else is written in it stays as it is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Spans: TypeAlias = Sequence[tuple[str, bool]]
"""Text, and whether it stands out."""
Kind: TypeAlias = Literal["heading", "paragraph", "quote", "list", "checks", "steps", "table", "code"]
_STARTS: Sequence[tuple[Kind, re.Pattern[str]]] = (
    ("heading", re.compile(r"(?P<level>#{1,6})\s+(?P<text>.*)")),
    ("checks", re.compile(r"[-*]\s+\[[ x]\]\s+(?P<text>.*)")),
    ("list", re.compile(r"[-*]\s+(?P<text>.*)")),
    ("steps", re.compile(r"\d+[.)]\s+(?P<text>.*)")),
    ("quote", re.compile(r">\s?(?P<text>.*)")),
    ("table", re.compile(r"\|(?P<text>.*?)\|?\s*$")),
)
_GOES_ON = frozenset({"list", "checks", "steps", "paragraph"})
"""What a line without a beginning of its own belongs to."""
_RULE = re.compile(r"[\s|:-]+")
_FENCE = "```"


@dataclass(frozen=True, slots=True)
class Block:
    kind: Kind
    rows: Sequence[Sequence[Spans]]
    """Of a table its rows, with the headings first; else one piece of text in each."""
    level: int = 0
    """Of a heading: below the heading of the page, which is the first."""


def blocks(text: str) -> list[Block]:
    """In their order. A heading at the very beginning is left out: the page has one."""
    reader = _Reader()
    for line in text.splitlines():
        reader.read(line)
    found = [*reader.found, *reader.rest()]
    return found[1:] if found and found[0].kind == "heading" else found


@dataclass(slots=True)
class _Reader:
    found: list[Block] = field(default_factory=list)
    _kind: Kind | None = None
    """Of the block that is being read."""
    _told: list[str] = field(default_factory=list)

    def read(self, line: str) -> None:
        is_fence = line.lstrip().startswith(_FENCE)
        if self._kind == "code" and not is_fence:
            self._told.append(line)
        elif is_fence:
            self._begin(None if self._kind == "code" else "code")
        else:
            self._read_text(*_begins(line))

    def rest(self) -> Iterator[Block]:
        return _made(self._kind, self._told)

    def _read_text(self, begun: Kind | None, said: str) -> None:
        if begun is not None:
            if begun != self._kind or begun == "heading":
                self._begin(begun)
            self._told.append(said)
        elif not said:
            self._begin(None)
        elif self._kind in _GOES_ON:
            self._told[-1] += f" {said}"
        else:
            self._begin("paragraph")
            self._told.append(said)

    def _begin(self, kind: Kind | None) -> None:
        self.found += _made(self._kind, self._told)
        self._kind, self._told = kind, []


def _begins(line: str) -> tuple[Kind | None, str]:
    """The kind of block that a line belongs to by its beginning, and its text; of a heading with its signs."""
    for kind, form in _STARTS:
        if found := form.fullmatch(line.strip()):
            return kind, line.strip() if kind == "heading" else found["text"]
    return None, line.strip()


def _made(kind: Kind | None, told: Sequence[str]) -> Iterator[Block]:
    match kind:
        case None:
            return
        case "heading":
            signs, _, said = told[0].partition(" ")
            yield Block(kind, [[spans(said)]], min(len(signs), 4))
        case "table":
            rows = [[spans(cell.strip()) for cell in line.split("|")] for line in told if not _RULE.fullmatch(line)]
            yield Block(kind, rows)
        case "code":
            yield Block(kind, [[[("\n".join(told), False)]]])
        case "quote":
            yield Block(kind, [[spans(" ".join(told))]])
        case _:
            yield Block(kind, [[spans(one)] for one in told])


def spans(text: str) -> Spans:
    """`**words**` stand out."""
    return [(part, nth % 2 == 1) for nth, part in enumerate(re.split(r"\*\*(.+?)\*\*", text)) if part]
