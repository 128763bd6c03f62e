"""Where the next page begins, as a text that callers pass back unread."""

import base64
import binascii
from dataclasses import astuple
from typing import Any, Generic, TypeVar

from fastapi import HTTPException
from pydantic import TypeAdapter
from pydantic_core import to_json

C = TypeVar("C")


class Cursors(Generic[C]):
    """Writes and reads the cursors of one list: `kind` is a dataclass, `fields` the tuple of its fields."""

    def __init__(self, kind: type[C], fields: TypeAdapter[Any]) -> None:
        self._kind = kind
        self._fields = fields

    def written(self, cursor: C | None) -> str | None:
        """None: there is no next page."""
        if cursor is None:
            return None
        fields: Any = cursor
        return base64.urlsafe_b64encode(to_json(astuple(fields))).decode()

    def read(self, opaque: str | None) -> C | None:
        """None: the first page. Raises BadCursor."""
        if opaque is None:
            return None
        try:
            return self._kind(*self._fields.validate_json(base64.urlsafe_b64decode(opaque)))
        except (binascii.Error, ValueError) as error:
            raise BadCursor from error


class BadCursor(HTTPException):
    code = "cursor_invalid"

    def __init__(self) -> None:
        super().__init__(422, "`after` must be the `next` of an earlier page")
