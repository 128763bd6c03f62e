"""The models, a module for each tag: what several tags use is in `shared`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from client.generating.annotations import Annotations, is_nullable
from client.generating.document import Document, Schema, class_name, python_name
from client.generating.text import GENERATED, docstring

_SHARED = "shared"
_OWN = frozenset({"as_json", "from_json", "json_names_"})


class ModelModules:
    def __init__(self, document: Document) -> None:
        self._document, self._annotations = document, Annotations(document)
        users: defaultdict[str, set[str]] = defaultdict(set)
        for one in document.operations:
            schemas = [one.answer, one.whole_body, *(each.schema for each in one.parameters)]
            for name in document.models_within({"any": [schema for schema in schemas if schema]}):
                users[name].add(one.tag)
        self._module = {name: min(tags) if len(tags) == 1 else _SHARED for name, tags in users.items()}

    def files(self) -> Iterator[tuple[str, str]]:
        """The name and content of each."""
        for module in sorted(set(self._module.values())):
            yield f"{module}.py", self._content(module)
        yield "__init__.py", self._index()

    def _index(self) -> str:
        places = sorted((class_name(name), module) for name, module in self._module.items())
        imports = "\n".join(
            f"    from client.api.models.{module} import {name} as {name}"
            for name, module in sorted(places, key=lambda one: (one[1], one[0]))
        )
        table = "\n".join(f'    "{name}": "{module}",' for name, module in places)
        return f'''"""Every model. Each module is imported when one of its models is first used."""

{GENERATED}

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
{imports}

_MODULES = {{
{table}
}}


if not TYPE_CHECKING:  # for a type checker, it would give a type to every name

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"{{__name__}} has no {{name}}")
        found = getattr(import_module(f"{{__name__}}.{{_MODULES[name]}}"), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted(_MODULES)
'''

    def _content(self, module: str) -> str:
        names = sorted((one for one, place in self._module.items() if place == module), key=class_name)
        classes = "\n\n\n".join(self._class(name, self._document.schema(name)) for name in names)
        needed = {one for name in names for one in self._document.models_within(self._document.schema(name))}
        others = sorted(class_name(one) for one in needed if self._module[one] == _SHARED != module)
        shared = f"from client.api.models.{_SHARED} import {', '.join(others)}" if others else ""
        users = "several parts of the API" if module == _SHARED else f"the operations of `{module}`"
        return f'''"""What {users} take and answer."""

{GENERATED}

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Literal

from client.api.model import Model, made_by
{shared}


{classes}
'''

    def _class(self, name: str, schema: Schema) -> str:
        needed = schema.get("required", ())
        fields = [self._field(each, content, each in needed) for each, content in schema["properties"].items()]
        renamed = {python_name(each): each for each in schema["properties"] if python_name(each) != each}
        names = f"    json_names_: ClassVar[Mapping[str, str]] = {renamed!r}\n\n" if renamed else ""
        said = docstring(schema.get("description", ""), "    ")
        said += "\n" if said else ""
        return f"class {class_name(name)}(Model):\n{said}{names}" + ("\n".join(fields) or "    pass")

    def _field(self, name: str, schema: Schema, required: bool) -> str:
        if name in _OWN:
            raise ValueError(f"a model cannot have a field {name!r}, which all of them have as a method")
        annotation = self._annotations.of(schema)
        said = docstring(schema.get("description", ""), "    ")
        line = f"    {python_name(name)}: {self._with_default(annotation, schema, required)}"
        return f"{line}\n{said}" if said else line

    @staticmethod
    def _with_default(annotation: str, schema: Mapping[str, object], required: bool) -> str:
        if required:
            return annotation
        match schema.get("default"):
            case list() | dict() as default if default:
                return f"{annotation} = made_by(lambda: {default!r})"
            case list() | dict() as default:
                return f"{annotation} = made_by({type(default).__name__})"
            case None:
                return f"{annotation} = None" if is_nullable(annotation) else f"{annotation} | None = None"
            case default if "datetime" in annotation or "date" in annotation:
                raise ValueError(f"a moment has the default {default!r}, which is not supported")
            case default:
                return f"{annotation} = {default!r}"
