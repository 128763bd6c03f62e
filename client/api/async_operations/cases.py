"""The operations of `cases`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Literal

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, body, headers, path, query
from client.api.model import UNSET


class AsyncCasesOperations(AsyncConnection):
    async def list_cases(
        self,
        *,
        program: str | None = None,
        journey: str | None = None,
        learner: str | None = None,
        mentor: str | None = None,
        owner: Literal["learner", "mentor", "ops"] | None = None,
        severity: Literal["notice", "warning", "critical"] | None = None,
        acknowledged: bool | None = None,
        snoozed: bool | None = None,
        overdue: bool | None = None,
        sort: Literal["severity", "due"] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> models.CasePage:
        """List open cases, most severe first: who has each one, and by when they are to answer."""
        return await self._call(
            Call(
                "GET",
                "/v1/cases",
                query=query(
                    program=program,
                    journey=journey,
                    learner=learner,
                    mentor=mentor,
                    owner=owner,
                    severity=severity,
                    acknowledged=acknowledged,
                    snoozed=snoozed,
                    overdue=overdue,
                    sort=sort,
                    limit=limit,
                    after=after,
                ),
            ),
            models.CasePage,
        )

    def iterate_cases(
        self,
        *,
        program: str | None = None,
        journey: str | None = None,
        learner: str | None = None,
        mentor: str | None = None,
        owner: Literal["learner", "mentor", "ops"] | None = None,
        severity: Literal["notice", "warning", "critical"] | None = None,
        acknowledged: bool | None = None,
        snoozed: bool | None = None,
        overdue: bool | None = None,
        sort: Literal["severity", "due"] | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[models.CaseRow]:
        """The items of all pages of `list_cases`, read one page at a time."""
        return self._items(
            lambda after: self.list_cases(
                program=program,
                journey=journey,
                learner=learner,
                mentor=mentor,
                owner=owner,
                severity=severity,
                acknowledged=acknowledged,
                snoozed=snoozed,
                overdue=overdue,
                sort=sort,
                limit=limit,
                after=after,
            ),
            lambda page: (page.rows, page.next),
        )

    async def get_case(self, journey: str, case: str, *, min_version: int | None = None) -> models.CaseRow:
        """An open case. The version of its journey is the ETag.

        - `min_version`: Wait until the view has this version of the journey; 503 after some seconds.
        """
        return await self._call(
            Call(
                "GET",
                path("/v1/cases/{journey}/{case}", journey=journey, case=case),
                query=query(min_version=min_version),
            ),
            models.CaseRow,
        )

    async def acknowledge_case_in_queue(
        self,
        journey: str,
        case: str,
        *,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Say that a case has been seen. The same as the command `acknowledge_case`."""
        return await self._call(
            Call(
                "POST",
                path("/v1/cases/{journey}/{case}/acknowledge", journey=journey, case=case),
                **body(
                    {"by": UNSET if by is None else by},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    async def snooze_case_in_queue(
        self,
        journey: str,
        case: str,
        *,
        until: datetime,
        reason: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Let a case rest until a moment, for a reason. The same as the command `snooze_case`."""
        return await self._call(
            Call(
                "POST",
                path("/v1/cases/{journey}/{case}/snooze", journey=journey, case=case),
                **body(
                    {"by": UNSET if by is None else by, "until": until, "reason": reason},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    async def reassign_case_in_queue(
        self,
        journey: str,
        case: str,
        *,
        owner: Literal["mentor", "ops"],
        reason: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Give a case to another owner. The same as the command `reassign_case`."""
        return await self._call(
            Call(
                "POST",
                path("/v1/cases/{journey}/{case}/reassign", journey=journey, case=case),
                **body(
                    {"by": UNSET if by is None else by, "owner": owner, "reason": reason},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )

    async def resolve_case_in_queue(
        self,
        journey: str,
        case: str,
        *,
        resolution: str,
        by: str | None = None,
        idempotency_key: str | None = None,
        if_match: int | str | None = None,
    ) -> models.CommandResult:
        """Say how an escalation case was dealt with. The same as the command `resolve_case`."""
        return await self._call(
            Call(
                "POST",
                path("/v1/cases/{journey}/{case}/resolve", journey=journey, case=case),
                **body(
                    {"by": UNSET if by is None else by, "resolution": resolution},
                    headers(idempotency_key=idempotency_key, if_match=if_match, keyed=True),
                ),
            ),
            models.CommandResult,
        )
