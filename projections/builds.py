"""The rebuilds that are under way, and which views are still to be rebuilt for this version of Trellis."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from projections.projection import Projection
from projections.sql import query
from store.database import Executor

LONG_LOG = 50_000
"""A new view of a log this long is built, many times faster than by following."""


@dataclass(frozen=True, slots=True)
class Build:
    """A generation that is being built beside the live one."""

    name: str
    version: int
    events: int
    """All that it has to take in."""
    done: int
    """And of these, taken in."""
    seconds_left: float | None
    """An estimate from the speed so far; None before there is any."""

    def __str__(self) -> str:
        left = f", about {_roughly(self.seconds_left)}" if self.seconds_left is not None else ""
        return f"{self.done:,} of {self.events:,} events{left}"


async def builds(pool: Executor) -> list[Build]:
    """By name; of all processes. None when nothing is being rebuilt."""
    return [Build(*row) for row in await pool.fetch(query("builds"))]


@dataclass(frozen=True, slots=True)
class Form:
    """Of a live generation."""

    version: int
    shape: str
    is_empty: bool
    """Whether it is only a beginning, which is still to be filled."""


async def live_forms(pool: Executor) -> dict[str, Form]:
    """By the names of the views."""
    return {name: Form(*form) for name, *form in await pool.fetch(query("live_forms"), LONG_LOG)}


async def outdated(pool: Executor, projections: Iterable[Projection]) -> list[str]:
    """The names of the views whose live generation an older Trellis built, or that are not there yet: the projector
    rebuilds them. Until it has, readers are answered from the old generation as far as it goes.
    """
    live = await live_forms(pool)
    return [one.name for one in projections if live.get(one.name) != _form_of(one)]


@cache
def _form_of(projection: Projection) -> Form:
    """Told once: it takes the schema of the state that the projection keeps."""
    return Form(projection.version, projection.shape, is_empty=False)


def _roughly(seconds: float) -> str:
    """For people: how long it takes, rounded so that it does not jump about."""
    if seconds < 1.5:
        return "1 s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"
