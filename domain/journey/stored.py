"""How states that workflows of older versions carried read today.

To change a state so that its stored JSON would no longer read, or would mean something else: raise STATE_VERSION, add
the function from the version before to UPCASTERS, and record the new form with `python -m tests.golden.forms`. A field
that is added with a default needs none of this. An upcaster is pure, and one step: n leads to version n + 1.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator

from domain.journey.state import STATE_VERSION, JourneyState

Upcaster: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: Mapping[int, Upcaster] = {}


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
    found = state.get("schema_version", 1)
    if type(found) is not int or found < 1:
        return dict(state)
    if found > STATE_VERSION:
        raise UnknownVersion(found)
    current = dict(state)
    for version in range(found, STATE_VERSION):
        current = UPCASTERS[version](current)
    return {**current, "schema_version": STATE_VERSION}


def _read(value: Any) -> Any:
    return upcast(value) if isinstance(value, Mapping) else value


StoredState = Annotated[JourneyState, BeforeValidator(_read)]
"""A state as part of something else that is stored, such as the input of a workflow."""
