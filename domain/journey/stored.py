"""How states that workflows of older versions carried read today.

To change a state so that its stored JSON would no longer read, or would mean something else: raise STATE_VERSION, add
the function from the version before to UPCASTERS, and record the new form with `python -m tests.golden.forms`. A field
that is added with a default needs none of this. An upcaster is pure, and one step: n leads to version n + 1.
"""

import re
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Annotated, Any, Final, TypeAlias

from pydantic import BeforeValidator, TypeAdapter

from domain.journey.state import STATE_VERSION, JourneyState

Upcaster: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]

UNNUMBERED: Final = 0
"""What was carried before states said their version."""


class UnknownVersion(ValueError):
    """A newer Trellis wrote the state. It must be left to a worker of that version."""

    def __init__(self, found: int) -> None:
        super().__init__(
            f"the state has version {found}, and this Trellis reads up to {STATE_VERSION}; run a newer one"
        )
        self.found = found


def upcast(state: Mapping[str, Any]) -> dict[str, Any]:
    """The stored state in today's form. Anything else that is wrong with it stays, for validation to find.

    Raises:
        UnknownVersion: for a version that only a newer Trellis reads.
    """
    found = state.get("schema_version", UNNUMBERED)
    if type(found) is not int or (found < 1 and "schema_version" in state):
        return dict(state)
    if found > STATE_VERSION:
        raise UnknownVersion(found)
    current = dict(state)
    for version in range(found, STATE_VERSION):
        current = UPCASTERS[version](current)
    return {**current, "schema_version": STATE_VERSION}


def _misses_by_name_and_words_by_digest(state: dict[str, Any]) -> dict[str, Any]:
    """A miss came to bear the name of what was missed, which for the first date of a session is the session's id; and
    of what may be said again and again only a digest came to be kept.
    """
    current = dict(state)
    if isinstance(misses := state.get("misses"), list):
        current["misses"] = [_named(one) if isinstance(one, dict) else one for one in misses]
    said = state.get("last_word")
    if isinstance(said, str) and not _DIGEST.search(said):
        before, _, text = said.partition(": ")
        current["last_word"] = f"{before}: {_digest_of_words(text)}"
    return current


def _digest_of_words(said: str) -> str:
    """As it stands in states of that time."""
    return blake2b(said.encode(), digest_size=8).hexdigest()


def _named(miss: dict[str, Any]) -> dict[str, Any]:
    return {"name" if field == "session" else field: value for field, value in miss.items()}


_DIGEST = re.compile(r": [0-9a-f]{16}$")

UPCASTERS: Mapping[int, Upcaster] = {UNNUMBERED: _misses_by_name_and_words_by_digest}


def _read(value: Any) -> Any:
    return upcast(value) if isinstance(value, Mapping) else value


StoredState = Annotated[JourneyState, BeforeValidator(_read)]
"""A state as part of something else that is stored, such as the input of a workflow."""

STORED_STATE: Final[TypeAdapter[JourneyState]] = TypeAdapter(StoredState)
"""Writes a state as JSON, and reads what this and earlier versions wrote."""
