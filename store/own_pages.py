"""The secrets that links to people's own pages are signed with: one for each person."""

import secrets

from domain.own_page import SECRET_BYTES
from store.database import Executor, query


async def secret(executor: Executor, person: str) -> bytes:
    """The same for every process, made at the first call."""
    return await known_secret(executor, person) or await _made(executor, person)


async def known_secret(executor: Executor, person: str) -> bytes | None:
    """None: no link was ever made for this person."""
    found: bytes | None = await executor.fetchval(query("own_page_secret_get"), person)
    return found


async def replace_secret(executor: Executor, person: str) -> None:
    """All links that were made for this person before are altered ones from now on."""
    await executor.execute(query("own_page_secret_replace"), person, secrets.token_bytes(SECRET_BYTES))


async def _made(executor: Executor, person: str) -> bytes:
    await executor.execute(query("own_page_secret_make"), person, secrets.token_bytes(SECRET_BYTES))
    made = await known_secret(executor, person)  # of several that make one at the same time, the first is kept
    assert made
    return made
