"""`trellis calendar`: sessions and milestones for a calendar, as a file."""

import asyncio
import sys
from typing import Annotated

import typer

from domain.ids import JourneyId, MentorId
from interfaces.cli.connected import database
from queries import calendars
from settings import Settings, load

_Journey = Annotated[str | None, typer.Argument(help="The journey's id, such as job-ready.l-01.")]
_Mentor = Annotated[str | None, typer.Option(help="A mentor's id, for all open journeys of this mentor.")]


def calendar(journey: _Journey = None, *, mentor: _Mentor = None) -> None:
    """Print the sessions and milestones of a journey or a mentor as iCalendar.

    For example: trellis calendar JOURNEY > sessions.ics. Calendar applications can subscribe to the same feed over
    HTTP: /api/journeys/JOURNEY/calendar.ics.
    """
    if (journey is None) == (mentor is None):
        raise typer.BadParameter("Give either a journey, or a mentor with --mentor.")
    sys.stdout.write(asyncio.run(_calendar(load(), journey, mentor)).decode())


async def _calendar(settings: Settings, journey: str | None, mentor: str | None) -> bytes:
    async with database(settings) as pool:
        if journey is not None:
            return await calendars.of_journey(pool, JourneyId(journey))
        return await calendars.of_mentor(pool, MentorId(mentor or ""))
