"""The pages' templates. They show the dataclasses of this package and decide nothing; Jinja2 escapes all they show."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.values import counted
from domain.words import by_role, distance, plain
from interfaces.http.pages.reading import reading
from interfaces.http.static import ADDRESSES

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
        return distance(self.at, self.now)

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
    return _environment.get_template(template).render(page=page, frame=reading().frame, live=live)


def number(value: float | None) -> str:
    """`12,345` and `0.4`; a dash for what is not known."""
    if value is None:
        return "\N{EN DASH}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")


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
    "number": number,
}  # fmt: skip
_environment.filters |= _FILTERS
_environment.globals |= {"static": ADDRESSES, "once": lambda: uuid4().hex}
"""`once()` names a form that is made for this page."""
