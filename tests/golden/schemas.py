"""JSON Schemas of what is stored, and whether a new one still accepts all that an old one accepts."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from pydantic import TypeAdapter

Schema: TypeAlias = Mapping[str, Any]

_NOT_FORM = frozenset({"title", "description", "examples", "discriminator"})
_NONE = object()
_LIMITS = {
    "minLength": max,
    "minItems": max,
    "minimum": max,
    "exclusiveMinimum": max,
    "minProperties": max,
    "maxLength": min,
    "maxItems": min,
    "maximum": min,
    "exclusiveMaximum": min,
    "maxProperties": min,
}
"""Of a limit in two schemas, the stricter one."""
_MUST_BE_EQUAL = ("pattern", "format", "multipleOf", "uniqueItems")


def form_of(model: type) -> Schema:
    """What JSON the model reads, and as what: its schema without words."""
    form: Schema = _plain(TypeAdapter(model).json_schema(mode="validation"))
    return form


def _plain(node: Any) -> Any:
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        name: {one: _plain(value[one]) for one in value} if name in ("properties", "$defs") else _plain(value)
        for name, value in node.items()
        if name not in _NOT_FORM
    }


def stricter(old: Schema, new: Schema) -> list[str]:
    """Where, and in what, `new` may refuse what `old` accepts, or take what is left out for something else.

    Nothing when it reads all of it as before.
    """
    return list(_Comparison(old, new).differences(old, new, "$"))


class _Comparison:
    def __init__(self, old: Schema, new: Schema) -> None:
        self._old, self._new = old, new
        self._under_way: set[tuple[str, str]] = set()

    def differences(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        pair = (str(old.get("$ref", "")), str(new.get("$ref", "")))
        if all(pair):
            if pair in self._under_way:  # of a model in itself
                return
            self._under_way.add(pair)
        yield from self._resolved(_resolved(self._old, old), _resolved(self._new, new), place)
        self._under_way.discard(pair)

    def _resolved(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        if not new:
            return
        for one in (choices := _choices(old)):
            tried = [list(self._single(one, other, place)) for other in _choices(new)]
            if all(tried):  # every one of them has something against it
                yield from tried[0] if len(tried) == 1 else [f"{place}: {_name(one)} is refused"]
        if not choices:
            yield f"{place}: anything was accepted"

    def _single(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        old, new = _resolved(self._old, old), _resolved(self._new, new)
        if len(_choices(old)) > 1 or len(_choices(new)) > 1:  # a union in a union
            yield from self._resolved(old, new, place)
            return
        if not new:
            return
        if refused := _values(old) - _values(new) if _values(new) else set():
            yield f"{place}: {', '.join(sorted(refused))} is refused" if _values(old) else f"{place}: only some values"
        elif _values(new) and not _values(old):
            yield f"{place}: only {', '.join(sorted(_values(new)))} is accepted"
        kinds = (old.get("type"), new.get("type"))
        if kinds[1] and kinds[0] != kinds[1] and kinds != ("integer", "number") and not _values(old):
            yield f"{place}: {kinds[0]} became {kinds[1]}"
            return
        yield from _limits(old, new, place)
        yield from self._fields(old, new, place)
        for name in ("items", "additionalProperties", "propertyNames"):
            if isinstance(new.get(name), Mapping):
                inside = old.get(name, {})
                yield from self.differences(inside if isinstance(inside, Mapping) else {}, new[name], f"{place}[]")

    def _fields(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
            yield f"{place}.{name}: it became mandatory"
        for name, form in before.items():
            if name in after:
                if "default" in form and _says_otherwise(form["default"], after[name].get("default", _NONE)):
                    yield f"{place}.{name}: without it, it was {form['default']}"
                yield from self.differences(form, after[name], f"{place}.{name}")
            elif new.get("additionalProperties") is False:
                yield f"{place}.{name}: there is no such field any more"
        if old.get("additionalProperties", True) is not False and new.get("additionalProperties") is False:
            yield f"{place}: unknown fields are refused"


def _limits(old: Schema, new: Schema, place: str) -> Iterator[str]:
    for limit, the_stricter in _LIMITS.items():
        if limit in new and (limit not in old or the_stricter(old[limit], new[limit]) != old[limit]):
            yield f"{place}: {limit} became {new[limit]}"
    for name in _MUST_BE_EQUAL:
        if name in new and old.get(name) != new[name]:
            yield f"{place}: {name} became {new[name]}"
    prefix = (old.get("prefixItems"), new.get("prefixItems"))
    if prefix[1] and prefix[0] != prefix[1]:
        yield f"{place}: the entries of the list changed"


def _resolved(whole: Schema, node: Schema) -> Schema:
    while "$ref" in node:
        node = whole["$defs"][str(node["$ref"]).rpartition("/")[2]]
    return node


def _choices(node: Schema) -> list[Schema]:
    """The members of a union; else the schema itself."""
    return list(node.get("anyOf") or node.get("oneOf") or ([node] if node else []))


def _values(node: Schema) -> set[str]:
    return {repr(one) for one in node.get("enum", [node["const"]] if "const" in node else [])}


def _name(node: Schema) -> str:
    return str(node.get("$ref", node.get("type", "something"))).rpartition("/")[2]


def _says_otherwise(old: object, new: object) -> bool:
    """Whether leaving the field out means something else now. A part that has gained fields may say more."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return any(_says_otherwise(old[name], new.get(name, _NONE)) for name in old)
    return old != new
