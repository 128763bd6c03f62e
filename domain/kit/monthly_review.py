"""The monthly review of a program: when it is drafted, what it takes to tell a difference, and who gets it (R52)."""

from typing import Annotated

from pydantic import AfterValidator, Field

from domain.ids import Slug
from domain.values import Frozen, time_zones


def _known_zone(name: str) -> str:
    if name not in time_zones():
        raise ValueError(f"{name[:60]!r} is no time zone; write for instance 'Europe/Berlin'")
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
"""A time zone of the IANA database, such as `Europe/Berlin`."""


class MonthlyReview(Frozen):
    zone: Zone = "UTC"
    """In which months begin and end, and in which the draft is made."""
    day: int = Field(default=2, ge=1, le=28)
    """Of the next month, on which the draft is made: what happened on the last day may be recorded late."""
    hour: int = Field(default=6, ge=0, le=23)
    to: tuple[Slug, ...] = Field(default=(), max_length=200)
    """Who gets a released review by letter: ids of people, `ops` for the address of ops, and `mentors` for all mentors
    of the program."""
    least: int = Field(default=20, ge=2)
    """The learners on each side from whom a difference is told. With fewer it is too early to say."""
    confidence: float = Field(default=0.95, ge=0.5, le=0.999)
    """Of every interval."""
