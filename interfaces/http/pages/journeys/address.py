"""The address of the table of journeys. It holds all filters, the order and the page, so it can be kept and sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from interfaces.http.parameters import reads_all
from interfaces.http.v1.journeys import BoardQuery
from interfaces.http.v1.saved_views import kept

Show = Literal["open", "paused", "ended", "all"]
SHOWS: Mapping[Show, str] = {"open": "open", "paused": "paused", "ended": "ended", "all": "all"}
_TRUTHS: Mapping[str, Mapping[str, bool]] = {
    "open": {"open": True},
    "paused": {"paused": True},
    "ended": {"open": False},
    "all": {},
}
ROWS = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    query: BoardQuery
    show: Show | None
    """None: the filters by `open` and `paused` are others than these four."""

    @property
    def given(self) -> dict[str, str]:
        """The parameters, without the page."""
        some: dict[str, Any] = self.query.model_dump(
            mode="json", exclude_none=True, exclude_defaults=True, exclude={"after", "limit"}
        )
        if self.show is not None:
            some = {name: one for name, one in some.items() if name not in {"open", "paused"}}
            some |= {} if self.show == "open" else {"show": self.show}
        return {name: str(one).lower() if isinstance(one, bool) else str(one) for name, one in some.items()}

    def address(self, **changes: str | None) -> str:
        """The same with other parameters; None leaves one out. It is the first page again, unless `after` is given."""
        some = {name: one for name, one in {**self.given, **changes}.items() if one is not None}
        return f"/journeys?{urlencode(some)}" if some else "/journeys"

    @property
    def filters(self) -> Iterator[tuple[str, str]]:
        """Those that a reader can take away one by one."""
        return ((name, one) for name, one in self.given.items() if name not in {"sort", "show", "program"})


@reads_all
def asked(request: Request) -> Asked:
    """A dependency: fields that a form sent empty are no filters, and without a word it is about open journeys.

    Raises RequestValidationError.
    """
    given = {name: one for name, one in request.query_params.items() if one.strip()}
    show = given.pop("show", None)
    if show is None and not given.keys() & {"open", "paused"}:
        show = "open"
    if show is not None and show not in _TRUTHS:
        raise RequestValidationError([_error("show", show, "Input should be open, paused, ended or all")])
    truths = {name: str(one).lower() for name, one in _TRUTHS[show].items()} if show else {}
    try:
        query = BoardQuery.model_validate({**given, **truths})
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("query", *one["loc"])} for one in error.errors()]) from error
    return Asked(query, show or _show(query))  # type: ignore[arg-type]  # it is one of them


def _error(name: str, value: str, says: str) -> dict[str, Any]:
    return {"type": "literal_error", "loc": ("query", name), "msg": says, "input": value}


def _show(query: BoardQuery) -> Show | None:
    truths = {name: one for name in ("open", "paused") if (one := getattr(query, name)) is not None}
    return next((show for show in SHOWS if dict(_TRUTHS[show]) == truths), None)


def saved(query: str) -> str:
    """The address of a saved view."""
    says = {"open=", "paused="}
    return f"/journeys?{query}" if any(one in f"&{query}" for one in says) else f"/journeys?{query}&show=all"


def to_save(one: Asked) -> str:
    return kept(one.query)
