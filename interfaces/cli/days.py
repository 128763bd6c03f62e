"""Days as options of commands."""

from datetime import date, datetime

import typer
from pydantic import TypeAdapter, ValidationError

from domain.values import Day


def plausible(given: datetime | None) -> datetime | None:
    """A callback for options: refuses days outside the range of `domain.values.Day`, on which databases fail."""
    adapter: TypeAdapter[date] = TypeAdapter(Day)
    try:
        if given is not None:
            adapter.validate_python(given.date())
    except ValidationError as error:
        says = error.errors()[0]["msg"]
        raise typer.BadParameter(f"{given:%Y-%m-%d} is {says}") from None
    return given
