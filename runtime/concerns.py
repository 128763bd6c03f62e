"""A metric for what waits for a person's decision while the process keeps serving."""

import asyncio
from collections.abc import Mapping

from prometheus_client import REGISTRY, CollectorRegistry, Gauge

from runtime.health import Check, answers

_EVERY_SECONDS = 5.0


class Concerns:
    """Polls each check and shows 1 while it waits for a person, otherwise 0. Every series exists from the start.

    A check that cannot be made, for example while Postgres is unavailable, keeps its last value.
    """

    def __init__(self, concerns: Mapping[str, Check], registry: CollectorRegistry = REGISTRY) -> None:
        self._concerns = concerns
        says = "1: something waits for a person to decide, and /readyz says what. The process serves all the same."
        self._gauge = Gauge("trellis_needs_person", says, ["about"], registry=registry)
        for name in concerns:
            self._gauge.labels(name).set(0)

    async def run(self) -> None:
        """Returns only when cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(_EVERY_SECONDS)

    async def look(self) -> None:
        for name, answer in (await answers(self._concerns)).items():
            self._gauge.labels(name).set(1 if answer else 0)
