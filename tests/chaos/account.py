"""What must be true after the storm: an account of every command, journey, view and letter."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import asyncpg
from pydantic_core import to_json
from temporalio.client import Client
from temporalio.service import RPCError

from client.journeys import JourneyClient, NoSuchJourney, NotStarted
from domain.ids import JourneyId
from projections.rebuild import rebuild
from projections.registry import PROJECTIONS
from store.audit import verify
from store.database import Pool
from tests.chaos.sender import Sent
from workflows.identity import signal_key

_SETTLE_SECONDS = 420.0
"""A letter whose sender was killed in the middle is tried again by another after three minutes, and one more."""


@dataclass
class Account:
    acknowledged: int = 0
    refused: int = 0
    unknown: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    audit: list[str] = field(default_factory=list)
    views: list[str] = field(default_factory=list)
    letters: int = 0
    letters_twice: list[str] = field(default_factory=list)
    letters_open: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.problems

    @property
    def problems(self) -> list[str]:
        commands, letters = [*self.lost, *self.doubled], [*self.letters_twice, *self.letters_open]
        return [*commands, *self.behind, *self.audit, *self.views, *letters]


async def of_commands(pool: Pool, record: Sequence[Sent], account: Account) -> None:
    """Every acknowledged command stands in the log once, as itself or as its refusal; nothing stands there twice."""
    rows = await pool.fetch(
        "select stream, type, meta ->> 'order' as identity, data ->> 'notes' as words from trellis.events"
        " where stream like 'journey-%' order by stream, version"
    )
    by_words = Counter(row["words"] for row in rows if row["words"])
    identities: Counter[tuple[str, str]] = Counter()
    for before, row in zip([None, *rows], rows, strict=False):
        if before and before["identity"] == row["identity"]:
            continue  # several events of one command
        if found := re.fullmatch(r"signal:[^:]+:([^#]+)#\d+", row["identity"] or ""):
            identities[row["stream"], found[1]] += 1
    for sent in record:
        match sent.outcome:
            case "acknowledged":
                account.acknowledged += 1
            case "refused":
                account.refused += 1
            case "unknown":
                account.unknown += 1
        times = by_words[sent.words]
        if sent.way == "signal":
            key = signal_key(sent.command, to_json(dict(sent.payload)))
            times = max(times, identities[f"journey-{sent.journey}", key])
        if times == 0 and sent.outcome == "acknowledged":
            account.lost.append(f"{sent.journey}: {sent.way} {sent.command} {sent.words}")
        if times > 1:
            account.doubled.append(f"{sent.journey}: {sent.way} {sent.command} {sent.words} stands {times} times")


async def of_journeys(pool: Pool, temporal: Client, journeys: Sequence[JourneyId], account: Account) -> None:
    """Waits until every workflow stands where its stream does, as long as that gets better."""
    behind: dict[JourneyId, str] = dict.fromkeys(journeys, "not looked at")
    try:
        async with asyncio.timeout(_SETTLE_SECONDS):
            while behind:
                for journey in list(behind):
                    if (problem := await _behind(pool, temporal, journey)) is None:
                        del behind[journey]
                    else:
                        behind[journey] = problem
                await asyncio.sleep(0.5)
    except TimeoutError:
        account.behind += [f"{journey}: {problem}" for journey, problem in behind.items()]


async def _behind(pool: Pool, temporal: Client, journey: JourneyId) -> str | None:
    version = await pool.fetchval("select version from trellis.streams where stream = $1", f"journey-{journey}")
    try:
        status = await JourneyClient(temporal).status(journey)
    except (RPCError, NoSuchJourney, NotStarted) as error:
        return str(error)
    if status.waiting_orders:
        return f"{status.waiting_orders} commands wait"
    return None if status.version == version else f"its workflow is at {status.version}, its stream at {version}"


async def of_log(pool: Pool, account: Account) -> None:
    account.audit += [f"{one.promise}: {one.what}" for one in (await verify(pool)).findings]


async def of_views(pool: Pool, dsn: str, account: Account) -> None:
    """Every view equals a rebuild of it."""
    async with asyncio.timeout(_SETTLE_SECONDS):
        for name, projection in PROJECTIONS.items():
            while (before := await _caught_up(pool, name)) is None:  # noqa: ASYNC110 - another process's doing
                await asyncio.sleep(0.2)
            await rebuild(dsn, projection, slices=1, processes=False)
            after = await _rows(pool, name)
            if before != after:
                account.views.append(f"{name}: the live view differs from its rebuild")


async def _caught_up(pool: Pool, name: str) -> dict[str, list[Any]] | None:
    live = await pool.fetchval("select position from trellis.projections where name = $1 and status = 'live'", name)
    head = await pool.fetchval("select position from trellis.sequencer")
    return await _rows(pool, name) if live == head else None


async def _rows(pool: Pool, name: str) -> dict[str, list[Any]]:
    schema = await pool.fetchval(
        "select 'view_' || name || '_' || generation from trellis.projections where name = $1 and status = 'live'", name
    )
    tables = await pool.fetch("select tablename from pg_tables where schemaname = $1 order by 1", schema)
    return {
        row[0]: sorted((tuple(one) for one in await pool.fetch(f"select * from {schema}.{row[0]}")), key=repr)  # noqa: S608
        for row in tables
    }


async def of_letters(pool: Pool, outbox: Path, account: Account) -> None:
    """Every letter was sent once, left out for a reason, or is uncertain; none lies in the outbox twice."""
    open_now: list[str] = []
    try:
        async with asyncio.timeout(_SETTLE_SECONDS):
            while open_now := await _open_letters(pool):  # noqa: ASYNC110 - another process's doing
                await asyncio.sleep(0.5)
    except TimeoutError:
        account.letters_open += open_now
    sent = await pool.fetch(
        "select stream, count(*) from trellis.events where type = 'message.sent' group by stream having count(*) > 1"
    )
    account.letters_twice += [f"{row[0]} was sent {row[1]} times" for row in sent]
    ids = await asyncio.to_thread(_ids_in, outbox)
    account.letters = sum(ids.values())
    account.letters_twice += [f"{one} lies in the outbox {times} times" for one, times in ids.items() if times > 1]


def _ids_in(outbox: Path) -> "Counter[str]":
    return Counter(message_from_bytes(file.read_bytes())["Message-ID"] for file in outbox.glob("*.eml"))


async def _open_letters(pool: Pool) -> list[str]:
    rows = await pool.fetch(
        "select distinct on (stream) stream, type from trellis.events where stream like 'message-%'"
        " order by stream, version desc"
    )
    open_types = {"message.wanted", "message.handed_over", "message.not_taken", "message.retried"}
    return [f"{row['stream']} stands at {row['type']}" for row in rows if row["type"] in open_types]


async def database(dsn: str) -> Pool:
    return await asyncpg.create_pool(dsn, min_size=1, max_size=4)
