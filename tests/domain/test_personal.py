"""Leaving out personal fields."""

from collections.abc import Mapping
from typing import Annotated

from domain.personal import impersonal, personal_fields
from domain.values import Frozen, Personal, PersonalMark


class _Note(Frozen):
    about: str
    text: Personal = ""


class _Told(Frozen):
    who: str
    remarks: tuple[Annotated[str, PersonalMark()], ...] = ()
    notes: tuple[_Note, ...] = ()
    by_week: Mapping[str, _Note] = {}
    of_each: Mapping[str, tuple[_Note, ...]] = {}
    last: _Note | None = None


def test_marked_fields_are_left_out_at_every_depth() -> None:
    note = {"about": "s-1", "text": "a secret"}
    plain = {"about": "s-1"}
    told = {"who": "l-1", "remarks": ["a secret"], "notes": [note], "by_week": {"w": note}, "of_each": {"w": [note]}}
    assert impersonal(_Told, told | {"last": note}) == {
        "who": "l-1",
        "notes": [plain],
        "by_week": {"w": plain},
        "of_each": {"w": [plain]},
        "last": plain,
    }
    assert impersonal(_Told, {"who": "l-1", "last": None}) == {"who": "l-1", "last": None}


def test_what_the_model_does_not_know_is_left_out() -> None:
    assert impersonal(_Note, {"about": "s-1", "added_later": "a secret"}) == {"about": "s-1"}


def test_the_paths_of_what_is_left_out() -> None:
    assert personal_fields(_Told) == ("remarks", "notes.text", "by_week.text", "of_each.text", "last.text")
