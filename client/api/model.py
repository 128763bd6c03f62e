"""What the API answers and takes, as objects: the base of the generated models, and how JSON becomes one.

The generated classes are declarations only. Their types are read when a class is first used, so that importing hundreds
of them costs next to nothing.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar, Literal, TypeVar, Union, dataclass_transform, get_args, get_origin, get_type_hints

Made = TypeVar("Made")
Kind = TypeVar("Kind", bound="Model")
Decode = Callable[[Any], Any]


class Unset:
    """The value of an argument that is not sent: unlike None, which is sent as null."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset()


class _Factory:
    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def made_by(default_factory: Callable[[], Made]) -> Made:
    """A default that each object gets anew."""
    factory: Any = _Factory(default_factory)
    return factory  # type: ignore[no-any-return]


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(made_by,))
class Model:
    """An immutable value. Fields that this release of the client does not know are in `as_json` alone."""

    json_names_: ClassVar[Mapping[str, str]] = {}
    """Of the fields that have another name in JSON, because theirs is a word of Python."""

    _received: Mapping[str, Any] | None

    def __init__(self, **fields: Any) -> None:
        if unknown := fields.keys() - _hints(type(self)):
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        if missing := [name for name in _hints(type(self)) if name not in fields and not hasattr(type(self), name)]:
            raise TypeError(f"{type(self).__name__} needs {', '.join(missing)}")
        self._fill(fields, None)

    def _fill(self, fields: Mapping[str, Any], received: Mapping[str, Any] | None) -> None:
        self.__dict__.update(fields)
        for name in _hints(type(self)):
            if name not in fields and isinstance(default := getattr(type(self), name, None), _Factory):
                self.__dict__[name] = default.make()
        self.__dict__["_received"] = received

    @classmethod
    def from_json(cls: type[Kind], content: Mapping[str, Any]) -> Kind:
        """Raises TypeError or ValueError for what does not fit, such as a time that is none."""
        made = cls.__new__(cls)
        made._fill({name: decode(content[key]) for name, key, decode in _decoders(cls) if key in content}, content)
        return made

    def as_json(self) -> dict[str, Any]:
        """As it was received, with all fields; or as it is sent."""
        if self._received is not None:
            return dict(self._received)
        return {self.json_names_.get(name, name): encode(value) for name, value in self._fields().items()}

    def _fields(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_received" and value is not UNSET}

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Model) and self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._fields().items())})"

    def __setattr__(self, name: str, _value: object) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be changed: it is a value")


def encode(value: Any) -> Any:
    """As JSON has it. Moments need a time zone: the API refuses those without."""
    match value:
        case Model():
            return value.as_json()
        case datetime() | date():
            return value.isoformat()
        case str() | int() | float() | None:
            return value
        case Mapping():
            return {key: encode(one) for key, one in value.items()}
        case _:
            return [encode(one) for one in value]


def decode(kind: Any, content: Any) -> Any:
    """JSON as `kind`: a model, a list of them, or a plain value."""
    return _decoder(kind)(content)


def _read_hints(model: Any) -> Mapping[str, Any]:
    hints = get_type_hints(model)
    return {name: hint for name, hint in hints.items() if get_origin(hint) is not ClassVar and name != "_received"}


_hints: Callable[[Any], Mapping[str, Any]] = cache(_read_hints)
"""The fields of a model, with their types."""


def _read_decoders(model: Any) -> Sequence[tuple[str, str, Decode]]:
    return [(name, model.json_names_.get(name, name), _decoder(hint)) for name, hint in _hints(model).items()]


_decoders: Callable[[Any], Sequence[tuple[str, str, Decode]]] = cache(_read_decoders)
"""The fields of a model, with their names in JSON."""


def _as_it_is(content: Any) -> Any:
    return content


@cache
def _decoder(kind: Any) -> Decode:
    if isinstance(kind, type) and issubclass(kind, Model):
        return kind.from_json
    if kind is datetime:
        return datetime.fromisoformat
    if kind is date:
        return date.fromisoformat
    origin, parts = get_origin(kind), get_args(kind)
    if origin is list:
        each = _decoder(parts[0])
        return lambda content: [each(one) for one in content]
    if origin is dict:
        of_value = _decoder(parts[1])
        return lambda content: {key: of_value(one) for key, one in content.items()}
    if origin in {Union, types.UnionType}:
        return _any_of([one for one in parts if one is not type(None)])
    return _as_it_is


def _any_of(kinds: Sequence[Any]) -> Decode:
    models = [one for one in kinds if isinstance(one, type) and issubclass(one, Model)]
    lists = [one for one in kinds if get_origin(one) is list]
    maps = [one for one in kinds if get_origin(one) is dict]
    texts = [one for one in kinds if one in {datetime, date}]

    def choose(content: Any) -> Any:
        match content:
            case dict() if models:
                return max(models, key=lambda one: _likeness(one, content)).from_json(content)
            case dict() if maps:
                return decode(maps[0], content)
            case list() if lists:
                return decode(lists[0], content)
            case str() if texts:
                return _moment_or_text(texts, content, alone=len(texts) == len(kinds))
        return content

    return choose


def _likeness(model: type[Model], content: Mapping[str, Any]) -> tuple[int, int]:
    """How well JSON fits: that its constants say so counts first, then the fields that it has."""
    hints = _hints(model)
    told = [(get_args(hint), content.get(name)) for name, hint in hints.items() if get_origin(hint) is Literal]
    wrong = sum(value not in allowed for allowed, value in told if len(allowed) == 1)
    missing = sum(name not in content and not hasattr(model, name) for name in hints)
    return -wrong, -missing - len(content.keys() - hints.keys())


def _moment_or_text(kinds: Sequence[Any], content: str, *, alone: bool) -> Any:
    for kind in kinds:
        try:
            return kind.fromisoformat(content)
        except ValueError:
            continue
    if alone:
        raise ValueError(f"{content[:60]!r} is no time")
    return content
