"""Webhooks in Postgres: what each of them wants, how far it has come, and its delivery log."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, cast
from uuid import UUID

from pydantic import TypeAdapter
from pydantic_core import to_json

from domain.ids import ProgramId, StreamId
from domain.webhook import STREAMS_IN_TROUBLE, Answer, DeliveryState, Health, Outcome, after_round, is_dead
from store.database import Connection, Pool, query
from store.event_log import RecordedEvent

MOST_WEBHOOKS = 100
"""At once. Each has an activity and some connections of its own, so that none waits for another."""
MOST_WAITING = 10_000
"""Events of one webhook that wait outside the log, because they or those before them could not be delivered. With so
many, no more are read from the log for it."""
KEPT = timedelta(days=30)
"""How long the delivery log keeps what was delivered or given up."""
SYSTEM = "system"
"""Who disables a webhook whose receiver accepts nothing."""
_TRIES_KEPT = 20
_PRUNED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Subscription:
    """Which events a webhook gets, and in which form."""

    url: str
    description: str
    types: Sequence[str]
    """Names of types, of which `journey.*` is one for all events of journeys. None: all."""
    programs: Sequence[ProgramId] | None
    """None: all, and events that belong to no program as well."""
    role: str
    """What a key of this role may see is in the events."""


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """A webhook as it is now, without its secrets."""

    webhook: str
    url: str
    description: str
    types: Sequence[str]
    programs: Sequence[ProgramId] | None
    role: str
    status: Literal["enabled", "disabled"]
    because: str | None
    """Why it is disabled."""
    disabled_by: str | None
    """`system`: by Trellis itself, since the receiver accepts nothing. Somebody should look at it."""
    position: int
    """Everything in the log up to here was delivered, given up, or waits."""
    failing_since: datetime | None
    failures: int
    not_before: datetime | None
    """Until when the receiver is left alone."""
    accepted_at: datetime | None
    """When the receiver last accepted an event."""
    previous_until: datetime | None
    """Until when secrets before the present one sign as well."""
    made_at: datetime
    made_by: str
    behind: int
    """Positions of the log that it has not come to."""
    waiting: int
    """Events that could not be delivered yet, and those of the same streams behind them."""
    next_at: datetime | None
    """When the first of those is tried again."""


class Round(NamedTuple):
    """What a worker needs for a round of attempts."""

    subscription: Subscription
    position: int
    health: Health
    accepted_at: datetime | None
    secrets: Sequence[str]
    """The present one, and those before it that still sign as well."""
    waiting: int


@dataclass(frozen=True, slots=True)
class WebhookTry:
    """An attempt at an event."""

    at: datetime
    outcome: Outcome
    status: int | None
    milliseconds: int


_TRIES: TypeAdapter[list[WebhookTry]] = TypeAdapter(list[WebhookTry])


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """An event for a webhook, as it is in the delivery log."""

    position: int
    event: UUID
    type: str
    stream: StreamId
    state: DeliveryState = "waiting"
    attempts: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    next_at: datetime | None = None
    """When it is tried again. None while it waits: it stands behind another event of its stream."""
    outcome: Outcome | None = None
    """Of the last attempt."""
    status: int | None = None
    """What the receiver answered then."""
    because: str | None = None
    tries: Sequence[WebhookTry] = ()
    """The latest attempts."""

    def with_try(self, at: datetime, answer: Answer, milliseconds: int) -> Sequence[WebhookTry]:
        return [*self.tries, WebhookTry(at, answer.outcome, answer.status, milliseconds)][-_TRIES_KEPT:]


@dataclass(frozen=True, slots=True)
class WebhookChange:
    """Who did what about a webhook."""

    at: datetime
    change: str
    actor: str


# What people change


async def add(pool: Pool, webhook: str, wanted: Subscription, *, secret: str, position: int | None, actor: str) -> bool:
    """`position`: after which the first event is delivered. None: the present end of the log. False: there are too
    many already, or there is or was one of this id."""
    async with pool.acquire() as connection, connection.transaction():
        columns = (wanted.url, wanted.description, wanted.types, wanted.programs, wanted.role)
        done = await connection.fetchval(
            query("webhook_add"), webhook, *columns, secret, position, actor, MOST_WEBHOOKS
        )
        if done:
            await _note(connection, webhook, "added", actor)
    return bool(done)


async def change(pool: Pool, webhook: str, wanted: Subscription, actor: str) -> None:
    async with pool.acquire() as connection, connection.transaction():
        columns = (wanted.url, wanted.description, wanted.types, wanted.programs, wanted.role)
        if await connection.fetchval(query("webhook_set"), webhook, *columns):
            await _note(connection, webhook, "changed", actor)


async def rotate(pool: Pool, webhook: str, secret: str, overlap: timedelta, actor: str) -> datetime | None:
    """Until when the secret before signs as well. None: there is no such webhook."""
    async with pool.acquire() as connection, connection.transaction():
        until: datetime | None = await connection.fetchval(query("webhook_rotate"), webhook, secret, overlap)
        if until:
            await _note(connection, webhook, "secret rotated", actor)
    return until


async def disable(pool: Pool, webhook: str, because: str, actor: str) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await _disable(connection, webhook, because, actor)


async def enable(pool: Pool, webhook: str, *, skip: bool, actor: str) -> None:
    """It goes on where it was, and at once. `skip`: it goes on after the present end of the log instead."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(query("webhook_enable"), webhook, skip)
        await _note(connection, webhook, "enabled, skipping what waited" if skip else "enabled", actor)


