"""The pages' templates. They show the dataclasses of this package and decide nothing; Jinja2 escapes all they show."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from domain.words import by_role, distance, plain

_TEMPLATES = Path(__file__).parent.parent / "templates"
STYLE = (_TEMPLATES / "page.css").read_text()
SCRIPT = (_TEMPLATES / "page.js").read_text()
"""Both are part of every page. The Content-Security-Policy (guards.py) has their hashes, and allows no others."""


@dataclass(frozen=True, slots=True)
class When:
    """A moment, as `3 days ago` with the exact time in a tooltip."""

    iso: str
    exact: str
    relative: str

    @classmethod
    def of(cls, at: datetime, now: datetime) -> "When":
        return cls(at.isoformat(), exact(at), distance(at, now))


def exact(at: datetime) -> str:
    return f"{at.astimezone(UTC):%d %b %Y %H:%M:%S} UTC"


def render(template: str, page: object) -> str:
    """`page` is what the template shows, under this name."""
    return _environment.get_template(template).render(page=page)


_environment = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_environment.filters |= {"plain": plain, "by_role": by_role}
_environment.globals |= {"style": Markup(STYLE), "script": Markup(SCRIPT)}  # noqa: S704 - they are files of ours
