"""The API, under /v1: a file for each resource.

The type of an operation's `caller` says who may call it (interfaces/http/access.py).
"""

from collections.abc import Iterable

from fastapi import APIRouter

from channels.public_addresses import Allowed
from client.journeys import JourneyClient
from interfaces.http.v1 import (
    capacity,
    cohorts,
    commands,
    exchange,
    journeys,
    mentors,
    messages,
    programs,
    rounds,
    times,
    webhooks,
)
from store.database import Pool


def routers(pool: Pool, client: JourneyClient, *, webhook_networks: Allowed | None = None) -> Iterable[APIRouter]:
    """Without the prefix. `webhook_networks`: those beyond the internet that webhooks may lead to."""
    return (
        programs.router(pool),
        journeys.router(pool, client),
        commands.router(pool, client),
        exchange.router(pool),
        times.router(pool),
        mentors.router(pool),
        capacity.router(pool),
        rounds.router(pool),
        cohorts.router(pool),
        messages.router(pool),
        webhooks.router(pool, client, webhook_networks or Allowed()),
    )
