"""Mentors as JSON, read-only: their profiles, and their day."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from domain.ids import MentorId, ProgramId
from domain.values import Day
from kits.lookup import newest
from queries.mentor_day import MentorDay, mentor_day
from queries.mentors import Mentor, mentors
from queries.mentors import mentor as found_mentor
from store.database import Pool


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["mentors"])

    @routes.get("/programs/{program}/mentors")
    async def get_mentors(program: ProgramId) -> list[Mentor]:
        """The mentors whom a program may use, with their profiles. Personal data."""
        await newest(pool, program)
        return await mentors(pool, program)

    @routes.get("/mentors/{mentor}")
    async def get_mentor(mentor: MentorId) -> Mentor:
        """A mentor's profile, checks, leave, and programs. Personal data."""
        return await found_mentor(pool, mentor)

    @routes.get("/mentors/{mentor}/day")
    async def get_day(
        mentor: MentorId, date: Annotated[Day | None, Query(description="default: today, where they are")] = None
    ) -> MentorDay:
        """Whom a mentor sees on a day, what to prepare, and what they owe now. Personal data."""
        return await mentor_day(pool, mentor, datetime.now(UTC), date)

    return routes
