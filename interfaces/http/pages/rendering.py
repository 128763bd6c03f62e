"""The pages' templates. They show the dataclasses of this package and decide nothing; Jinja2 escapes all they show."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from domain.values import counted
from domain.words import by_role, distance, plain
from interfaces.http.pages.reading import reading
from interfaces.http.static import ADDRESSES
from queries.recent import Made

Answer = TypeVar("Answer")

_TEMPLATES = Path(__file__).parent.parent / "templates"


@dataclass(frozen=True, slots=True)
class When:
    """A moment, as `3 days ago`, with the exact time in the zone of the reader on hover and focus."""

    at: datetime
    now: datetime = field(repr=False)

    @classmethod
    def of(cls, at: datetime, now: datetime) -> "When":
        return cls(at, now)

    @property
    def iso(self) -> str:
        return self.at.isoformat()

    @property
    def exact(self) -> str:
        return exact(self.at)

    @property
    def relative(self) -> str:
        """`just now` of what has happened, and `now` of what is about to."""
        said = distance(self.at, self.now)
        return "just now" if said == "now" and self.at <= self.now else said

    @property
    def since(self) -> str:
        """`for 3 days`, of what has lasted since then."""
        said = self.relative
        return f"for {said.removesuffix(' ago')}" if said.endswith(" ago") else "just now"


def exact(at: datetime) -> str:
    """In the zone of the reader, which is said."""
    return f"{at.astimezone(reading().zone):%d %b %Y %H:%M %Z}"


def day(one: date) -> str:
    """A moment counts as the day that it is where the reader is."""
    local = one.astimezone(reading().zone).date() if isinstance(one, datetime) else one
    return f"{local:%a %d %b %Y}"


def render(template: str, page: object, *, live: str | None = None) -> str:
    """`page` is what the template shows, under this name. `live`: the query of /live whose news bring the page up to
    date while it is open, such as `journey=ready.l-1`."""
    read = reading()
    counted = When.of(read.counted_at, datetime.now(UTC)) if read.counted_at else None
    return _environment.get_template(template).render(page=page, frame=read.frame, live=live, counted_at=counted)


def as_counted(made: Made[Answer]) -> Answer:
    """The answer; the page says as of when it is."""
    read = reading()
    read.counted_at = min(made.at, read.counted_at or made.at)
    return made.answer


def number(value: float | None) -> str:
    """`12,345` and `0.4`; a dash for what is not known."""
    if value is None:
        return "\N{EN DASH}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")


_CELL = re.compile(r"<(td|th)\b([^>]*)>(?=(\s*(?:\u2013|-)?\s*</)?)")


def labelled(row: Markup, columns: Iterable[str]) -> Markup:
    """A row of a table whose cells have the heading of their column, and say when there is nothing in them."""
    headings = iter(columns)

    def cell(found: re.Match[str]) -> str:
        heading = next(headings, "")
        label = f' data-label="{escape(heading)}"' if heading else ""
        return f"<{found[1]}{found[2]}{label}{' data-none' if found[3] else ''}>"

    return Markup(_CELL.sub(cell, row))  # noqa: S704 - what it adds is escaped, the rest is escaped already


_environment = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_FILTERS: dict[str, Any] = {
    "plain": plain, "by_role": by_role, "counted": counted, "exact": exact, "day": day,
    "number": number, "labelled": labelled,
}  # fmt: skip
_environment.filters |= _FILTERS
_environment.globals |= {"static": ADDRESSES, "once": lambda: uuid4().hex}
"""`once()` names a form that is made for this page."""
