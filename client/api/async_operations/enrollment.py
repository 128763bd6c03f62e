"""The operations of `enrollment`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Literal

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, body, path, query, raw_body
from client.api.model import UNSET, Unset


class AsyncEnrollmentOperations(AsyncConnection):
    async def get_enrollment(self, program: str) -> models.EnrollmentStanding:
        """Whether enrollment is open, and how many places are taken."""
        return await self._call(
            Call("GET", path("/v1/programs/{program}/enrollment", program=program)), models.EnrollmentStanding
        )

    async def get_enrollment_roll(self, program: str) -> models.EnrollmentRoll:
        """The ids of everybody who has a place, waits for one, or has been through the program."""
        return await self._call(
            Call("GET", path("/v1/programs/{program}/enrollment/roll", program=program)), models.EnrollmentRoll
        )

    async def list_waiting(
        self, program: str, *, after: int | None = None, limit: int | None = None
    ) -> models.WaitingList:
        """The learners who wait for a place, the first in line first.

        - `after`: The `next` of the previous page.
        """
        return await self._call(
            Call(
                "GET",
                path("/v1/programs/{program}/enrollment/waiting", program=program),
                query=query(after=after, limit=limit),
            ),
            models.WaitingList,
        )

    def iterate_waiting(self, program: str, *, limit: int | None = None) -> AsyncIterator[models.WaitingLearner]:
        """The items of all pages of `list_waiting`, read one page at a time."""
        return self._items(
            lambda after: self.list_waiting(program, limit=limit, after=after), lambda page: (page.waiting, page.next)
        )

    async def open_enrollment(
        self,
        program: str,
        *,
        by: str | None | Unset = UNSET,
        places: int | None | Unset = UNSET,
        override: str | None = None,
    ) -> models.EnrollmentChanged:
        """Take learners in. If the number of places grows, those who have waited longest get the new ones.

        Where the kit has rules of growth, more places than it allows without asking are refused until they hold
        (`not_ready_to_grow`), unless `override` gives the reason to open enrollment all the same.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/enrollment/open", program=program),
                **body({"by": by, "places": places, "override": UNSET if override is None else override}),
            ),
            models.EnrollmentChanged,
        )

    async def close_enrollment(
        self, program: str, *, by: str | None | Unset = UNSET, reason: str | None = None
    ) -> models.EnrollmentChanged:
        """Take nobody in from now on. The waiting list is kept."""
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/enrollment/close", program=program),
                **body({"by": by, "reason": UNSET if reason is None else reason}),
            ),
            models.EnrollmentChanged,
        )

    async def remove_learner(
        self, program: str, learner: str, *, by: str | None | Unset = UNSET, reason: str | None = None
    ) -> models.EnrollmentChanged:
        """Free a learner's place, or take them off the waiting list. This does not end their journey.

        A place that becomes free goes to the learner who has waited longest.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/enrollment/learners/{learner}/remove", program=program, learner=learner),
                **body({"by": by, "reason": UNSET if reason is None else reason}),
            ),
            models.EnrollmentChanged,
        )

    async def enroll_learners(
        self,
        program: str,
        *,
        learners: Sequence[models.Newcomer],
        by: str | None | Unset = UNSET,
        again: bool | None = None,
        dry_run: bool | None = None,
    ) -> models.EnrollmentResult:
        """Enroll learners, in this order, and start their journeys. Who finds no place is put on the waiting list.

        More than 50 journeys start as a bulk action, which goes on after the answer: follow it at `/v1/bulk/{id}`.

        Learners who are enrolled already are left alone, so it can be sent again.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/enrollment/learners", program=program),
                **body(
                    {
                        "by": by,
                        "learners": learners,
                        "again": UNSET if again is None else again,
                        "dry_run": UNSET if dry_run is None else dry_run,
                    }
                ),
            ),
            models.EnrollmentResult,
        )

    async def enroll_from_table(
        self,
        program: str,
        content: str | bytes | Iterable[bytes],
        *,
        dry_run: bool | None = None,
        again: bool | None = None,
        by: str | None = None,
        content_type: Literal["text/csv", "application/x-ndjson"] = "text/csv",
    ) -> models.EnrollmentResult:
        """Enroll everybody in a table, in its order, and start their journeys. docs/people.md lists its columns.

        A table with an error changes nothing; every error is named with its line. It can be sent again. More than
        50 journeys start as a bulk action, which goes on after the answer: follow it at `/v1/bulk/{id}`.

        - `by`: Who does this, such as ops:ana. Default: whoever the key is for.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/enrollment/import", program=program),
                query=query(dry_run=dry_run, again=again, by=by),
                **raw_body(content, content_type),
            ),
            models.EnrollmentResult,
        )
