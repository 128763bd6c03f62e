"""The OpenAPI document, as far as a client is made of it."""

import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
EVENT_STREAM = "text/event-stream"
JSON = "application/json"
_REFERENCE = "#/components/schemas/"
_PYTHON_OWN = frozenset({"self", "after_", "models"})


@dataclass(frozen=True)
class Parameter:
    name: str
    """In Python."""
    sent_as: str
    """As the API names it; headers in the usual form, because case means nothing in them."""
    place: str
    """`path`, `query`, `header`, or `body` for a field of a JSON object."""
    schema: Schema
    required: bool
    description: str


@dataclass(frozen=True)
class Operation:
    name: str
    tag: str
    method: str
    path: str
    description: str
    parameters: Sequence[Parameter]
    whole_body: Schema | None
    """Of a JSON body that is no object with fields: a list, or one of several."""
    raw_bodies: Sequence[str]
    """The media types of a body that is not JSON."""
    answer: Schema | None
    """None: the response is empty."""
    answer_type: str

    @property
    def takes_body(self) -> bool:
        return bool(self.whole_body or self.raw_bodies or self.of("body"))

    def of(self, place: str) -> list[Parameter]:
        return [one for one in self.parameters if one.place == place]

    def find(self, sent_as: str) -> Parameter | None:
        return next((one for one in self.parameters if one.sent_as == sent_as), None)


class Document:
    def __init__(self, content: Mapping[str, Any]) -> None:
        self._schemas: Mapping[str, Schema] = content.get("components", {}).get("schemas", {})
        self.operations = [
            self._operation(path, method, one)
            for path, methods in content["paths"].items()
            for method, one in methods.items()
        ]

    def resolved(self, schema: Schema) -> Schema:
        """The schema that a reference leads to."""
        name = referenced(schema)
        return self.resolved(self._schemas[name]) if name else schema

    def is_model(self, name: str) -> bool:
        return "properties" in self._schemas[name]

    def schema(self, name: str) -> Schema:
        return self._schemas[name]

    def models_within(self, schema: Schema) -> set[str]:
        """The names of the models that a value of this schema may hold."""
        found: set[str] = set()
        waiting = list(_references(schema))
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += _references(self._schemas[name])
        return {name for name in found if self.is_model(name)}

    def _operation(self, path: str, method: str, one: Mapping[str, Any]) -> Operation:
        parameters = [_parameter(each) for each in one.get("parameters", ())]
        contents = one.get("requestBody", {}).get("content", {})
        body = contents.get(JSON, {}).get("schema")
        fields = self._fields(body, {each.name for each in parameters}) if body else None
        answer_type, answer = _answer(one["responses"])
        return Operation(
            name=one["operationId"],
            tag=python_name(one["tags"][0]),
            method=method.upper(),
            path=path,
            description=one.get("description", ""),
            parameters=[*parameters, *(fields or ())],
            whole_body=body if fields is None else None,
            raw_bodies=[each for each in contents if each != JSON],
            answer=answer,
            answer_type=answer_type,
        )

    def _fields(self, body: Schema, taken: set[str]) -> list[Parameter] | None:
        """Those of a JSON object, as parameters; None for another body."""
        if "properties" not in (found := self.resolved(body)):
            return None
        needed = found.get("required", ())
        return [
            Parameter(
                name=python_name(name) + ("_" if python_name(name) in taken else ""),
                sent_as=name,
                place="body",
                schema=schema,
                required=name in needed,
                description=schema.get("description", ""),
            )
            for name, schema in found["properties"].items()
        ]


def referenced(schema: Schema) -> str | None:
    """The name of the schema in the components that this one stands for."""
    found = schema.get("$ref")
    return str(found).removeprefix(_REFERENCE) if found else None


def python_name(name: str) -> str:
    made = re.sub(r"\W", "_", name).lower() if "-" in name else re.sub(r"\W", "_", name)
    return f"{made}_" if keyword.iskeyword(made) or made in _PYTHON_OWN else made


def class_name(component: str) -> str:
    """`BoardRow`; `RolesStep` for a component that is told from another by its module."""
    *modules, name = component.replace("-", "").split("__")
    return (modules[-1].title().replace("_", "") if modules else "") + name


def _parameter(one: Mapping[str, Any]) -> Parameter:
    sent_as = one["name"].title() if one["in"] == "header" else one["name"]
    return Parameter(
        name=python_name(sent_as),
        sent_as=sent_as,
        place=one["in"],
        schema=one["schema"],
        required=one.get("required", False),
        description=one.get("description", ""),
    )


def _answer(responses: Mapping[str, Any]) -> tuple[str, Schema | None]:
    for status in sorted(responses):
        if status.startswith("2"):
            for kind, content in responses[status].get("content", {}).items():
                return kind, content.get("schema", {})
    return "", None


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        if isinstance(name := schema.get("$ref"), str):
            yield name.removeprefix(_REFERENCE)
        for one in schema.values():
            yield from _references(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from _references(one)
