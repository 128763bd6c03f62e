"""What other systems build on: calendar feeds, and what the commands take."""

from fastapi import APIRouter
from fastapi.responses import Response

from domain.ids import JourneyId, MentorId
from queries import calendars
from queries.command_forms import CommandForm, command_forms
from store.database import Pool


class Calendar(Response):
    media_type = "text/calendar"


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(prefix="/api", tags=["exchange"])

    @routes.get("/journeys/{journey}/calendar.ics", response_class=Calendar)
    async def get_calendar_of_journey(journey: JourneyId) -> Calendar:
        """Its sessions and milestones as iCalendar, for a calendar to follow. Names nobody."""
        return Calendar(await calendars.of_journey(pool, journey))

    @routes.get("/mentors/{mentor}/calendar.ics", response_class=Calendar)
    async def get_calendar_of_mentor(mentor: MentorId) -> Calendar:
        """The sessions and milestones of all open journeys that the mentor has, with the names of the learners."""
        return Calendar(await calendars.of_mentor(pool, mentor))

    @routes.get("/commands")
    async def get_commands() -> list[CommandForm]:
        """Every command with the JSON Schema of what it takes and answers with."""
        return command_forms()

    return routes
