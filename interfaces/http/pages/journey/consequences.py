"""What a command will bring about, in sentences, on the clock of the reader."""

from collections.abc import Iterator, Mapping

from domain.values import counted
from domain.words import by_role, plain, sentence
from interfaces.http.pages.rendering import exact
from queries.foreseeing import Preview

_CHANGES: Mapping[str, str] = {"stops": "will no longer happen", "starts": "will happen", "moves": "will move"}
_MOST = 8
"""Of one kind; the rest is counted."""


def sentences(found: Preview) -> list[str]:
    if not found.events:
        return ["Nothing changes: it is so already."]
    return list(_sentences(found))


def _sentences(found: Preview) -> Iterator[str]:
    yield from _some([one.says for one in found.events], "further event")
    if found.stage_before != found.stage_after:
        yield f"The stage will be {plain(found.stage_after)}; now it is {plain(found.stage_before)}."
    if found.cases_closed:
        yield f"{counted(len(found.cases_closed), 'open case')} will be closed: {', '.join(found.cases_closed)}."
    yield from _some(
        [f"{sentence(by_role(one.to))} will get a message: {plain(one.message)}." for one in found.letters],
        "further message",
    )
    yield from _some(
        [f"No longer awaited from {by_role(one.who)}: {one.says}." for one in found.no_longer_awaited], "further duty"
    )
    yield from _some(
        [f"Awaited from {by_role(one.who)} by {exact(one.due_at)}: {one.says}." for one in found.newly_awaited],
        "further duty",
    )
    yield from _some(
        [f"{sentence(one.says)}, {exact(one.at)}: {_CHANGES[one.change]}." for one in found.timers], "further timer"
    )


def _some(lines: list[str], what: str) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield f"And {counted(len(lines) - _MOST, what)}."
