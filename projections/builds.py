"""The rebuilds that are under way, and which views are still to be rebuilt for this version of Trellis."""

from collections.abc import Iterable
from dataclasses import dataclass

from projections.projection import Projection, query
from store.database import Executor


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


async def outdated(pool: Executor, projections: Iterable[Projection]) -> list[str]:
    """The names of the views whose live generation an older Trellis built, or that are not there yet: the projector
    rebuilds them. Until it has, readers are answered from the old generation as far as it goes.
    """
    live = {row["name"]: (row["version"], row["shape"]) for row in await pool.fetch(query("live_forms"))}
    return [one.name for one in projections if live.get(one.name) != (one.version, one.shape)]


def _roughly(seconds: float) -> str:
    """For people: how long it takes, rounded so that it does not jump about."""
    if seconds < 1.5:
        return "1 s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"
