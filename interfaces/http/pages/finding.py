"""Finding a page, a program or a person by a few letters: for the field in the frame, and the palette."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from domain.access import Caller
from interfaces.http.pages.frame import AREAS, PROGRAM_PAGES

_MOST = 40


@dataclass(frozen=True, slots=True)
class Found:
    address: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class FindPage:
    asked: str
    found: Sequence[Found]


def pages_found(caller: Caller, programs: Sequence[str], asked: str) -> list[Found]:
    """Areas, and the pages of programs. Every word of `asked` must begin a word of theirs."""
    wanted = asked.casefold().split()
    return [one for one in _pages(caller, programs) if _fits(one, wanted)][:_MOST]


def _pages(caller: Caller, programs: Sequence[str]) -> Iterator[Found]:
    for area in AREAS:
        if caller.role in area.roles:
            yield Found(area.address, area.label, "page")
    for program in programs:
        for below, label, roles in PROGRAM_PAGES:
            if caller.role in roles:
                yield Found(f"/programs/{quote(program, safe='')}{below}", f"{program}: {label}", "program")


def _fits(one: Found, wanted: Sequence[str]) -> bool:
    words = [*one.label.casefold().replace(":", " ").replace("-", " ").split(), one.label.casefold()]
    return all(any(word.startswith(part) for word in words) for part in wanted)
