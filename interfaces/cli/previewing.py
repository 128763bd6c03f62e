"""What a command would bring about, in words."""

from collections.abc import Iterator

from client.api.models import Preview
from domain.values import counted

_CHANGES = {"stops": "would no longer happen", "starts": "would happen", "moves": "would move"}


def preview_in_words(found: Preview) -> Iterator[str]:
    """A line each; none where nothing would change."""
    if not found.events:
        return
    yield "Recorded would be:"
    yield from (f"  {one.says}" for one in found.events)
    if found.stage_before != found.stage_after:
        yield f"The stage would be {found.stage_after.replace('_', '-')} (now {found.stage_before.replace('_', '-')})."
    if found.cases_closed:
        yield f"{counted(len(found.cases_closed), 'open case')} would be closed: {', '.join(found.cases_closed)}."
    yield from (f"A letter to the {one.to}: {one.message}." for one in found.letters)
    yield from (f"No longer awaited of {one.who}: {one.says} ({one.about})." for one in found.no_longer_awaited)
    yield from (
        f"Awaited of {one.who}: {one.says} ({one.about}), by {one.due_at:%d %B %Y %H:%M} UTC."
        for one in found.newly_awaited
    )
    for one in found.timers:
        yield f"{one.says}, on {one.at:%d %B %Y %H:%M} UTC, {_CHANGES[one.change]} ({one.rule})."
