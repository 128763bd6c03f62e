"""The links of the API's description lead from an id in an answer to the operations that take it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

import pytest

from interfaces.http.links import ANSWERS
from tests.interfaces.calling import guarded_app


@pytest.fixture(scope="module")
def document() -> Mapping[str, Any]:
    nobody = cast("Any", None)
    return guarded_app(nobody, nobody).openapi()


def fields(document: Mapping[str, Any], schema: Mapping[str, Any], pointer: str) -> Iterator[bool]:
    """For each part of the pointer, whether the schema knows it."""
    for part in pointer.split("/")[1:]:
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        inner = schema.get("items") if part == "0" else schema.get("properties", {}).get(part)
        yield inner is not None
        schema = inner or {}


def test_every_link_has_an_id_that_the_answer_has_and_all_ids_that_the_operation_takes(
    document: Mapping[str, Any],
) -> None:
    paths = {one["operationId"]: path for path, methods in document["paths"].items() for one in methods.values()}
    linked = set()
    for path, methods in document["paths"].items():
        for one in methods.values():
            for status, response in one["responses"].items():
                for name, link in response.get("links", {}).items():
                    linked.add(one["operationId"])
                    assert set(re.findall(r"{(\w+)", paths[name])) == set(link["parameters"]), (status, name)
                    for value in link["parameters"].values():
                        where, _, pointer = value.partition("#")
                        if where == "$response.body":
                            schema = response["content"]["application/json"]["schema"]
                            assert all(fields(document, schema, pointer)), (one["operationId"], value)
                        else:
                            assert f"{{{value.removeprefix('$request.path.')}}}" in path
    assert linked == set(ANSWERS)


def test_bounds_of_numbers_have_the_names_of_json_schema(document: Mapping[str, Any]) -> None:
    def strange(schema: Any) -> Iterator[str]:
        if isinstance(schema, dict):
            yield from (name for name in ("ge", "gt", "le", "lt") if isinstance(schema.get(name), int | float))
        for one in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
            yield from strange(one)

    assert set(strange(document)) == set()
