"""Webhooks as people manage them: add, change, rotate the secret, pause, replay, test, remove."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final
from uuid import uuid4

import structlog
from temporalio.client import WorkflowFailureError
from temporalio.service import RPCError

from channels import signing
from channels.public_addresses import Allowed, HookUrl, NotAllowed
from client.journeys import JourneyClient
from domain.access import Caller, KeyRole
from domain.ids import ProgramId
from domain.refusal import NotFound, RefusalCode, Rejected
from domain.values import say_duration
from domain.webhook import DeliveryState
from kits.lookup import NoSuchProgram, newest_published
from queries.event_types import types_named
from services.webhook_dispatch import wake
from store import webhooks as store
from store.database import Pool
from store.event_log import EventLog
from store.webhooks import MOST_WEBHOOKS, Subscription, WebhookChange, WebhookDelivery, WebhookRow
from workflows.contract import WEBHOOK_TASK_QUEUE, WEBHOOK_TEST
from workflows.webhook_activities import SendTestEvent, WebhookTestResult

log = structlog.get_logger(__name__)

LONGEST_OVERLAP: Final = timedelta(days=7)
_TEST_PATIENCE = timedelta(seconds=45)
_MOST_TYPES, _MOST_PROGRAMS, _LONGEST_DESCRIPTION = 100, 1_000, 500
_CHANGES_SHOWN = 20
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_ROLES = (KeyRole.OPS, KeyRole.INTEGRATION, KeyRole.OBSERVER)


class Code(RefusalCode):
    """Why a webhook cannot be as somebody wants it."""

    WEBHOOK_INVALID = "webhook_invalid"
    """`fields`: those that cannot be."""
    WEBHOOK_ADDRESS_NOT_ALLOWED = "webhook_address_not_allowed"
    WEBHOOK_ID_USED = "webhook_id_used"
    TOO_MANY_WEBHOOKS = "too_many_webhooks"
    """`most`"""
    REPLAY_OUT_OF_RANGE = "replay_out_of_range"
    """`latest`: the last position that can be replayed."""


class NoSuchWebhook(NotFound):
    def __init__(self, webhook: str) -> None:
        super().__init__(f"there is no webhook {webhook[:60]!r}; `trellis webhooks list` lists them")


class NobodyDelivers(Exception):
    """No process with the role `webhooks` has answered in time."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a webhook is to be. None: as it is, or as is usual."""

    url: str | None = None
    description: str | None = None
    types: Sequence[str] | None = None
    programs: Sequence[ProgramId] | None = None
    all_programs: bool = False
    """Whether it gets the events of all programs. It goes before `programs`."""
    role: KeyRole | None = None


@dataclass(frozen=True, slots=True)
class WebhookWithSecret:
    webhook: WebhookRow
    secret: str
    """Signs every delivery. It is shown this once."""
    previous_until: datetime | None = None
    """Until when the secret before signs as well."""


@dataclass(frozen=True, slots=True)
class ShownWebhook:
    """A webhook, and what was done about it lately."""

    webhook: WebhookRow
    changes: Sequence[WebhookChange]


_USUAL = Subscription(url="", description="", types=(), programs=None, role=KeyRole.OBSERVER)


