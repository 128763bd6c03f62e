"""`trellis calendar`: sessions and milestones for a calendar, as a file."""

import sys
from typing import Annotated

import typer

from interfaces.cli.reaching import api

_Journey = Annotated[str | None, typer.Argument(help="The journey's id, such as job-ready.l-01.")]
_Mentor = Annotated[str | None, typer.Option(help="A mentor's id, for all open journeys of this mentor.")]


def calendar(journey: _Journey = None, *, mentor: _Mentor = None) -> None:
    """Print the sessions and milestones of a journey or a mentor as iCalendar.

    For example: trellis calendar JOURNEY > sessions.ics. Calendar applications can subscribe to the same feed over
    HTTP: /v1/journeys/JOURNEY/calendar.ics.
    """
    if (journey is None) == (mentor is None):
        raise typer.BadParameter("Give either a journey, or a mentor with --mentor.")
    with api() as trellis:
        found = trellis.get_calendar_of_journey(journey) if journey else trellis.get_calendar_of_mentor(mentor or "")
    sys.stdout.write(found)
