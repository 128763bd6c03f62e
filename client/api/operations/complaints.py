"""The operations of `complaints`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, body, path, query
from client.api.model import UNSET, Unset


class ComplaintsOperations(Connection):
    def list_complaints(
        self,
        program: str,
        *,
        standing: Literal["new", "taken_up", "answered"] | None = None,
        since: date | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> models.ComplaintPage:
        """Low answers with words beside them, the latest first, with what was done about each. Personal data.

        - `since`: The first day, UTC. Default: 26 weeks ago.
        - `after`: The `next` of the previous page.
        """
        return self._call(
            Call(
                "GET",
                path("/v1/programs/{program}/complaints", program=program),
                query=query(standing=standing, since=since, after=after, limit=limit),
            ),
            models.ComplaintPage,
        )

    def iterate_complaints(
        self,
        program: str,
        *,
        standing: Literal["new", "taken_up", "answered"] | None = None,
        since: date | None = None,
        limit: int | None = None,
    ) -> Iterator[models.Complaint]:
        """The items of all pages of `list_complaints`, read one page at a time."""
        return self._items(
            lambda after: self.list_complaints(program, standing=standing, since=since, limit=limit, after=after),
            lambda page: (page.rows, page.next),
        )

    def take_up_complaint(self, program: str, request: str, *, by: str | None | Unset = UNSET) -> models.Dealt:
        """Deal with a complaint: as a case of the journey, if its kit has an escalation for the flag `feedback`.

        - `request`: the id of the survey's request
        """
        return self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/complaints/{request}/take-up", program=program, request=request),
                **body({"by": by}),
            ),
            models.Dealt,
        )

    def answer_complaint(
        self, program: str, request: str, *, answer: str, by: str | None | Unset = UNSET
    ) -> models.Dealt:
        """Answer whoever complained. It is sent where their journey is open, and recorded in any case.

        - `request`: the id of the survey's request
        """
        return self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/complaints/{request}/answer", program=program, request=request),
                **body({"by": by, "answer": answer}),
            ),
            models.Dealt,
        )
