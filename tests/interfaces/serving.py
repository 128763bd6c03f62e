"""The application with its keys on a real port: for clients that do not run in the loop of the tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from interfaces.http.server import HttpServer
from runtime.embedded.ports import free_port
from store.database import Pool
from tests.interfaces.calling import guarded_app


@asynccontextmanager
async def serving(pool: Pool, temporal: WorkflowEnvironment) -> AsyncIterator[str]:
    """The address of the application with its keys, over a real port."""
    async with serving_app(guarded_app(pool, JourneyClient(temporal.client))) as url:
        yield url


@asynccontextmanager
async def serving_app(app: FastAPI) -> AsyncIterator[str]:
    """The address of this application, over a real port."""
    port = free_port()
    server = HttpServer(app, "127.0.0.1", port, drain_seconds=1)
    running = asyncio.create_task(server.run())
    url = f"http://127.0.0.1:{port}"
    async with httpx2.AsyncClient(transport=httpx2.AsyncHTTPTransport(retries=20), timeout=60) as client:
        await client.get(f"{url}/livez")
    try:
        yield url
    finally:
        await server.shutdown()
        await running