class Webhooks:
    """For one caller: they manage the webhooks that get nothing but events of their programs, and see no others."""

    def __init__(
        self,
        pool: Pool,
        client: JourneyClient,
        caller: Caller,
        *,
        allowed: Allowed | None = None,
        task_queue: str = WEBHOOK_TASK_QUEUE,
    ) -> None:
        """`client`: whose connection to Temporal is used. `allowed`: the networks beyond the internet that webhooks may
        lead to."""
        self._pool, self._client, self._caller = pool, client, caller
        self._allowed = allowed or Allowed()
        self._task_queue = task_queue

    async def listed(self) -> list[WebhookRow]:
        return [one for one in await store.listed(self._pool) if self._sees(one)]

    async def get(self, webhook: str) -> WebhookRow:
        """Raises NoSuchWebhook, as every method here that is given an id."""
        row = await store.get(self._pool, webhook)
        if row is None or not self._sees(row):
            raise NoSuchWebhook(webhook)
        return row

    async def shown(self, webhook: str) -> ShownWebhook:
        return ShownWebhook(await self.get(webhook), await store.changes(self._pool, webhook, _CHANGES_SHOWN))

    async def add(
        self, wish: Wish, webhook: str | None = None, *, position: int | None = None, otherwise: str | None = None
    ) -> WebhookWithSecret:
        """`webhook`: its id; without it, one is made up, or `otherwise` is taken: one that belongs to this request
        alone. Where that is there, the answer of an earlier attempt was lost: it gets another secret. `position`: of
        the first event. None: the next that happens.

        Raises Rejected, NoSuchProgram.
        """
        chosen = webhook or otherwise or f"wh-{token_hex(5)}"
        if not _ID.fullmatch(chosen):
            raise _invalid("id", "use at most 40 small letters, digits and hyphens")
        wanted = await self._wanted(wish, _USUAL)
        if position is not None:
            await self._require_position(position)
        secret = signing.new_secret()
        after = None if position is None else position - 1
        if not await store.add(self._pool, chosen, wanted, secret=secret, position=after, actor=self._caller.actor):
            if webhook is None and otherwise and await store.get(self._pool, otherwise):
                return await self.rotate(otherwise, timedelta(0))
            raise await self._not_added(chosen)
        await self._wake(chosen)
        return WebhookWithSecret(await self.get(chosen), secret)

    async def change(self, webhook: str, wish: Wish) -> WebhookRow:
        """What waits is delivered in the new form. Raises Rejected, NoSuchProgram."""
        row = await self.get(webhook)
        now = Subscription(row.url, row.description, row.types, row.programs, row.role)
        await store.change(self._pool, webhook, await self._wanted(wish, now), self._caller.actor)
        await self._wake(webhook)
        return await self.get(webhook)

    async def rotate(self, webhook: str, overlap: timedelta) -> WebhookWithSecret:
        """For so long the secret before signs as well. Raises Rejected."""
        await self.get(webhook)
        if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
            raise _invalid("overlap", f"both secrets can sign for at most {say_duration(LONGEST_OVERLAP)}")
        secret = signing.new_secret()
        until = await store.rotate(self._pool, webhook, secret, overlap, self._caller.actor)
        if until is None:
            raise NoSuchWebhook(webhook)
        return WebhookWithSecret(await self.get(webhook), secret, until)

    async def disable(self, webhook: str, because: str) -> WebhookRow:
        """Nothing is sent until it is enabled, and nothing is lost."""
        await self.get(webhook)
        await store.disable(self._pool, webhook, because, self._caller.actor)
        return await self.get(webhook)

    async def enable(self, webhook: str, *, skip: bool = False) -> WebhookRow:
        """It goes on where it was. `skip`: with the next event instead."""
        await self.get(webhook)
        await store.enable(self._pool, webhook, skip=skip, actor=self._caller.actor)
        await self._wake(webhook)
        return await self.get(webhook)

    async def replay(self, webhook: str, position: int) -> WebhookRow:
        """Delivers everything from this position on again, also what was given up. Raises Rejected."""
        row = await self.get(webhook)
        if not 1 <= position <= row.position:
            raise Rejected(
                Code.REPLAY_OUT_OF_RANGE,
                f"the webhook has come to position {row.position}, so there is nothing to replay from {position} on",
                {"latest": row.position},
            )
        await store.replay(self._pool, webhook, position, self._caller.actor)
        await self._wake(webhook)
        return await self.get(webhook)

    async def remove(self, webhook: str) -> None:
        await self.get(webhook)
        await store.remove(self._pool, webhook, self._caller.actor)

    async def deliveries(
        self, webhook: str, *, before: int | None = None, state: DeliveryState | None = None, limit: int = 100
    ) -> list[WebhookDelivery]:
        """Its delivery log, the latest positions first."""
        await self.get(webhook)
        return await store.deliveries(self._pool, webhook, before, state, limit)

    async def test(self, webhook: str) -> WebhookTestResult:
        """Sends a test event, once, from where events are delivered, whether or not the webhook is enabled.

        Raises NobodyDelivers, and RPCError when Temporal is away.
        """
        await self.get(webhook)
        event = str(uuid4())
        try:
            made: WebhookTestResult = await self._client.temporal.execute_workflow(
                WEBHOOK_TEST,
                SendTestEvent(webhook=webhook, event=event),
                id=f"webhook-test-{event}",
                task_queue=self._task_queue,
                result_type=WebhookTestResult,
                execution_timeout=_TEST_PATIENCE,
                static_summary=f"test event to {webhook}",
            )
        except WorkflowFailureError:
            raise NobodyDelivers(
                "no process has sent the test event in time; is a worker with the role `webhooks` running?"
            ) from None
        return made

    def _sees(self, row: WebhookRow) -> bool:
        if self._caller.programs is None:
            return True
        return row.programs is not None and self._caller.programs.issuperset(row.programs)

    async def _wanted(self, wish: Wish, now: Subscription) -> Subscription:
        """Raises Rejected, NoSuchProgram."""
        changed = replace(
            now,
            url=self._url(wish.url if wish.url is not None else now.url),
            description=_short(wish.description if wish.description is not None else now.description),
            types=sorted(set(wish.types)) if wish.types is not None else now.types,
            programs=await self._programs(wish, now),
            role=wish.role or KeyRole(now.role),
        )
        if len(changed.types) > _MOST_TYPES:
            raise _invalid("types", f"name at most {_MOST_TYPES} types; `journey.*` stands for all of a category")
        types_named(changed.types)
        if changed.role not in _ROLES:
            raise _invalid("role", f"write one of {', '.join(_ROLES)}")
        return changed

    def _url(self, text: str) -> str:
        try:
            self._allowed.check_literal(HookUrl.of(text))
        except ValueError as error:
            raise _invalid("url", str(error)) from None
        except NotAllowed as error:
            raise Rejected(Code.WEBHOOK_ADDRESS_NOT_ALLOWED, f"url: {error}") from None
        return text

    async def _programs(self, wish: Wish, now: Subscription) -> Sequence[ProgramId] | None:
        if wish.all_programs or (wish.programs is None and now.programs is None):
            mine = self._caller.programs
            return None if mine is None else sorted(mine)
        chosen = sorted(set(wish.programs if wish.programs is not None else now.programs or ()))
        if not chosen or len(chosen) > _MOST_PROGRAMS:
            raise _invalid("programs", f"name 1 to {_MOST_PROGRAMS} programs, or leave it out for all")
        for program in chosen:
            if not self._caller.may_use(program):
                raise NoSuchProgram(f"there is no program {program!r}")
            await newest_published(self._pool, program)
        return chosen

    async def _require_position(self, position: int) -> None:
        head = await EventLog(self._pool).head()
        if not 1 <= position <= head + 1:
            raise Rejected(
                Code.REPLAY_OUT_OF_RANGE,
                f"the log has positions up to {head}, so the first event cannot be at {position}",
                {"latest": head + 1},
            )

    async def _not_added(self, webhook: str) -> Rejected:
        if await store.is_used(self._pool, webhook):
            return Rejected(Code.WEBHOOK_ID_USED, f"there is or was a webhook {webhook}; choose another id")
        return Rejected(
            Code.TOO_MANY_WEBHOOKS,
            f"there are {MOST_WEBHOOKS} webhooks already; remove one that nobody needs",
            {"most": MOST_WEBHOOKS},
        )

    async def _wake(self, webhook: str) -> None:
        """So that it happens at once. Without Temporal it happens when that is back: see webhook_dispatch."""
        try:
            await wake(self._client.temporal, webhook, self._task_queue)
        except RPCError as error:
            log.warning("webhook_not_woken", webhook=webhook, because=repr(error))


def _short(text: str) -> str:
    if len(text) > _LONGEST_DESCRIPTION or "\x00" in text:
        raise _invalid("description", f"write at most {_LONGEST_DESCRIPTION} characters")
    return text


def _invalid(field: str, why: str) -> Rejected:
    return Rejected(Code.WEBHOOK_INVALID, f"{field}: {why}", {"fields": [field]})
