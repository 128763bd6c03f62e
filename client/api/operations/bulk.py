"""The operations of `bulk`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, body, headers, path, query, raw_body
from client.api.model import UNSET, Unset


class BulkOperations(Connection):
    def list_bulk_actions(
        self,
        *,
        status: Literal["planned", "running", "paused", "stopped", "finished"] | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> models.BulkPage:
        """List bulk actions, the latest first. Plans that can no longer be confirmed are listed for their status.

        - `after`: The `next` of the previous page.
        """
        return self._call(
            Call("GET", "/v1/bulk", query=query(status=status, after=after, limit=limit)), models.BulkPage
        )

    def iterate_bulk_actions(
        self,
        *,
        status: Literal["planned", "running", "paused", "stopped", "finished"] | None = None,
        limit: int | None = None,
    ) -> Iterator[models.BulkRow]:
        """The items of all pages of `list_bulk_actions`, read one page at a time."""
        return self._items(
            lambda after: self.list_bulk_actions(status=status, limit=limit, after=after),
            lambda page: (page.rows, page.next),
        )

    def plan_bulk_action(
        self,
        *,
        action: models.SendToAll | models.WriteToAll | models.ReassignAll | models.MoveAllToKit,
        filter: models.BulkFilter,
        by: str | None | Unset = UNSET,
        rate: float | None = None,
    ) -> models.BulkPlan:
        """Select journeys, freeze their list, and tell what would come of it.

        Nothing is done until the plan is confirmed, within a day. A filter that leaves out nothing is refused.
        """
        return self._call(
            Call(
                "POST",
                "/v1/bulk",
                **body({"by": by, "action": action, "filter": filter, "rate": UNSET if rate is None else rate}),
            ),
            models.BulkPlan,
        )

    def confirm_bulk_order(
        self,
        *,
        action: models.SendToAll | models.WriteToAll | models.ReassignAll | models.MoveAllToKit,
        filter: models.BulkFilter,
        digest: str,
        by: str | None | Unset = UNSET,
        rate: float | None = None,
    ) -> models.BulkShown:
        """Carry out the plan with this digest, for scripts that state the whole order again.

        It is refused if the plan is for something else. Sent again, nothing more happens.
        """
        return self._call(
            Call(
                "POST",
                "/v1/bulk/confirmed",
                **body(
                    {
                        "by": by,
                        "action": action,
                        "filter": filter,
                        "rate": UNSET if rate is None else rate,
                        "digest": digest,
                    }
                ),
            ),
            models.BulkShown,
        )

    def get_bulk_action(self, bulk: str) -> models.BulkShown:
        """How far it has come: outcomes, what is left, and why journeys refused."""
        return self._call(Call("GET", path("/v1/bulk/{bulk}", bulk=bulk)), models.BulkShown)

    def list_bulk_journeys(
        self,
        bulk: str,
        *,
        outcome: Literal["done", "unchanged", "refused", "unanswered"] | Literal["left"] | None = None,
        after: int | None = None,
        limit: int | None = None,
    ) -> models.BulkJourneys:
        """The journeys of the frozen list, in its order, with what came of each.

        - `after`: The `next` of the previous page.
        """
        return self._call(
            Call(
                "GET",
                path("/v1/bulk/{bulk}/journeys", bulk=bulk),
                query=query(outcome=outcome, after=after, limit=limit),
            ),
            models.BulkJourneys,
        )

    def iterate_bulk_journeys(
        self,
        bulk: str,
        *,
        outcome: Literal["done", "unchanged", "refused", "unanswered"] | Literal["left"] | None = None,
        limit: int | None = None,
    ) -> Iterator[models.ItemRow]:
        """The items of all pages of `list_bulk_journeys`, read one page at a time."""
        return self._items(
            lambda after: self.list_bulk_journeys(bulk, outcome=outcome, limit=limit, after=after),
            lambda page: (page.journeys, page.next),
        )

    def begin_bulk_action(
        self,
        bulk: str,
        *,
        by: str | None | Unset = UNSET,
        journeys: int | None | Unset = UNSET,
        digest: str | None | Unset = UNSET,
    ) -> models.BulkShown:
        """Carry out a plan, for the journeys that it has. Their number or the digest of the plan confirms it."""
        return self._call(
            Call(
                "POST",
                path("/v1/bulk/{bulk}/begin", bulk=bulk),
                **body({"by": by, "journeys": journeys, "digest": digest}),
            ),
            models.BulkShown,
        )

    def pause_bulk_action(
        self, bulk: str, *, by: str | None | Unset = UNSET, reason: str | None = None
    ) -> models.BulkShown:
        """Within some seconds no further journey is touched."""
        return self._call(
            Call(
                "POST",
                path("/v1/bulk/{bulk}/pause", bulk=bulk),
                **body({"by": by, "reason": UNSET if reason is None else reason}),
            ),
            models.BulkShown,
        )

    def resume_bulk_action(
        self, bulk: str, *, by: str | None | Unset = UNSET, rate: float | None | Unset = UNSET
    ) -> models.BulkShown:
        """Go on with the journeys that are left, or change the rate."""
        return self._call(
            Call("POST", path("/v1/bulk/{bulk}/resume", bulk=bulk), **body({"by": by, "rate": rate})), models.BulkShown
        )

    def stop_bulk_action(
        self, bulk: str, *, by: str | None | Unset = UNSET, reason: str | None = None
    ) -> models.BulkShown:
        """The journeys that are left stay as they are, for good. A plan that was not begun is given up."""
        return self._call(
            Call(
                "POST",
                path("/v1/bulk/{bulk}/stop", bulk=bulk),
                **body({"by": by, "reason": UNSET if reason is None else reason}),
            ),
            models.BulkShown,
        )

    def start_journeys(
        self,
        content: str | bytes | Iterable[bytes],
        *,
        program: str,
        send_answers: bool | None = None,
        again: bool | None = None,
        past_places: bool | None = None,
        rate: float | None = None,
        by: str | None = None,
        idempotency_key: str | None = None,
        content_type: Literal["text/csv", "application/x-ndjson"] = "text/csv",
    ) -> models.BulkShown:
        """Start the journeys of everybody in a table. All get a place now or none; a bulk action then begins their
        journeys. Follow it at `/v1/bulk/{id}`.

        Journeys that have started are left alone. A table with an error changes nothing.
        """
        return self._call(
            Call(
                "POST",
                "/v1/journeys/bulk",
                query=query(
                    program=program, send_answers=send_answers, again=again, past_places=past_places, rate=rate, by=by
                ),
                **raw_body(content, content_type, headers(idempotency_key=idempotency_key, keyed=True)),
            ),
            models.BulkShown,
        )

    def plan_start_of_journeys(
        self,
        content: str | bytes | Iterable[bytes],
        *,
        program: str,
        send_answers: bool | None = None,
        again: bool | None = None,
        past_places: bool | None = None,
        rate: float | None = None,
        by: str | None = None,
        content_type: Literal["text/csv", "application/x-ndjson"] = "text/csv",
    ) -> models.BulkPlan:
        """What `POST /v1/journeys/bulk` would do with this table. Nothing is stored."""
        return self._call(
            Call(
                "POST",
                "/v1/journeys/bulk/plan",
                query=query(
                    program=program, send_answers=send_answers, again=again, past_places=past_places, rate=rate, by=by
                ),
                **raw_body(content, content_type),
            ),
            models.BulkPlan,
        )
