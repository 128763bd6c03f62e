"""The operations, a module for each tag, blocking and awaited alike."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from client.generating.annotations import Annotations, is_nullable
from client.generating.document import EVENT_STREAM, JSON, Document, Operation, Parameter, Schema, referenced
from client.generating.text import GENERATED, docstring

IF_MATCH, IDEMPOTENCY_KEY = "If-Match", "Idempotency-Key"
_CURSORS = ("position", "version")
"""The fields of an item after which a list that is no page goes on."""


@dataclass(frozen=True)
class Style:
    """How a client is called."""

    package: str
    prefix: str
    connection: str
    module: str
    awaited: bool

    @property
    def iterator(self) -> str:
        return "AsyncIterator" if self.awaited else "Iterator"


BLOCKING = Style("operations", "", "Connection", "blocking", awaited=False)
AWAITED = Style("async_operations", "Async", "AsyncConnection", "awaiting", awaited=True)


class OperationModules:
    def __init__(self, document: Document, style: Style) -> None:
        self._document, self._style = document, style
        self._received = Annotations(document, "models.")
        self._sent = Annotations(document, "models.", sent=True)
        self._by_tag: defaultdict[str, list[Operation]] = defaultdict(list)
        for one in document.operations:
            self._by_tag[one.tag].append(one)

    def files(self) -> Iterator[tuple[str, str]]:
        """The name and content of each."""
        for tag, operations in sorted(self._by_tag.items()):
            yield f"{tag}.py", self._content(tag, operations)
        yield "__init__.py", self._whole()

    def _whole(self) -> str:
        style = self._style
        names = {tag: self._class(tag) for tag in sorted(self._by_tag)}
        imports = "\n".join(f"from client.api.{style.package}.{tag} import {name}" for tag, name in names.items())
        bases = "".join(f"    {name},\n" for name in names.values())
        return f'''"""Every operation."""

{GENERATED}

{imports}


class {style.prefix}Operations(
{bases}):
    """A method for each operation, named as in the OpenAPI document."""
'''

    def _class(self, tag: str) -> str:
        return f"{self._style.prefix}{tag.title().replace('_', '')}Operations"

    def _content(self, tag: str, operations: list[Operation]) -> str:
        style = self._style
        methods = "\n\n".join(method for one in operations for method in self._methods(one))
        return f'''"""The operations of `{tag}`."""

{GENERATED}

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, cast

from client.api import models
from client.api.calls import Call, body, headers, json_body, path, query, raw_body
from client.api.{style.module} import {style.connection}
from client.api.model import UNSET, Unset


class {self._class(tag)}({style.connection}):
{methods}
'''

    def _methods(self, one: Operation) -> Iterator[str]:
        yield self._method(one)
        if found := self._paging(one):
            yield self._iteration(one, *found)

    def _method(self, one: Operation) -> str:
        if one.answer_type == EVENT_STREAM and one.answer and "x-event" in one.answer:
            return self._stream(one, self._received.of(one.answer["x-event"]))
        answer = self._received.of(one.answer) if one.answer is not None and one.answer_type == JSON else "str"
        answer = "None" if one.answer is None else answer
        kind = f'cast("Any", {answer})' if " | " in _outside_brackets(answer) or answer == "Any" else answer
        sending = f"self.send({_call(one)})" if answer == "None" else f"self._call({_call(one)}, {kind})"
        sending = f"await {sending}" if self._style.awaited else sending
        prefix = "async " if self._style.awaited else ""
        return (
            f"    {prefix}def {one.name}({', '.join(self._arguments(one))}) -> {answer}:\n"
            f"{self._said(one)}\n        {'' if answer == 'None' else 'return '}{sending}\n"
        )

    def _stream(self, one: Operation, event: str) -> str:
        """An iterator, which is awaited item by item and not as a whole."""
        return (
            f"    def {one.name}({', '.join(self._arguments(one))}) -> {self._style.iterator}[{event}]:\n"
            f"{self._said(one)}\n        return self._events({_call(one)}, {event})\n"
        )

    def _said(self, one: Operation) -> str:
        described = [each for each in one.parameters if each.description and each.place != "header"]
        arguments = "\n".join(f"- `{each.name}`: {each.description}" for each in described)
        text = "\n\n".join(filter(None, (one.description or f"{one.method} {one.path}", arguments)))
        return docstring(text, "        ")

    def _arguments(self, one: Operation) -> Iterator[str]:
        yield "self"
        yield from (f"{each.name}: {self._sent.of(each.schema)}" for each in one.of("path"))
        if one.whole_body:
            yield f"body_: {self._sent.of(one.whole_body)}"
        if one.raw_bodies and not one.of("body") and not one.whole_body:
            yield "content: str | bytes | Iterable[bytes]"
        keywords = [*self._keywords(one)]
        yield from ("*", *keywords) if keywords else ()

    def _keywords(self, one: Operation) -> Iterator[str]:
        others = [each for each in one.parameters if each.place in {"query", "body"}] + one.of("header")
        yield from (f"{each.name}: {self._sent.of(each.schema)}" for each in others if _is_needed(each))
        for each in others:
            if not _is_needed(each):
                yield self._optional(each)
        if one.raw_bodies and not one.of("body") and not one.whole_body:
            kinds = ", ".join(map(repr, one.raw_bodies))
            yield f"content_type: Literal[{kinds}] = {one.raw_bodies[0]!r}"

    def _optional(self, each: Parameter) -> str:
        if each.sent_as == IF_MATCH:
            return f"{each.name}: int | str | None = None"
        annotation = self._sent.of(each.schema)
        if each.place == "body" and is_nullable(annotation):
            return f"{each.name}: {annotation} | Unset = UNSET"
        return f"{each.name}: {annotation}{'' if is_nullable(annotation) else ' | None'} = None"

    def _paging(self, one: Operation) -> tuple[str, str] | None:
        """The type of an item, and how the items of a page and the next cursor are read."""
        if one.method != "GET" or one.answer is None or one.answer_type != JSON or not one.find("after"):
            return None
        answer = self._document.resolved(one.answer)
        if answer.get("type") == "array":
            item = answer["items"]
            fields = self._document.resolved(item).get("properties", {})
            cursor = next((name for name in _cursors(one) if name in fields), None)
            next_one = f"lambda found: (found, found[-1].{cursor} if found else None)"
            return (self._received.of(item), next_one) if cursor else None
        rows = [name for name, schema in answer.get("properties", {}).items() if schema.get("type") == "array"]
        if "next" not in answer.get("properties", {}) or len(rows) != 1:
            return None
        item = answer["properties"][rows[0]]["items"]
        following = "None if page.end else page.next" if "end" in answer["properties"] else "page.next"
        return self._received.of(item), f"lambda page: (page.{rows[0]}, {following})"

    def _iteration(self, one: Operation, item: str, cursor: str) -> str:
        left_out = {"after"}
        arguments = [each for each in self._arguments(one) if each.partition(":")[0] not in left_out]
        arguments = arguments[:-1] if arguments[-1] == "*" else arguments
        passed = [each.name for each in one.of("path")]
        passed += [f"{each.name}={each.name}" for each in one.of("query") if each.name not in left_out]
        page = f"lambda after: self.{one.name}({', '.join([*passed, 'after=after'])})"
        name = f"iterate_{one.name.removeprefix('list_').removeprefix('get_')}"
        return (
            f"    def {name}({', '.join(arguments)}) -> {self._style.iterator}[{item}]:\n"
            f'        """The items of all pages of `{one.name}`, read one page at a time."""\n'
            f"        return self._items({page}, {cursor})\n"
        )


def _cursors(one: Operation) -> Sequence[str]:
    """The fields of an item that may be the next `after`: its number, or its id, as in `list_messages`."""
    after = one.find("after")
    numbered = after is not None and "integer" in str(after.schema)
    return _CURSORS if numbered else (one.name.removeprefix("list_").removesuffix("s"),)


def _is_needed(one: Parameter) -> bool:
    return one.required and one.sent_as != IDEMPOTENCY_KEY


def _call(one: Operation) -> str:
    values = "".join(f", {each.name}={each.name}" for each in one.of("path"))
    parts = [repr(one.method), f"path({one.path!r}{values})" if values else repr(one.path)]
    if queries := one.of("query"):
        parts.append(f"query=query({', '.join(f'{_keyword(each)}={each.name}' for each in queries)})")
    if one.takes_body:
        parts.append(f"**{_body(one)}")
    elif one.of("header"):
        parts.append(f"headers={_headers(one)}")
    if one.find("wait"):
        parts.append("wait=wait or 0")
    return f"Call({', '.join(parts)})"


def _keyword(one: Parameter) -> str:
    """Its name as it is sent, or with an underscore that `query` takes away."""
    return one.name if one.name.rstrip("_") == one.sent_as else one.sent_as


def _headers(one: Operation) -> str:
    keyed = ["keyed=True"] if one.find(IDEMPOTENCY_KEY) else []
    return f"headers({', '.join([*(f'{each.name}={each.name}' for each in one.of('header')), *keyed])})"


def _body(one: Operation) -> str:
    added = f", {_headers(one)}" if one.of("header") else ""
    if one.whole_body:
        return f"json_body(body_{added})"
    if one.of("body") or not one.raw_bodies:
        fields = ", ".join(f"{each.sent_as!r}: {_sent(each)}" for each in one.of("body"))
        return f"body({{{fields}}}{added})"
    return f"raw_body(content, content_type{added})"


def _sent(one: Parameter) -> str:
    """What is not nullable is left out where it is None."""
    if one.required or _takes_null(one.schema):
        return one.name
    return f"UNSET if {one.name} is None else {one.name}"


def _takes_null(schema: Schema) -> bool:
    """A schema without a type takes anything."""
    if referenced(schema):
        return False
    return {"type": "null"} in schema.get("anyOf", ()) or not schema.keys() - {"title", "description", "default"}


def _outside_brackets(annotation: str) -> str:
    depth, kept = 0, ""
    for character in annotation:
        depth += (character == "[") - (character == "]")
        kept += character if depth == 0 else ""
    return kept
