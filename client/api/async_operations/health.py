"""The operations of `health`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call


class AsyncHealthOperations(AsyncConnection):
    async def live(self) -> dict[str, bool]:
        """The process responds. Does not check the servers it depends on: restarting it would not bring them back."""
        return await self._call(Call("GET", "/livez"), dict[str, bool])

    async def ready(self) -> models.Readiness:
        """200 when the process can serve, with what waits for a person; 503, with what is missing, when it cannot."""
        return await self._call(Call("GET", "/readyz"), models.Readiness)

    async def metrics(self) -> str:
        """In Prometheus's text format. Those of the Temporal SDK are on the port TRELLIS_SDK_METRICS_PORT."""
        return await self._call(Call("GET", "/metrics"), str)
