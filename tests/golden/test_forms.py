"""Nothing stored becomes stricter without a version and an upcaster."""

from enum import StrEnum
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from tests.golden.forms import MODELS, recorded
from tests.golden.schemas import form_of, stricter


@pytest.mark.parametrize("name", MODELS)
def test_what_was_stored_is_accepted_and_what_is_stored_is_recorded(name: str) -> None:
    form, today = recorded(name), form_of(MODELS[name])
    assert form is not None, "record it with `python -m tests.golden.forms`"
    assert stricter(form, today) == [], "stored JSON would be refused: raise the version, and add an upcaster"
    assert form == today, "record what it has gained with `python -m tests.golden.forms`"


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Part(_Closed):
    name: str = Field(max_length=10)
    parts: "tuple[_Part, ...]" = ()


class _Whole(_Closed):
    word: Literal["one", "two"]
    count: int = Field(ge=1)
    part: _Part | None = None
    parts: tuple[_Part, ...] = ()
    by_name: dict[str, _Part] = {}
    either: int | str = 0
    usual: _Part = _Part(name="usual")


def _changed(name: str, kind: object, default: object = ...) -> type[BaseModel]:
    """The same model with one field changed, or added."""
    return type("_Whole", (_Whole,), {"__annotations__": {name: kind}, **({} if default is ... else {name: default})})


class _Word(StrEnum):
    ONE = "one"
    TWO = "two"
    THREE = "three"


class _RequiringPart(_Closed):
    name: str = Field(max_length=10)
    size: int
    parts: tuple[_Part, ...] = ()


class _ShortPart(_Closed):
    name: str = Field(max_length=9)
    parts: tuple[_Part, ...] = ()


class _LargerPart(_Closed):
    name: str = Field(max_length=10)
    parts: tuple[_Part, ...] = ()
    size: int = 1


class _Other(_Closed):
    word: Literal["one", "two"]


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (_changed("more", int), "$.more: it became mandatory"),
        (_changed("word", Literal["one"]), "$.word: 'two' is refused"),
        (_changed("count", str), "$.count: integer became string"),
        (_changed("count", int, Field(ge=2)), "$.count: minimum became 2"),
        (_changed("part", _Part, _Part(name="")), "$.part: null became object"),
        (_changed("part", _RequiringPart | None, None), "$.part: _Part is refused"),
        (_changed("parts", tuple[_RequiringPart, ...], ()), "$.parts[].size: it became mandatory"),
        (_changed("parts", tuple[_ShortPart, ...], ()), "$.parts[].name: maxLength became 9"),
        (_changed("by_name", dict[str, _RequiringPart], {}), "$.by_name[].size: it became mandatory"),
        (_changed("either", int, 0), "$.either: string became integer"),
        (_changed("either", int | str, 1), "$.either: without it, it was 0"),
        (_changed("usual", _Part, _Part(name="other")), "$.usual: without it, it was {'name': 'usual', 'parts': []}"),
        (_Other, "$.count: there is no such field any more"),
    ],
)
def test_what_is_stricter_is_found(new: type[BaseModel], says: str) -> None:
    assert says in stricter(form_of(_Whole), form_of(new))


@pytest.mark.parametrize(
    "new",
    [
        _Whole,
        _changed("more", int, 0),
        _changed("word", _Word),
        _changed("word", str),
        _changed("count", float, Field(ge=0)),
        _changed("either", int | str | bool, 0),
        _changed("part", _Part | _RequiringPart | None, None),
        _changed("by_name", dict[str, object], {}),
        _changed("usual", _LargerPart, _LargerPart(name="usual")),
    ],
)
def test_what_accepts_more_is_no_matter(new: type[BaseModel]) -> None:
    assert stricter(form_of(_Whole), form_of(new)) == []
