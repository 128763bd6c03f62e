"""Which fields a kit has, and where, by a walk through its models."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, Tag

from domain.kit import Kit
from domain.scheduling.week import Window
from kits.blocks import EVERY, SHARED, TIMES, USE
from kits.yaml_tree import Place

_Model = type[BaseModel]
_AS_TEXT = (Window,)
"""Models that a kit has as texts: their fields are none of the kit's."""


def fields_at(place: Place) -> Sequence[str]:
    """The names of the fields that there can be at this place, in any of its forms; empty if there are none."""
    return _fields_at(_any_entry(place))


def _any_entry(place: Place) -> Place:
    """All entries of a list have the same form."""
    return tuple(0 if isinstance(part, int) else part for part in place)


@lru_cache(maxsize=1_000)
def _fields_at(place: Place) -> Sequence[str]:
    found: list[Any] = [Kit]
    for part in place:
        found = [inside for one in found for inside in _inside(one, part)]
    names = [name for one in found for model in _models(one) for name in model.model_fields]
    return tuple(dict.fromkeys([*names, *_of_the_file(place)]))


def _of_the_file(place: Place) -> Sequence[str]:
    """Those that only the file has: see `blocks`."""
    if not place:
        return (SHARED,)
    in_pathway = len(place) == 4 and place[0] == "pathways" and place[2] == "sessions"
    return (USE, EVERY, TIMES) if in_pathway else ()


def without_tags(place: Place) -> Place:
    """The place of a pydantic error as it is in the file: without the tags of unions."""
    return tuple(place[nth] for nth in _untagged(_any_entry(place)))


@lru_cache(maxsize=1_000)
def _untagged(place: Place) -> Sequence[int]:
    """The indexes of the parts that are no tags."""
    found: list[Any] = [Kit]
    kept: list[int] = []
    for nth, part in enumerate(place):
        if tagged := [one for annotation in found for one in _tagged(annotation, part)]:
            found = tagged
        else:
            found = [inside for one in found for inside in _inside(one, part)]
            kept.append(nth)
    return tuple(kept)


def _tagged(annotation: Any, tag: str | int) -> Iterator[Any]:
    for one in get_args(annotation):
        if any(isinstance(mark, Tag) and mark.tag == tag for mark in getattr(one, "__metadata__", ())):
            yield one.__origin__


def places_of(name: str) -> Sequence[str]:
    """Where in a kit a field of this name belongs: `promise`, `pathways`; empty for the kit itself."""
    return tuple(dict.fromkeys(where for where, field in every_field() if field == name))


@cache
def all_fields() -> frozenset[str]:
    return frozenset(field for _, field in every_field())


def _inside(annotation: Any, part: str | int) -> Iterator[Any]:
    """The annotation of what is below this part of a place, for each form that is allowed there."""
    for one in _members(annotation):
        arguments = get_args(one)
        if isinstance(one, type) and issubclass(one, BaseModel):
            if part in one.model_fields:
                yield one.model_fields[str(part)].annotation
        elif isinstance(part, int) and get_origin(one) in (tuple, list, Sequence):
            yield arguments[0]
        elif isinstance(part, str) and get_origin(one) in (dict, Mapping):
            yield arguments[1]


def _members(annotation: Any) -> Iterator[Any]:
    """The annotation itself, or the members of a union, without their metadata."""
    if hasattr(annotation, "__metadata__"):
        yield from _members(annotation.__origin__)
    elif get_args(annotation) and get_origin(annotation) not in (tuple, list, Sequence, dict, Mapping):
        for one in get_args(annotation):
            yield from _members(one)
    else:
        yield annotation


def _models(annotation: Any) -> Iterator[_Model]:
    for one in _members(annotation):
        if isinstance(one, type) and issubclass(one, BaseModel):
            yield one


@cache
def every_field() -> Sequence[tuple[str, str]]:
    """Every field, with the first part of the place where it is; empty for those of the kit itself."""
    return tuple((where, name) for where, model in _every_model() for name in model.model_fields)


@cache
def models() -> Sequence[_Model]:
    """Every model that a part of a kit can have, the kit itself first."""
    return tuple(dict.fromkeys(model for _, model in _every_model()))


@cache
def truths() -> frozenset[str]:
    """The names of the fields that are answered with yes or no."""
    fields = ((name, field.annotation) for model in models() for name, field in model.model_fields.items())
    return frozenset(name for name, annotation in fields if annotation in (bool, Literal[True]))


@cache
def _every_model() -> Sequence[tuple[str, _Model]]:
    """With the first part of each place where it is. One that is in several places is there for each."""
    found: dict[tuple[str, _Model], None] = {}
    left: list[tuple[str, Any]] = [("", Kit)]
    while left:
        where, annotation = left.pop()
        for one in _members(annotation):
            if one in _AS_TEXT:
                continue
            if not (isinstance(one, type) and issubclass(one, BaseModel)):
                left += [(where, inside) for inside in get_args(one) if inside is not Ellipsis]
            elif (where, one) not in found:
                found[where, one] = None
                left += [(where or name, field.annotation) for name, field in one.model_fields.items()]
    return tuple(found)
