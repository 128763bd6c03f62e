"""What is generated: up to date, importable alone, and right for whatever an OpenAPI document may hold."""

import subprocess
import sys
from typing import Any

import pytest

from client.generating.__main__ import out_of_date
from client.generating.annotations import Annotations
from client.generating.document import Document
from client.generating.operations import AWAITED, BLOCKING, OperationModules
from interfaces.http.document import document

_ALONE = """
import sys
import client.api, client.api.asynchronous, client.api.models as models
[getattr(models, name) for name in dir(models)]
print(sorted({name.split(".")[0] for name in sys.modules}))
"""


def test_it_is_up_to_date() -> None:
    assert out_of_date(document()) == [], "run `make client`"


def test_it_needs_nothing_of_trellis_and_of_others_httpx2_alone() -> None:
    ran = subprocess.run([sys.executable, "-c", _ALONE], capture_output=True, text=True, check=True)
    others = {"domain", "workflows", "interfaces", "settings", "temporalio", "pydantic", "asyncpg", "fastapi", "typer"}
    assert not [name for name in others if f"'{name}'" in ran.stdout]


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [one.name for one in Document(document()).operations]
    assert len(names) == len(set(names))


def operation(**content: Any) -> dict[str, Any]:
    return {"operationId": "do", "tags": ["things"], "responses": {"204": {}}, **content}


def written(one: dict[str, Any], schemas: dict[str, Any] | None = None, style: Any = BLOCKING) -> str:
    paths = {"/v1/things/{from}": {"post": one}}
    made = Document({"paths": paths, "components": {"schemas": schemas or {}}})
    return dict(OperationModules(made, style).files())["things.py"]


def test_the_fields_of_a_body_are_arguments_and_a_key_is_made() -> None:
    schemas = {
        "Pause": {
            "properties": {
                "reason": {"type": "string"},
                "until": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
                "from": {"type": "integer", "default": 3},
            },
            "required": ["reason"],
        }
    }
    one = operation(
        parameters=[
            {"name": "from", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": "If-Match", "in": "header", "schema": {"type": "string"}},
            {"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string"}},
        ],
        requestBody={"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pause"}}}},
    )
    text = written(one, schemas)
    signature = text.partition("def do(")[2].partition(":\n")[0]
    assert signature == (
        "self, from_: str, *, reason: str, until: datetime | None | Unset = UNSET, from__: int | None = None, "
        "if_match: int | str | None = None, idempotency_key: str | None = None) -> None"
    )
    assert "'until': until, 'from': UNSET if from__ is None else from__" in text
    assert "headers(if_match=if_match, idempotency_key=idempotency_key, keyed=True)" in text


def test_bodies_that_are_no_objects() -> None:
    listed = operation(
        requestBody={"content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}}}
    )
    assert "def do(self, body_: Sequence[str]) -> None" in written(listed)
    raw = operation(requestBody={"content": {"text/csv": {}, "application/x-ndjson": {}}})
    text = written(raw, style=AWAITED)
    assert "async def do(self, content: str | bytes | Iterable[bytes], *, content_type: Literal['text/csv', " in text
    assert "await self.send(" in text


@pytest.mark.parametrize(
    ("schema", "annotation"),
    [
        ({"anyOf": [{"type": "null"}, {"type": "string", "format": "date"}]}, "date | None"),
        ({"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}, "list[int | None]"),
        ({"type": "object", "additionalProperties": {"enum": ["a", "b"]}}, "dict[str, Literal['a', 'b']]"),
        ({"anyOf": [{}, {"type": "null"}]}, "Any"),
        ({"type": ["string", "null"]}, "str | None"),
        ({"const": "x"}, "Literal['x']"),
    ],
)
def test_schemas_as_annotations(schema: dict[str, Any], annotation: str) -> None:
    assert Annotations(Document({"paths": {}})).of(schema) == annotation
