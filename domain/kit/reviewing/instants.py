"""Instants out of range, such as those that many systems write for "none"."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from pydantic import BaseModel, TypeAdapter, ValidationError

from domain.kit.kit import Kit
from domain.kit.reviewing.finding import Finding
from domain.kit.words import Place
from domain.values import EARLIEST, LATEST, Instant

_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


def findings(kit: Kit) -> Iterator[Finding]:
    remedy = f"write one from {EARLIEST.year} to {LATEST.year - 1}, or leave it out"
    for place, instant in _instants((), kit):
        try:
            _INSTANT.validate_python(instant)
        except ValidationError:
            yield Finding(place, f"{instant.date()} is out of range", remedy)


def _instants(place: Place, value: object) -> Iterator[tuple[Place, datetime]]:
    """Every instant of the kit, wherever it is, so that new fields are covered as well."""
    match value:
        case datetime():
            yield place, value
        case BaseModel():
            for name in type(value).model_fields:
                yield from _instants((*place, name), getattr(value, name))
        case Mapping():
            for name, one in value.items():
                yield from _instants((*place, str(name)), one)
        case tuple() | list():
            for nth, one in enumerate(value):
                yield from _instants((*place, nth), one)
