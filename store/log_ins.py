"""Browsers that are logged in, and links that log one in. Both are known by the hash of a secret."""

from datetime import datetime

from store.database import Executor, query


async def add_link(executor: Executor, link: bytes, key_id: str, expires_at: datetime) -> None:
    await executor.execute(query("log_in_link_insert"), link, key_id, expires_at)


async def key_of_link(executor: Executor, link: bytes, now: datetime) -> str | None:
    """None: there is no such link, it has been used, or it has expired."""
    found: str | None = await executor.fetchval(query("log_in_link_get"), link, now)
    return found


async def take_link(executor: Executor, link: bytes, now: datetime) -> str | None:
    """The same, once: of several who take it at the same time, one gets the key."""
    found: str | None = await executor.fetchval(query("log_in_link_take"), link, now)
    return found


async def begin_session(executor: Executor, session: bytes, key_id: str, expires_at: datetime) -> None:
    await executor.execute(query("page_session_insert"), session, key_id, expires_at)


async def key_of_session(executor: Executor, session: bytes, now: datetime) -> str | None:
    found: str | None = await executor.fetchval(query("page_session_get"), session, now)
    return found


async def end_session(executor: Executor, session: bytes) -> None:
    await executor.execute(query("page_session_end"), session)


async def delete_expired(executor: Executor, now: datetime) -> None:
    await executor.execute(query("log_ins_expired_links"), now)
    await executor.execute(query("log_ins_expired_sessions"), now)
