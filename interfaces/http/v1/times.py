"""Times that suit, and office hours, as JSON, read-only."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from domain.ids import JourneyId, MentorId, ProgramId, SessionId
from domain.refusal import Rejected
from queries.office_hours import OfficeHoursAhead, office_hours_ahead
from queries.times import Times, times_for
from store.database import Pool


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["times"])

    @routes.get("/journeys/{journey}/sessions/{session}/times")
    async def get_times(
        journey: JourneyId,
        session: SessionId,
        many: Annotated[
            int | None, Query(ge=1, le=1_000, description="how many are offered; default: the kit's")
        ] = None,
    ) -> Times:
        """Times for a session that suit both sides, and what excludes others. Personal data.

        409: the session is not to be held, or the learner has no mentor.
        """
        try:
            return await times_for(pool, journey, session, many)
        except Rejected as error:
            raise HTTPException(404 if error.code == "unknown_session" else 409, str(error)) from error

    @routes.get("/office-hours")
    async def get_office_hours(
        program: ProgramId | None = None,
        mentor: MentorId | None = None,
        journey: Annotated[JourneyId | None, Query(description="which suit the learner of this journey")] = None,
    ) -> list[OfficeHoursAhead]:
        """Office hours that are ahead, with the seats that are left. Personal data."""
        return await office_hours_ahead(pool, program, mentor, journey)

    return routes
