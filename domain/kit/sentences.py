"""Lists of a kit in which a sentence alone stands for something with an id."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, SerializerFunctionWrapHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from domain.values import Frozen


class Sentences:
    """Takes sentences too, and writes back what was a sentence as one: a kit that was published so keeps its digest.

    As an annotation of a tuple of models. `text`: the field that holds the sentence; `id_of`: the id that one gets by
    its place, from 1, and its words.
    """

    def __init__(self, text: str, id_of: Callable[[int, str], str]) -> None:
        self._text = text
        self._id_of = id_of

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.wrap_serializer_function_ser_schema(self._written)
        return core_schema.no_info_before_validator_function(self._read, handler(source), serialization=written)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        found = handler(schema)
        return {**found, "items": {"anyOf": [{"minLength": 1, "type": "string"}, found["items"]]}}

    def _read(self, given: Any) -> Any:
        if not isinstance(given, list | tuple):
            return given
        return [self._whole(nth, one) if isinstance(one, str) else one for nth, one in enumerate(given, start=1)]

    def _written(self, those: tuple[Frozen, ...], handler: SerializerFunctionWrapHandler) -> list[Any]:
        return [
            self._sentence(nth, one) or written
            for nth, (one, written) in enumerate(zip(those, handler(those), strict=True), start=1)
        ]

    def _sentence(self, nth: int, one: Frozen) -> str | None:
        sentence: str = getattr(one, self._text)
        return sentence if one == type(one).model_validate(self._whole(nth, sentence)) else None

    def _whole(self, nth: int, sentence: str) -> Mapping[str, str]:
        return {"id": self._id_of(nth, sentence), self._text: sentence}
