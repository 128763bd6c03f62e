"""Calls the application over HTTP as somebody with a key: `async with calling(app, key) as client`."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from client.journeys import JourneyClient
from domain.access import KeyRole
from domain.ids import MentorId, ProgramId
from interfaces.http.app import create_app
from interfaces.http.authentication import Access
from services.keys import Keyring, KeyWish, make
from store.database import Pool

ADDRESS = "http://localhost:8600"


def guarded_app(pool: Pool, journeys: JourneyClient, **options: Any) -> FastAPI:
    """The application as the worker serves it: nothing but health without a key."""
    options = {"access": Access(Keyring(pool)), "registry": CollectorRegistry(), **options}
    return create_app(pool, journeys, {}, **options)


async def key_of(
    pool: Pool, role: KeyRole | str, *, programs: Iterable[str] | None = None, mentor: str | None = None
) -> str:
    """A new key. `programs` must have been published; None: all of them. `mentor` is for the role `mentor`."""
    actor = {KeyRole.OPS: "ops:test", KeyRole.MENTOR: f"mentor:{mentor}"}.get(KeyRole(role), "system:test")
    wish = KeyWish(
        name=f"of the role {role}",
        role=KeyRole(role),
        actor=actor,
        programs=None if programs is None else frozenset(map(ProgramId, programs)),
        mentor=MentorId(mentor) if mentor else None,
    )
    return (await make(pool, wish, by="test")).text


@asynccontextmanager
async def calling(app: FastAPI, key: str | None) -> AsyncIterator[httpx2.AsyncClient]:
    """Sends the key with every request; none: None."""
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS, headers=headers) as client:
        yield client