async def replay(pool: Pool, webhook: str, position: int, actor: str) -> None:
    """Everything from this position on is delivered again."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(query("webhook_replay"), webhook, position)
        await _note(connection, webhook, f"replay from position {position}", actor)


async def remove(pool: Pool, webhook: str, actor: str) -> None:
    """Its delivery log goes a moment later, bit by bit (`prune`)."""
    async with pool.acquire() as connection, connection.transaction():
        if await connection.fetchval(query("webhook_remove"), webhook):
            await _note(connection, webhook, "removed", actor)


async def _disable(connection: Connection, webhook: str, because: str, actor: str) -> None:
    if await connection.fetchval(query("webhook_disable"), webhook, because, actor):
        await _note(connection, webhook, f"disabled: {because}", actor)


async def _note(connection: Connection, webhook: str, what: str, actor: str) -> None:
    await connection.execute(query("webhook_changed"), webhook, what, actor)


# What people see


async def listed(pool: Pool) -> list[WebhookRow]:
    return [WebhookRow(**row) for row in await pool.fetch(query("webhooks_list"), None)]


async def get(pool: Pool, webhook: str) -> WebhookRow | None:
    row = await pool.fetchrow(query("webhooks_list"), webhook)
    return WebhookRow(**row) if row else None


async def is_used(pool: Pool, webhook: str) -> bool:
    """Whether there is or was one of this id."""
    return bool(await pool.fetchval(query("webhook_used"), webhook))


async def secrets(pool: Pool, webhook: str) -> Sequence[str]:
    """Those that sign."""
    return await pool.fetchval(query("webhook_secrets"), webhook) or []


async def deliveries(
    pool: Pool, webhook: str, before: int | None, state: DeliveryState | None, limit: int
) -> list[WebhookDelivery]:
    """The latest positions first."""
    rows = await pool.fetch(query("webhook_deliveries"), webhook, before, state, limit)
    return [WebhookDelivery(**{**row, "tries": _TRIES.validate_json(row["tries"])}) for row in rows]


async def changes(pool: Pool, webhook: str, limit: int) -> list[WebhookChange]:
    """The latest first."""
    return [WebhookChange(*row) for row in await pool.fetch(query("webhook_changes"), webhook, limit)]


# What a worker does


async def begin(pool: Pool, webhook: str) -> int | None:
    """A pass: whoever delivered for this webhook before records nothing any more. None: it is not enabled."""
    return cast("int | None", await pool.fetchval(query("webhook_begin"), webhook))


async def round_of(pool: Pool, webhook: str, pass_: int) -> Round | None:
    """None: the pass is over, because the webhook was changed or disabled, or another worker has begun one."""
    row = await pool.fetchrow(query("webhook_round"), webhook, pass_)
    if row is None:
        return None
    return Round(
        Subscription(row["url"], "", row["types"], row["programs"], row["role"]),
        row["position"],
        Health(row["failing_since"], row["failures"], row["not_before"]),
        row["accepted_at"],
        row["secrets"],
        row["waiting"],
    )


async def due(pool: Pool, webhook: str, limit: int) -> list[WebhookDelivery]:
    """What is to be tried again now: of each stream the first that waits."""
    return [
        WebhookDelivery(
            position=row["position"],
            event=row["event"],
            type=row["type"],
            stream=row["stream"],
            state="waiting",
            attempts=row["attempts"],
            first_at=row["first_at"],
            tries=_TRIES.validate_json(row["tries"]),
        )
        for row in await pool.fetch(query("webhook_due"), webhook, limit)
    ]


async def held(pool: Pool, webhook: str, streams: Collection[StreamId]) -> set[StreamId]:
    """Those of which something waits, so that whatever comes after it waits, too."""
    rows = await pool.fetch(query("webhook_held"), webhook, list(streams))
    return {row["stream"] for row in rows}


async def events_at(pool: Pool, positions: Collection[int]) -> list[RecordedEvent]:
    return [RecordedEvent(*row) for row in await pool.fetch(query("read_positions"), list(positions))]


class Recorded(NamedTuple):
    health: Health
    disabled: str | None
    """Why the webhook is disabled from now on."""


async def record(
    pool: Pool,
    webhook: str,
    pass_: int,
    *,
    those: Sequence[WebhookDelivery],
    answers: Sequence[Answer],
    position: int,
    at: datetime,
) -> Recorded | None:
    """What came of a round, all of it or nothing. None: the pass is over, so nothing was recorded.

    `position`: everything up to here is among `those`, or was handled before.
    """
    async with pool.acquire() as connection, connection.transaction():
        row = await connection.fetchrow(query("webhook_lock"), webhook, pass_)
        if row is None:
            return None
        before = Health(row["failing_since"], row["failures"], row["not_before"])
        await _put(connection, webhook, those)
        accepted = any(one.delivered for one in answers)
        if accepted and before.is_held:
            await connection.execute(query("webhook_recovered"), webhook)
        since = at if accepted else row["accepted_at"]
        failing = await connection.fetchval(query("webhook_failing"), webhook, since, STREAMS_IN_TROUBLE)
        health = after_round(before, answers, failing, at)
        accepted_at = at if accepted else None
        trouble = (health.failing_since, health.failures, health.not_before)
        await connection.execute(query("webhook_move"), webhook, position, *trouble, accepted_at)
        if because := _why_disabled(answers, health, at):
            await _disable(connection, webhook, because, SYSTEM)
        return Recorded(health, because)


async def _put(connection: Connection, webhook: str, those: Sequence[WebhookDelivery]) -> None:
    if not those:
        return
    rows = [
        (*(one.position, one.event, one.type, one.stream, one.state, one.attempts, one.first_at, one.last_at),
         *(one.next_at, one.outcome, one.status, one.because, to_json(one.tries).decode()))
        for one in those
    ]  # fmt: skip
    await connection.execute(query("webhook_record"), webhook, *map(list, zip(*rows, strict=True)))
    settled = {one.stream for one in those if one.state != "waiting"}
    await connection.execute(query("webhook_next"), webhook, list(settled))


def _why_disabled(answers: Sequence[Answer], health: Health, at: datetime) -> str | None:
    if gone := next((one for one in answers if one.outcome == "gone"), None):
        return gone.because
    if is_dead(health, at):
        return f"nothing was accepted for three days; the last attempt: {answers[-1].because}"
    return None


class Outlook(NamedTuple):
    at: datetime
    next_at: datetime | None
    """When there is something to try again. None: nothing waits."""
    not_before: datetime | None


async def outlook(pool: Pool, webhook: str) -> Outlook | None:
    """None: it is not enabled."""
    row = await pool.fetchrow(query("webhook_outlook"), webhook)
    return Outlook(row["at"], row["next_at"], row["not_before"]) if row else None


# What a service does for all of them


async def pass_over(pool: Pool, since: Mapping[str, int], upto: int) -> None:
    """Nothing up to `upto` and after the position that stands with a webhook is for it."""
    await pool.execute(query("webhook_pass_over"), list(since), list(since.values()), upto)


async def prune(pool: Pool) -> int:
    """Deletes some of what is old, and of webhooks that were removed. Returns how much; again until that is 0."""
    old = await pool.execute(query("webhook_prune"), KEPT, _PRUNED_AT_ONCE)
    removed = await pool.execute(query("webhook_prune_removed"), _PRUNED_AT_ONCE)
    return _count(old) + _count(removed)


def _count(status: str) -> int:
    return int(status.rpartition(" ")[2])
