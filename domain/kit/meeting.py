"""When people may meet (R62 to R65)."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from domain.ids import Slug
from domain.kit.words import Text
from domain.values import Duration, Frozen

LEAST_STEP = timedelta(minutes=5)
LONGEST_HORIZON = timedelta(weeks=26)
"""Looking further ahead would find more times than anybody can choose from, and take seconds."""


class Meeting(Frozen):
    """What an offered time keeps to, besides the hours of both sides."""

    notice: Duration = timedelta(hours=24)
    """The earliest offer, from now."""
    buffer: Duration = timedelta(minutes=10)
    """The least time between two meetings of one mentor."""
    step: Duration = timedelta(minutes=30)
    """Offers begin at multiples of this from midnight, in the mentor's time zone."""
    horizon: Duration = timedelta(days=21)
    """The latest offer, from now."""
    holidays: tuple[Text, ...] = ()
    """The places whose public holidays are free of meetings, such as `DE` or `US-CA` (ISO 3166)."""
    office_hours_seats: Annotated[int, Field(ge=1, le=500)] = 8
    """How many learners one hour of office hours takes, unless the mentor says otherwise."""
    ahead: Annotated[int, Field(ge=1, le=50)] = 5
    """How many times are offered at once."""
    calendar: Slug | None = None
    """The name of the message that carries invitations. None: the one for the occasion."""
