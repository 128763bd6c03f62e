"""The operations of `cohorts`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, body, path, query
from client.api.model import UNSET, Unset


class AsyncCohortsOperations(AsyncConnection):
    async def list_cohorts(
        self,
        *,
        program: str | None = None,
        mentor: str | None = None,
        closed: bool | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> list[models.CohortRow]:
        """The groups of a program, or those that a mentor leads; closed ones only if asked for.

        - `after`: The last group of the previous page.
        """
        return await self._call(
            Call(
                "GET",
                "/v1/cohorts",
                query=query(program=program, mentor=mentor, closed=closed, after=after, limit=limit),
            ),
            list[models.CohortRow],
        )

    def iterate_cohorts(
        self,
        *,
        program: str | None = None,
        mentor: str | None = None,
        closed: bool | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[models.CohortRow]:
        """The items of all pages of `list_cohorts`, read one page at a time."""
        return self._items(
            lambda after: self.list_cohorts(program=program, mentor=mentor, closed=closed, limit=limit, after=after),
            lambda found: (found, found[-1].cohort if found else None),
        )

    async def get_cohort(self, cohort: str) -> models.Roster:
        """The roster of a group: its sessions, its members, and who came. Personal data."""
        return await self._call(Call("GET", path("/v1/cohorts/{cohort}", cohort=cohort)), models.Roster)

    async def form_cohorts(
        self,
        program: str,
        *,
        by: str | None | Unset = UNSET,
        pathway: str | None | Unset = UNSET,
        not_before: datetime | None | Unset = UNSET,
        dry_run: bool | None = None,
    ) -> models.GroupsFormed:
        """Form groups of the learners who are in none, by need, pace, and common hours; or show them by a dry run.

        Says who could not be placed, and why.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/cohorts", program=program),
                **body(
                    {
                        "by": by,
                        "pathway": pathway,
                        "not_before": not_before,
                        "dry_run": UNSET if dry_run is None else dry_run,
                    }
                ),
            ),
            models.GroupsFormed,
        )

    async def add_members(
        self, cohort: str, *, learners: Sequence[str], wait: float | None = None, by: str | None | Unset = UNSET
    ) -> models.Told:
        """Add learners to a group. Sessions that have begun are not asked of them.

        - `wait`: Wait so many seconds for the journeys of the members to know it.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/cohorts/{cohort}/members", cohort=cohort),
                query=query(wait=wait),
                **body({"by": by, "learners": learners}),
                wait=wait or 0,
            ),
            models.Told,
        )

    async def remove_member(
        self,
        cohort: str,
        learner: str,
        *,
        wait: float | None = None,
        by: str | None | Unset = UNSET,
        reason: str | None = None,
    ) -> models.Told:
        """Take a learner out of a group. What lies ahead of them keeps its dates, as their own.

        - `wait`: Wait so many seconds for the journeys of the members to know it.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/cohorts/{cohort}/members/{learner}/remove", cohort=cohort, learner=learner),
                query=query(wait=wait),
                **body({"by": by, "reason": UNSET if reason is None else reason}),
                wait=wait or 0,
            ),
            models.Told,
        )

    async def retry_refused(
        self, cohort: str, learner: str, *, wait: float | None = None, by: str | None | Unset = UNSET
    ) -> models.Told:
        """Tell the journey of a member again what it has refused, once the reason is gone.

        - `wait`: Wait so many seconds for the journeys of the members to know it.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/cohorts/{cohort}/members/{learner}/retry", cohort=cohort, learner=learner),
                query=query(wait=wait),
                **body({"by": by}),
                wait=wait or 0,
            ),
            models.Told,
        )

    async def dismiss_refused(
        self,
        cohort: str,
        learner: str,
        *,
        wait: float | None = None,
        by: str | None | Unset = UNSET,
        reason: str | None = None,
    ) -> models.Told:
        """Declare what the journey of a member has refused dealt with, as it was seen to in the journey itself.

        - `wait`: Wait so many seconds for the journeys of the members to know it.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/cohorts/{cohort}/members/{learner}/dismiss", cohort=cohort, learner=learner),
                query=query(wait=wait),
                **body({"by": by, "reason": UNSET if reason is None else reason}),
                wait=wait or 0,
            ),
            models.Told,
        )

    async def record_group_attendance(
        self,
        cohort: str,
        *,
        session: str,
        wait: float | None = None,
        by: str | None | Unset = UNSET,
        reason: str | None = None,
        corrects: bool | None = None,
        attendance: Literal[
            "attended", "late", "missed_by_learner", "missed_by_mentor", "cancelled_in_time", "cancelled_late"
        ]
        | None = None,
        notes: str | None = None,
        exceptions: Sequence[models.CameOtherwise] | None = None,
    ) -> models.Told:
        """Record how a session went, once for all members; `exceptions` are those for whom it went otherwise.

        - `wait`: Wait so many seconds for the journeys of the members to know it.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/cohorts/{cohort}/attendance", cohort=cohort),
                query=query(wait=wait),
                **body(
                    {
                        "by": by,
                        "reason": UNSET if reason is None else reason,
                        "corrects": UNSET if corrects is None else corrects,
                        "session": session,
                        "attendance": UNSET if attendance is None else attendance,
                        "notes": UNSET if notes is None else notes,
                        "exceptions": UNSET if exceptions is None else exceptions,
                    }
                ),
                wait=wait or 0,
            ),
            models.Told,
        )

    async def record_group_notes(
        self,
        cohort: str,
        *,
        session: str,
        answers: Mapping[str, str | float | Sequence[str]],
        wait: float | None = None,
        by: str | None | Unset = UNSET,
        reason: str | None = None,
        corrects: bool | None = None,
    ) -> models.Told:
        """Write the notes of a session, in the form that the kit gives, for all who came.

        - `wait`: Wait so many seconds for the journeys of the members to know it.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/cohorts/{cohort}/notes", cohort=cohort),
                query=query(wait=wait),
                **body(
                    {
                        "by": by,
                        "reason": UNSET if reason is None else reason,
                        "corrects": UNSET if corrects is None else corrects,
                        "session": session,
                        "answers": answers,
                    }
                ),
                wait=wait or 0,
            ),
            models.Told,
        )

    async def send_group_follow_up(
        self,
        cohort: str,
        *,
        session: str,
        summary: str,
        next_steps: Sequence[models.NextStepInput],
        wait: float | None = None,
        by: str | None | Unset = UNSET,
        reason: str | None = None,
        corrects: bool | None = None,
        exceptions: Sequence[models.FollowUpOfOne] | None = None,
    ) -> models.Told:
        """Send the follow-up of a session to all who came; `exceptions` get their own.

        - `wait`: Wait so many seconds for the journeys of the members to know it.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/cohorts/{cohort}/follow-up", cohort=cohort),
                query=query(wait=wait),
                **body(
                    {
                        "by": by,
                        "reason": UNSET if reason is None else reason,
                        "corrects": UNSET if corrects is None else corrects,
                        "session": session,
                        "summary": summary,
                        "next_steps": next_steps,
                        "exceptions": UNSET if exceptions is None else exceptions,
                    }
                ),
                wait=wait or 0,
            ),
            models.Told,
        )

    async def move_group_session(
        self,
        cohort: str,
        *,
        session: str,
        starts_at: datetime,
        wait: float | None = None,
        by: str | None | Unset = UNSET,
    ) -> models.Told:
        """Move a session for all members.

        - `wait`: Wait so many seconds for the journeys of the members to know it.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/cohorts/{cohort}/move", cohort=cohort),
                query=query(wait=wait),
                **body({"by": by, "session": session, "starts_at": starts_at}),
                wait=wait or 0,
            ),
            models.Told,
        )

    async def replace_group_mentor(
        self,
        cohort: str,
        *,
        mentor: str,
        replacement: str,
        wait: float | None = None,
        by: str | None | Unset = UNSET,
        reason: str | None = None,
    ) -> models.Told:
        """Replace a mentor of a group. No date moves.

        - `wait`: Wait so many seconds for the journeys of the members to know it.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/cohorts/{cohort}/mentor", cohort=cohort),
                query=query(wait=wait),
                **body(
                    {
                        "by": by,
                        "reason": UNSET if reason is None else reason,
                        "mentor": mentor,
                        "replacement": replacement,
                    }
                ),
                wait=wait or 0,
            ),
            models.Told,
        )

    async def close_cohort(
        self, cohort: str, *, wait: float | None = None, by: str | None | Unset = UNSET, reason: str | None = None
    ) -> models.Told:
        """Close a group. Members who have sessions ahead keep them, as their own.

        - `wait`: Wait so many seconds for the journeys of the members to know it.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/cohorts/{cohort}/close", cohort=cohort),
                query=query(wait=wait),
                **body({"by": by, "reason": UNSET if reason is None else reason}),
                wait=wait or 0,
            ),
            models.Told,
        )
