"""The operations of `mentors`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from typing import Literal

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, body, path, query, raw_body
from client.api.model import UNSET, Unset


class AsyncMentorsOperations(AsyncConnection):
    async def list_mentors(
        self, program: str, *, after: str | None = None, limit: int | None = None
    ) -> list[models.Mentor]:
        """The mentors whom a program may use, with their profiles, by id. Personal data.

        - `after`: The last mentor of the previous page.
        """
        return await self._call(
            Call("GET", path("/v1/programs/{program}/mentors", program=program), query=query(after=after, limit=limit)),
            list[models.Mentor],
        )

    def iterate_mentors(self, program: str, *, limit: int | None = None) -> AsyncIterator[models.Mentor]:
        """The items of all pages of `list_mentors`, read one page at a time."""
        return self._items(
            lambda after: self.list_mentors(program, limit=limit, after=after),
            lambda found: (found, found[-1].mentor if found else None),
        )

    async def add_mentor(
        self,
        program: str,
        *,
        id: str,
        name: str,
        by: str | None | Unset = UNSET,
        mentor_type: str | None | Unset = UNSET,
        places: int | None | Unset = UNSET,
        minutes_a_week: int | None | Unset = UNSET,
        expertise: Sequence[str] | None = None,
        ideal_learner: Sequence[str] | None = None,
        pace: Sequence[str] | None = None,
        session_style: Sequence[str] | None = None,
        learning_style: Sequence[str] | None = None,
        channel: Sequence[str] | None = None,
        format: Sequence[str] | None = None,
        outcomes: Sequence[str] | None = None,
        supports_from: int | None | Unset = UNSET,
        skills: Sequence[str] | None = None,
        languages: Sequence[str] | None = None,
        affiliation: Sequence[str] | None = None,
        time_zone: str | None | Unset = UNSET,
        availability: Sequence[models.Window] | None = None,
        wishes: Sequence[str] | None = None,
        never: Sequence[str] | None = None,
        onboarded_on: date | None | Unset = UNSET,
        checks: Sequence[models.Check] | None = None,
        email: str | None | Unset = UNSET,
    ) -> models.MentorAdded:
        """Add a mentor to a program, or change what is known about them.

        Once any mentor is known, only known mentors can be matched.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/mentors", program=program),
                **body(
                    {
                        "by": by,
                        "mentor_type": mentor_type,
                        "places": places,
                        "minutes_a_week": minutes_a_week,
                        "expertise": UNSET if expertise is None else expertise,
                        "ideal_learner": UNSET if ideal_learner is None else ideal_learner,
                        "pace": UNSET if pace is None else pace,
                        "session_style": UNSET if session_style is None else session_style,
                        "learning_style": UNSET if learning_style is None else learning_style,
                        "channel": UNSET if channel is None else channel,
                        "format": UNSET if format is None else format,
                        "outcomes": UNSET if outcomes is None else outcomes,
                        "supports_from": supports_from,
                        "skills": UNSET if skills is None else skills,
                        "languages": UNSET if languages is None else languages,
                        "affiliation": UNSET if affiliation is None else affiliation,
                        "time_zone": time_zone,
                        "availability": UNSET if availability is None else availability,
                        "wishes": UNSET if wishes is None else wishes,
                        "never": UNSET if never is None else never,
                        "onboarded_on": onboarded_on,
                        "checks": UNSET if checks is None else checks,
                        "id": id,
                        "name": name,
                        "email": email,
                    }
                ),
            ),
            models.MentorAdded,
        )

    async def import_mentors(
        self,
        program: str,
        content: str | bytes | Iterable[bytes],
        *,
        dry_run: bool | None = None,
        shown: int | None = None,
        by: str | None = None,
        content_type: Literal["text/csv", "application/x-ndjson"] = "text/csv",
    ) -> models.MentorsImported:
        """Add everybody in a table as a mentor, all of them or none. docs/people.md lists its fields.

        What the table does not say stays as it is; the same table again changes nothing.

        - `shown`: how many changes to list
        - `by`: Who does this, such as ops:ana. Default: whoever the key is for.
        """
        return await self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/imports/mentors", program=program),
                query=query(dry_run=dry_run, shown=shown, by=by),
                **raw_body(content, content_type),
            ),
            models.MentorsImported,
        )

    async def list_mentor_load(self, program: str) -> list[models.Load]:
        """How many learners each mentor has now, and had ever, the most first."""
        return await self._call(
            Call("GET", path("/v1/programs/{program}/mentor-load", program=program)), list[models.Load]
        )

    async def join_program(self, program: str, mentor: str, *, by: str | None | Unset = UNSET) -> models.MentorChanged:
        """Let learners of a program be matched with a mentor: from then on those of programs that they joined alone."""
        return await self._call(
            Call(
                "PUT",
                path("/v1/programs/{program}/mentors/{mentor}", program=program, mentor=mentor),
                **body({"by": by}),
            ),
            models.MentorChanged,
        )

    async def leave_program(self, program: str, mentor: str, *, by: str | None = None) -> models.MentorChanged:
        """Let no further learners of a program be matched with a mentor. Those whom they have stay with them.

        - `by`: Who does this, such as ops:ana. Default: whoever the key is for.
        """
        return await self._call(
            Call(
                "DELETE",
                path("/v1/programs/{program}/mentors/{mentor}", program=program, mentor=mentor),
                query=query(by=by),
            ),
            models.MentorChanged,
        )

    async def get_mentor(self, mentor: str) -> models.Mentor:
        """A mentor's profile, checks, leave, and programs. Personal data."""
        return await self._call(Call("GET", path("/v1/mentors/{mentor}", mentor=mentor)), models.Mentor)

    async def update_mentor(
        self,
        mentor: str,
        *,
        by: str | None | Unset = UNSET,
        mentor_type: str | None | Unset = UNSET,
        places: int | None | Unset = UNSET,
        minutes_a_week: int | None | Unset = UNSET,
        expertise: Sequence[str] | None = None,
        ideal_learner: Sequence[str] | None = None,
        pace: Sequence[str] | None = None,
        session_style: Sequence[str] | None = None,
        learning_style: Sequence[str] | None = None,
        channel: Sequence[str] | None = None,
        format: Sequence[str] | None = None,
        outcomes: Sequence[str] | None = None,
        supports_from: int | None | Unset = UNSET,
        skills: Sequence[str] | None = None,
        languages: Sequence[str] | None = None,
        affiliation: Sequence[str] | None = None,
        time_zone: str | None | Unset = UNSET,
        availability: Sequence[models.Window] | None = None,
        wishes: Sequence[str] | None = None,
        never: Sequence[str] | None = None,
        onboarded_on: date | None | Unset = UNSET,
        checks: Sequence[models.Check] | None = None,
    ) -> models.MentorChanged:
        """Change fields of a mentor's profile. What is left out stays as it is."""
        return await self._call(
            Call(
                "PATCH",
                path("/v1/mentors/{mentor}", mentor=mentor),
                **body(
                    {
                        "by": by,
                        "mentor_type": mentor_type,
                        "places": places,
                        "minutes_a_week": minutes_a_week,
                        "expertise": UNSET if expertise is None else expertise,
                        "ideal_learner": UNSET if ideal_learner is None else ideal_learner,
                        "pace": UNSET if pace is None else pace,
                        "session_style": UNSET if session_style is None else session_style,
                        "learning_style": UNSET if learning_style is None else learning_style,
                        "channel": UNSET if channel is None else channel,
                        "format": UNSET if format is None else format,
                        "outcomes": UNSET if outcomes is None else outcomes,
                        "supports_from": supports_from,
                        "skills": UNSET if skills is None else skills,
                        "languages": UNSET if languages is None else languages,
                        "affiliation": UNSET if affiliation is None else affiliation,
                        "time_zone": time_zone,
                        "availability": UNSET if availability is None else availability,
                        "wishes": UNSET if wishes is None else wishes,
                        "never": UNSET if never is None else never,
                        "onboarded_on": onboarded_on,
                        "checks": UNSET if checks is None else checks,
                    }
                ),
            ),
            models.MentorChanged,
        )

    async def get_mentor_day(self, mentor: str, *, date: date | None = None) -> models.MentorDay:
        """Whom a mentor sees on a day, what to prepare, and what they owe now. Personal data.

        - `date`: default: today, where they are
        """
        return await self._call(
            Call("GET", path("/v1/mentors/{mentor}/day", mentor=mentor), query=query(date=date)), models.MentorDay
        )

    async def record_check(
        self, mentor: str, check: str, *, by: str | None | Unset = UNSET, valid_until: date | None | Unset = UNSET
    ) -> models.MentorChanged:
        """Record that a mentor passed a check, such as `background`. Recording it again with another day renews it."""
        return await self._call(
            Call(
                "PUT",
                path("/v1/mentors/{mentor}/checks/{check}", mentor=mentor, check=check),
                **body({"by": by, "valid_until": valid_until}),
            ),
            models.MentorChanged,
        )

    async def withdraw_check(self, mentor: str, check: str, *, by: str | None = None) -> models.MentorChanged:
        """Withdraw a check: it counts no longer.

        - `by`: Who does this, such as ops:ana. Default: whoever the key is for.
        """
        return await self._call(
            Call("DELETE", path("/v1/mentors/{mentor}/checks/{check}", mentor=mentor, check=check), query=query(by=by)),
            models.MentorChanged,
        )

    async def record_onboarding(
        self, mentor: str, *, on: date | None, by: str | None | Unset = UNSET
    ) -> models.MentorChanged:
        """Record the day on which a mentor completed their onboarding."""
        return await self._call(
            Call("PUT", path("/v1/mentors/{mentor}/onboarding", mentor=mentor), **body({"by": by, "on": on})),
            models.MentorChanged,
        )

    async def plan_leave(
        self,
        mentor: str,
        *,
        by: str | None | Unset = UNSET,
        first_day: date | None | Unset = UNSET,
        last_day: date | None | Unset = UNSET,
        starts_at: datetime | None | Unset = UNSET,
        ends_at: datetime | None | Unset = UNSET,
    ) -> models.LeaveChanged:
        """Plan a time in which a mentor meets nobody. Leave that overlaps or adjoins becomes one."""
        return await self._call(
            Call(
                "POST",
                path("/v1/mentors/{mentor}/leave", mentor=mentor),
                **body(
                    {"by": by, "first_day": first_day, "last_day": last_day, "starts_at": starts_at, "ends_at": ends_at}
                ),
            ),
            models.LeaveChanged,
        )

    async def cancel_leave(
        self,
        mentor: str,
        *,
        by: str | None | Unset = UNSET,
        first_day: date | None | Unset = UNSET,
        last_day: date | None | Unset = UNSET,
        starts_at: datetime | None | Unset = UNSET,
        ends_at: datetime | None | Unset = UNSET,
    ) -> models.LeaveChanged:
        """Take this time out of a mentor's leave. What lies before and after it stays."""
        return await self._call(
            Call(
                "POST",
                path("/v1/mentors/{mentor}/leave/cancel", mentor=mentor),
                **body(
                    {"by": by, "first_day": first_day, "last_day": last_day, "starts_at": starts_at, "ends_at": ends_at}
                ),
            ),
            models.LeaveChanged,
        )
