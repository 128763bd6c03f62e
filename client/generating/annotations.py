"""JSON Schemas as type annotations."""

from collections.abc import Mapping

from client.generating.document import Document, Schema, class_name, referenced

_PLAIN = {"integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_TEXTS = {"date-time": "datetime", "date": "date"}


class Annotations:
    """For what is received, or for what is sent: there any sequence and mapping will do."""

    def __init__(self, document: Document, prefix: str = "", *, sent: bool = False) -> None:
        """`prefix`: what stands before the names of models."""
        self._document, self._prefix = document, prefix
        self._list, self._dict = ("Sequence", "Mapping") if sent else ("list", "dict")

    def of(self, schema: Schema) -> str:
        if name := referenced(schema):
            known = self._document.is_model(name)
            return f"{self._prefix}{class_name(name)}" if known else self.of(self._document.schema(name))
        if "const" in schema:
            return f"Literal[{schema['const']!r}]"
        if "enum" in schema:
            return f"Literal[{', '.join(map(repr, schema['enum']))}]"
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return self._union([self.of(one) for one in schema[several]])
        if len(schema.get("allOf", ())) == 1:
            return self.of(schema["allOf"][0])
        return self._by_type(schema)

    def _by_type(self, schema: Schema) -> str:
        match schema.get("type"):
            case "array":
                return f"{self._list}[{self.of(schema.get('items') or {})}]"
            case "object":
                values = schema.get("additionalProperties")
                return f"{self._dict}[str, {self.of(values) if isinstance(values, Mapping) else 'Any'}]"
            case "string":
                return _TEXTS.get(schema.get("format", ""), "str")
            case list(several):
                return self._union([self.of({**schema, "type": one}) for one in several])
            case str(plain):
                return _PLAIN[plain]
        return "Any"

    @staticmethod
    def _union(parts: list[str]) -> str:
        """None last; Any alone, because it takes in all others."""
        flat = list(dict.fromkeys(one for part in parts for one in _members(part)))
        if "Any" in flat:
            return "Any"
        return " | ".join(sorted(flat, key=lambda one: one == "None"))


def _members(annotation: str) -> list[str]:
    """The members of a union; brackets hold unions of their own."""
    depth, members = 0, [""]
    for part in annotation.split(" | "):
        members[-1] += f" | {part}" if depth else part
        depth += part.count("[") - part.count("]")
        if not depth:
            members.append("")
    return members[:-1]


def is_nullable(annotation: str) -> bool:
    return annotation == "Any" or "None" in _members(annotation)
