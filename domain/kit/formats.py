"""The format of a kit, and how kits that were published in older formats are read today.

If a change to the model would make the JSON of published kits unreadable, or change its meaning: raise FORMAT, add the
function from the previous format to UPCASTERS, and record the new form with `python -m tests.golden.forms`. Adding a
field with a default needs none of this. An upcaster is pure and takes one step: number n leads to format n + 1.

The digest of a kit remains that of what was published: it identifies the stored bytes, not the upcast content.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, TypeAlias

Upcaster: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]

Format: TypeAlias = Literal[1]
FORMAT: Final[Format] = 1
UNNUMBERED: Final = 0
"""The number for kits that were published before they carried a format."""


class UnknownFormat(ValueError):
    """The kit was written for a newer Trellis."""

    def __init__(self, found: int) -> None:
        newest = f"up to {FORMAT}" if FORMAT > 1 else "1"
        super().__init__(
            f"this Trellis reads format {newest} of program kits, and this one has {found}; run a newer one"
        )
        self.found = found


def upcast(content: Mapping[str, Any], unless_said: int) -> dict[str, Any]:
    """The content of a kit in today's format. Without a format of its own it is taken to have `unless_said`.

    Anything else that is wrong with it is left for validation to find.

    Raises:
        UnknownFormat: for a format that only a newer Trellis reads.
    """
    found = content.get("format", unless_said)
    if type(found) is not int or (found < 1 and "format" in content):
        return dict(content)
    if found > FORMAT:
        raise UnknownFormat(found)
    current = dict(content)
    for version in range(found, FORMAT):
        current = UPCASTERS[version](current)
    return {**current, "format": FORMAT}


def _without_unsent_messages(content: dict[str, Any]) -> dict[str, Any]:
    """Messages have since been given a `when`. Those without one were never sent, and are left out."""
    messages = content.get("messages")
    if not isinstance(messages, dict):
        return content
    sent = {name: one for name, one in messages.items() if not isinstance(one, dict) or "when" in one}
    return {**content, "messages": sent}


UPCASTERS: Mapping[int, Upcaster] = {UNNUMBERED: _without_unsent_messages}
