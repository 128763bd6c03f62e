"""The storm: an installation, a sender, and kills at random moments of a seed."""

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import asyncpg
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import Runtime, TelemetryConfig

from domain.ids import JourneyId
from store.database import Pool
from tests.chaos import account as accounts
from tests.chaos.account import Account
from tests.chaos.installation import PARTS, Installation
from tests.chaos.sender import Sender

PROGRAM_FOLDER = "programs/job-ready"
PROGRAM = "job-ready"
_RECOVERED_SECONDS = 240.0
_DROP_VIEWS = """
do $$ declare one record; begin
    for one in select 'view_' || name || '_' || generation as schema from trellis.projections loop
        execute format('drop schema if exists %I cascade', one.schema);
    end loop;
    delete from trellis.projections;
end $$
"""


@dataclass(frozen=True)
class Plan:
    seed: int
    journeys: int = 200
    rate: float = 20.0
    kills: int = 200
    pause_seconds: float = 2.5
    """Between two kills, on average."""
    lose_temporal: bool = False
    """Deletes Temporal's data once, half-way, when all signals that it has taken are recorded."""
    lose_views: bool = False
    """Drops every view once, half-way."""
    letters: bool = True
    """With letters, the account may have to wait for one whose sender was killed: minutes."""


@dataclass
class Outcome:
    account: Account
    kills: "Counter[str]" = field(default_factory=Counter)
    seconds: float = 0.0


async def storm(plan: Plan, tell: Callable[[str], None]) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="trellis-chaos-") as folder:
        installation = Installation(Path(folder), "ops@example.org" if plan.letters else "")
        installation.start_up()
        try:
            return await _storm(plan, installation, tell)
        finally:
            await asyncio.to_thread(installation.stop)


async def _storm(plan: Plan, installation: Installation, tell: Callable[[str], None]) -> Outcome:
    began, draws = monotonic(), random.Random(plan.seed)  # noqa: S311 - to be repeated, not to be secret
    await installation.ready()
    published = await asyncio.to_thread(installation.command, "publish", PROGRAM_FOLDER)
    assert published.returncode == 0, published.stderr
    temporal = await Client.connect(
        installation.settings.temporal_target,
        data_converter=pydantic_data_converter,
        runtime=Runtime(telemetry=TelemetryConfig(logging=None)),  # that a server is away is no news here
    )
    journeys = [JourneyId(f"{PROGRAM}.l-{number}") for number in range(plan.journeys)]
    sender = Sender(temporal, PROGRAM, journeys, random.Random(plan.seed + 1))  # noqa: S311
    tell(f"{plan.journeys} journeys are begun")
    await sender.begin_all()
    outcome = Outcome(Account())
    half = plan.kills // 2
    await _blow(plan, half, installation, sender, draws, outcome, tell)
    if plan.lose_temporal or plan.lose_views:
        await _lose(plan, installation, sender, tell)
    await _blow(plan, plan.kills - half, installation, sender, draws, outcome, tell)
    tell(f"{outcome.kills.total()} kills, {len(sender.record)} commands; the account")
    await _settle(installation, sender, outcome.account)
    outcome.seconds = monotonic() - began
    return outcome


async def _blow(  # noqa: PLR0917
    plan: Plan,
    kills: int,
    installation: Installation,
    sender: Sender,
    draws: random.Random,
    outcome: Outcome,
    tell: Callable[[str], None],
) -> None:
    """Sends while it kills. Returns when everything is up again and every command has its outcome."""
    stop = asyncio.Event()
    sending = asyncio.create_task(sender.send(plan.rate, stop))
    try:
        for _ in range(kills):
            await _kill_one(installation, draws, outcome)
            await asyncio.sleep(draws.expovariate(1 / plan.pause_seconds))
            if outcome.kills.total() % 10 == 0:
                tell(f"{outcome.kills.total()} of {plan.kills} kills, {len(sender.record)} commands")
    finally:
        stop.set()
    await installation.ready()
    await sending


async def _kill_one(installation: Installation, draws: random.Random, outcome: Outcome) -> None:
    part = draws.choice(PARTS)
    async with asyncio.timeout(_RECOVERED_SECONDS):
        while not installation.kill(part):  # it is being started again
            installation.ensure_up()
            await asyncio.sleep(0.2)
    outcome.kills[part] += 1
    if part == "up":
        installation.ensure_up()


async def _drop_views(pool: Pool) -> None:
    """The runner holds locks on several views, so one of the two may have to give way."""
    async with asyncio.timeout(_RECOVERED_SECONDS):
        while True:
            with suppress(asyncpg.DeadlockDetectedError):
                await pool.execute(_DROP_VIEWS)
                return


async def _lose(plan: Plan, installation: Installation, sender: Sender, tell: Callable[[str], None]) -> None:
    """What a signal says is Temporal's alone until its journey has handled it: so that is waited for."""
    pool = await accounts.database(installation.settings.dsn)
    try:
        await accounts.of_journeys(pool, sender.temporal, sender.journeys, Account())
        if plan.lose_views:
            tell("every view is dropped")
            await _drop_views(pool)
    finally:
        pool.terminate()
    if plan.lose_temporal:
        tell("Temporal's data are deleted")
        await installation.lose_temporal()
    installation.ensure_up()
    await installation.ready()


async def _settle(installation: Installation, sender: Sender, account: Account) -> None:
    dsn = installation.settings.dsn
    pool = await accounts.database(dsn)
    try:
        await accounts.of_journeys(pool, sender.temporal, sender.journeys, account)
        await accounts.of_commands(pool, sender.record, account)
        await accounts.of_letters(pool, installation.folder / "outbox", account)
        await accounts.of_log(pool, account)
        await accounts.of_views(pool, dsn, account)
    finally:
        pool.terminate()
