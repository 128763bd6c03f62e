"""What is left of a stored model without the fields that may hold personal data.

A field is personal where its type is marked with PersonalMark, at whatever depth. What a model does not know is left
out as well, for nobody can tell what it holds.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from types import MappingProxyType
from typing import Annotated, Any, TypeAlias, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain.values import PersonalMark

_Cleaner: TypeAlias = Callable[[Any], Any]
_Model: TypeAlias = type[BaseModel]


def impersonal(model: _Model, data: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON object of a model without its personal fields. `data` is as the model is stored; it is not changed."""
    cleaners = _cleaners(model)
    return {name: cleaners[name](value) for name, value in data.items() if name in cleaners}


def personal_fields(model: _Model) -> tuple[str, ...]:
    """By their paths, such as `reason` and `exceptions.notes`."""
    return tuple(_personal_paths(model, ""))


@cache
def _cleaners(model: _Model) -> Mapping[str, _Cleaner]:
    """The fields that are not personal, each with what leaves out the personal parts of its value."""
    fields = model.model_fields.items()
    return MappingProxyType({name: _cleaner(field.annotation) for name, field in fields if not _is_personal(field)})


def _cleaner(annotation: Any) -> _Cleaner:
    models = tuple(_models_in(annotation))
    if not models:
        return _unchanged
    origin, inner = get_origin(annotation), get_args(annotation)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return partial(_each_value, _cleaner(inner[1]))
    if isinstance(origin, type) and issubclass(origin, tuple | list):
        return partial(_each, tuple(_models_in(inner[0])))
    if origin is Annotated:
        return _cleaner(inner[0])
    return partial(_one, models)


def _unchanged(value: Any) -> Any:
    return value


def _each_value(clean: _Cleaner, value: Any) -> dict[str, Any] | None:
    return {name: clean(one) for name, one in value.items()} if isinstance(value, dict) else None


def _each(models: tuple[_Model, ...], value: list[Any]) -> list[Any]:
    return [_one(models, one) for one in value]


def _one(models: tuple[_Model, ...], value: Any) -> Any:
    """`value` may be anything else that a union allows, or a model that is stored as text."""
    if isinstance(value, list):
        return _each(models, value)
    if not isinstance(value, dict):
        return value
    known = max(models, key=lambda model: len(model.model_fields.keys() & value.keys()))
    return impersonal(known, value)


def _is_personal(field: FieldInfo) -> bool:
    return _marked(field.metadata) or _is_marked_within(field.annotation)


def _is_marked_within(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated and _marked(annotation.__metadata__):
        return True
    return any(map(_is_marked_within, get_args(annotation)))


def _marked(metadata: Any) -> bool:
    return any(isinstance(one, PersonalMark) for one in metadata)


def _models_in(annotation: Any) -> Iterator[_Model]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for one in get_args(annotation):
        yield from _models_in(one)


def _personal_paths(model: _Model, prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if _is_personal(field):
            yield f"{prefix}{name}"
        else:
            for inner in _models_in(field.annotation):
                yield from _personal_paths(inner, f"{prefix}{name}.")
