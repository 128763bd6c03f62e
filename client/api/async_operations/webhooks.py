"""The operations of `webhooks`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Literal

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, body, headers, path, query
from client.api.model import UNSET, Unset


class AsyncWebhooksOperations(AsyncConnection):
    async def list_webhooks(self) -> list[models.WebhookRow]:
        """All webhooks that get nothing but events of your programs, oldest first."""
        return await self._call(Call("GET", "/v1/webhooks"), list[models.WebhookRow])

    async def add_webhook(
        self,
        *,
        url: str,
        id: str | None | Unset = UNSET,
        description: str | None = None,
        types: Sequence[str] | None = None,
        programs: Sequence[str] | None | Unset = UNSET,
        role: Literal["ops", "integration", "observer"] | None = None,
        position: int | None | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> models.WebhookWithSecret:
        """Adds a webhook. Its secret is in this response and never shown again, but to the same request with the same
        Idempotency-Key.
        """
        return await self._call(
            Call(
                "POST",
                "/v1/webhooks",
                **body(
                    {
                        "url": url,
                        "id": id,
                        "description": UNSET if description is None else description,
                        "types": UNSET if types is None else types,
                        "programs": programs,
                        "role": UNSET if role is None else role,
                        "position": position,
                    },
                    headers(idempotency_key=idempotency_key, keyed=True),
                ),
            ),
            models.WebhookWithSecret,
        )

    async def get_webhook(self, webhook: str) -> models.ShownWebhook:
        """A webhook, how its deliveries go, and what was done about it lately."""
        return await self._call(Call("GET", path("/v1/webhooks/{webhook}", webhook=webhook)), models.ShownWebhook)

    async def change_webhook(
        self,
        webhook: str,
        *,
        url: str | None | Unset = UNSET,
        description: str | None | Unset = UNSET,
        types: Sequence[str] | None | Unset = UNSET,
        programs: Sequence[str] | None | Unset = UNSET,
        all_programs: bool | None = None,
        role: Literal["ops", "integration", "observer"] | None | Unset = UNSET,
    ) -> models.WebhookRow:
        """Changes where events are sent to, or which. It applies to the next attempt."""
        return await self._call(
            Call(
                "PATCH",
                path("/v1/webhooks/{webhook}", webhook=webhook),
                **body(
                    {
                        "url": url,
                        "description": description,
                        "types": types,
                        "programs": programs,
                        "all_programs": UNSET if all_programs is None else all_programs,
                        "role": role,
                    }
                ),
            ),
            models.WebhookRow,
        )

    async def remove_webhook(self, webhook: str) -> None:
        """Removes a webhook and its delivery log."""
        await self.send(Call("DELETE", path("/v1/webhooks/{webhook}", webhook=webhook)))

    async def rotate_webhook_secret(
        self, webhook: str, *, overlap_hours: int | None = None
    ) -> models.WebhookWithSecret:
        """Replaces the secret. Both sign for a while, so that the receiver can be changed meanwhile."""
        return await self._call(
            Call(
                "POST",
                path("/v1/webhooks/{webhook}/rotate", webhook=webhook),
                **body({"overlap_hours": UNSET if overlap_hours is None else overlap_hours}),
            ),
            models.WebhookWithSecret,
        )

    async def disable_webhook(self, webhook: str, *, reason: str) -> models.WebhookRow:
        """Sends nothing more until it is enabled. Nothing is lost."""
        return await self._call(
            Call("POST", path("/v1/webhooks/{webhook}/disable", webhook=webhook), **body({"reason": reason})),
            models.WebhookRow,
        )

    async def enable_webhook(self, webhook: str, *, skip: bool | None = None) -> models.WebhookRow:
        """Goes on where it was, at once."""
        return await self._call(
            Call(
                "POST",
                path("/v1/webhooks/{webhook}/enable", webhook=webhook),
                **body({"skip": UNSET if skip is None else skip}),
            ),
            models.WebhookRow,
        )

    async def replay_webhook(self, webhook: str, *, position: int) -> models.WebhookRow:
        """Sends everything from a position of the log on again, with the same ids."""
        return await self._call(
            Call("POST", path("/v1/webhooks/{webhook}/replay", webhook=webhook), **body({"position": position})),
            models.WebhookRow,
        )

    async def test_webhook(self, webhook: str) -> models.WebhookTestResult:
        """Sends one test event and answers with what came of it."""
        return await self._call(
            Call("POST", path("/v1/webhooks/{webhook}/test", webhook=webhook)), models.WebhookTestResult
        )

    async def list_webhook_deliveries(
        self,
        webhook: str,
        *,
        state: Literal["waiting", "delivered", "given_up", "skipped"] | None = None,
        after: int | None = None,
        limit: int | None = None,
    ) -> models.WebhookDeliveryPage:
        """The delivery log: one entry for each event, the latest position first.

        - `after`: `next` of the page before
        """
        return await self._call(
            Call(
                "GET",
                path("/v1/webhooks/{webhook}/deliveries", webhook=webhook),
                query=query(state=state, after=after, limit=limit),
            ),
            models.WebhookDeliveryPage,
        )

    def iterate_webhook_deliveries(
        self,
        webhook: str,
        *,
        state: Literal["waiting", "delivered", "given_up", "skipped"] | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[models.WebhookDelivery]:
        """The items of all pages of `list_webhook_deliveries`, read one page at a time."""
        return self._items(
            lambda after: self.list_webhook_deliveries(webhook, state=state, limit=limit, after=after),
            lambda page: (page.deliveries, page.next),
        )
