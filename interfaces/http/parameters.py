"""Query parameters that an operation or a page does not have: a misspelled filter would find too much."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from fastapi import Request
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel

Dependency = TypeVar("Dependency", bound=Callable[..., Any])

_TYPE = "extra_forbidden"
"""As pydantic names it."""
_CACHE = "known_query_parameters"
_MOST_NAMED, _LONGEST = 5, 50
_READING_ALL: set[Callable[..., Any]] = set()


def reads_all(dependency: Dependency) -> Dependency:
    """Marks a dependency that reads all parameters itself, and refuses those that it does not know."""
    _READING_ALL.add(dependency)
    return dependency


async def only_known(request: Request) -> None:
    """A dependency. Raises RequestValidationError, which names what is not known and says what is."""
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute):
        return
    if any(_model_of(one) for one in route.dependant.query_params):
        return  # it refuses them itself, with all else that does not fit
    if names := unknown(request, route):
        raise RequestValidationError(
            [{"type": _TYPE, "loc": ("query", one), "msg": "", "input": None} for one in names]
        )


def with_those_known(request: Request, errors: Sequence[Any]) -> list[Any]:
    """The same errors; those about parameters that there are not say which there are."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return list(errors)
    says = f"there is no such parameter; {_in_words(known(route))}"
    return [{**one, "msg": says} if one["type"] == _TYPE and one["loc"][:1] == ("query",) else one for one in errors]


def unknown(request: Request, route: APIRoute) -> list[str]:
    """The names that the request has and the route has not, in their order."""
    names = known(route)
    return [one for one in dict.fromkeys(request.query_params) if one not in names]


def known(route: APIRoute) -> frozenset[str]:
    """By the name that callers write."""
    kept: frozenset[str] | None = getattr(route, _CACHE, None)
    if kept is None:
        kept = frozenset(_names(route.dependant))
        setattr(route, _CACHE, kept)
    return kept


def _names(dependant: Dependant) -> Iterator[str]:
    for one in dependant.query_params:
        if kind := _model_of(one):
            yield from (field.alias or name for name, field in kind.model_fields.items())
        else:
            yield one.alias
    for below in dependant.dependencies:
        yield from _names(below)


def said_on_page(request: Request) -> str:
    """What a page says of parameters that it leaves aside; empty where there are none. Pages that read their address
    themselves take any."""
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute) or _reads_all(route):
        return ""
    names = [one[:_LONGEST] for one in unknown(request, route)[:_MOST_NAMED]]
    return f"This page leaves aside {', '.join(map(repr, names))}; {_in_words(known(route))}." if names else ""


def _reads_all(route: APIRoute) -> bool:
    dependant = route.dependant
    return bool(dependant.request_param_name) or any(one.call in _READING_ALL for one in dependant.dependencies)


def _model_of(field: ModelField) -> type[BaseModel] | None:
    kind = field.field_info.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _in_words(names: frozenset[str]) -> str:
    return f"those that there are: {', '.join(sorted(names))}" if names else "this takes none"
