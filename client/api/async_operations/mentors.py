"""The operations of `mentors`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import date

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, path, query


class AsyncMentorsOperations(AsyncConnection):
    async def get_mentors(self, program: str) -> list[models.Mentor]:
        """The mentors whom a program may use, with their profiles. Personal data."""
        return await self._call(
            Call("GET", path("/v1/programs/{program}/mentors", program=program)), list[models.Mentor]
        )

    async def get_mentor(self, mentor: str) -> models.Mentor:
        """A mentor's profile, checks, leave, and programs. Personal data."""
        return await self._call(Call("GET", path("/v1/mentors/{mentor}", mentor=mentor)), models.Mentor)

    async def get_day(self, mentor: str, *, date: date | None = None) -> models.MentorDay:
        """Whom a mentor sees on a day, what to prepare, and what they owe now. Personal data.

        - `date`: default: today, where they are
        """
        return await self._call(
            Call("GET", path("/v1/mentors/{mentor}/day", mentor=mentor), query=query(date=date)), models.MentorDay
        )
