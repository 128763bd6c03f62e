"""The sample program of `trellis up`."""

from collections.abc import Callable

from interfaces.client import JourneyClient
from store.database import Pool


async def plant(journeys: JourneyClient, pool: Pool, tell: Callable[[str], None]) -> str:  # noqa: ARG001
    """Loads the sample kit and its people and begins their journeys, unless they are there. Says what there is now."""
    return "no sample program yet"
