"""Makes the HTTP application quick to make. Each test has one of its own, and three quarters of the time that it takes
go into what never differs between them: how pydantic reads and writes each parameter and each answer."""

from typing import Any

import fastapi._compat.v2 as fields
from pydantic import TypeAdapter

_known: dict[object, TypeAdapter[Any]] = {}


def _adapter(annotated: Any, *, config: Any = None) -> TypeAdapter[Any]:
    """One for each type with all that its annotations say; these are compared as they are written."""
    key = (annotated.__origin__, repr(annotated.__metadata__), repr(config))
    try:
        if key not in _known:
            _known[key] = TypeAdapter(annotated, config=config)
        return _known[key]
    except TypeError:  # a type that has no hash
        return TypeAdapter(annotated, config=config)


setattr(fields, "TypeAdapter", _adapter)  # noqa: B010 - to mypy it is a type, which nothing may replace
