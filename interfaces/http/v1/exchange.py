"""For other systems: calendar feeds."""

from fastapi import APIRouter
from fastapi.responses import Response

from domain.ids import JourneyId, MentorId
from interfaces.http.access import JourneyReader, MentorThemselves
from interfaces.http.v1.visibility import require_journey, require_visible_mentor
from queries import calendars
from store.database import Pool


class Calendar(Response):
    media_type = "text/calendar"


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["exchange"])

    @routes.get("/journeys/{journey}/calendar.ics", response_class=Calendar)
    async def get_calendar_of_journey(journey: JourneyId, caller: JourneyReader) -> Calendar:
        """The sessions and milestones of a journey as an iCalendar feed, without names."""
        await require_journey(pool, caller, journey)
        return Calendar(await calendars.of_journey(pool, journey))

    @routes.get("/mentors/{mentor}/calendar.ics", response_class=Calendar)
    async def get_calendar_of_mentor(mentor: MentorId, caller: MentorThemselves) -> Calendar:
        """The sessions and milestones of all open journeys of a mentor, with the learners' names."""
        await require_visible_mentor(pool, caller, mentor)
        return Calendar(await calendars.of_mentor(pool, mentor, caller.programs))

    return routes
