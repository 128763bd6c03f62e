"""Whether Temporal answers: a metric, one log line when it no longer does, and one when it does again."""

import asyncio
from datetime import timedelta

from prometheus_client import Gauge
from temporalio.client import Client
from temporalio.service import RPCError

from store.availability import TEMPORAL, Availability

UP = Gauge("trellis_temporal_up", "1: Temporal answered this process when it was last asked.")

_EVERY_SECONDS = 5.0
_ANSWER_SECONDS = 3.0


async def monitor_temporal(client: Client, temporal: Availability = TEMPORAL) -> None:
    """Polls until cancelled. The SDK reports an outage only seconds later, call by call, and never its end."""
    while True:
        try:
            up = await client.service_client.check_health(timeout=timedelta(seconds=_ANSWER_SECONDS))
        except RPCError as error:
            up = False
            temporal.away("health check", error)
        else:
            temporal.answered()
        UP.set(up)
        await asyncio.sleep(_EVERY_SECONDS)
