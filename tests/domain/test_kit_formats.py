"""Kits of other formats than today's, and kits that were published under other rules."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from domain.kit import Kit
from domain.kit import formats as known
from domain.kit.formats import FORMAT, UnknownFormat, upcast
from domain.kit.stored import StoredKit, read
from tests.domain.stories import KIT

BODY: dict[str, Any] = json.loads(KIT.model_dump_json())
UNNUMBERED = {name: value for name, value in BODY.items() if name != "format"}
SENT = {"when": "nudge", "subject": "A line?", "text": "line.md"}


def test_what_is_published_today_says_its_format() -> None:
    assert BODY["format"] == FORMAT
    assert read(BODY) == KIT


def test_the_format_is_no_part_of_the_digest() -> None:
    assert Kit.model_validate(BODY | {"format": FORMAT}).digest == Kit.model_validate(UNNUMBERED).digest


def test_messages_that_were_never_sent_are_left_out_of_kits_that_predate_the_format() -> None:
    unsent = {"subject": "Hello", "text": "hello.md"}
    kit = read(UNNUMBERED | {"messages": {"hello": unsent, "line": SENT}})
    assert list(kit.messages) == ["line"]
    with pytest.raises(ValidationError, match=r"messages\.hello\.when"):
        read(BODY | {"messages": {"hello": unsent}})


def test_a_kit_of_a_newer_trellis_is_refused_in_words() -> None:
    with pytest.raises(UnknownFormat, match="this one has 99; run a newer one"):
        read(BODY | {"format": 99})


@pytest.mark.parametrize("format_", ["1", 0, -1, 1.5, None])
def test_what_is_no_format_is_left_to_validation(format_: object) -> None:
    with pytest.raises(ValidationError, match="format"):
        read(BODY | {"format": format_})


def test_upcasters_are_applied_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = {one: lambda content, one=one: content | {"title": f"{content['title']}, {one}"} for one in (1, 2)}
    monkeypatch.setattr(known, "FORMAT", 3)
    monkeypatch.setattr(known, "UPCASTERS", steps)
    assert upcast({"title": "From", "format": 1}, unless_said=3) == {"title": "From, 1, 2", "format": 3}
    assert upcast({"title": "From", "format": 2}, unless_said=3) == {"title": "From, 2", "format": 3}
    assert upcast({"title": "From"}, unless_said=3) == {"title": "From", "format": 3}


def test_every_format_has_its_upcaster() -> None:
    assert sorted(known.UPCASTERS) == list(range(FORMAT))


def test_a_published_kit_is_not_refused_by_the_rules_for_new_ones() -> None:
    twice = BODY | {"escalations": BODY["escalations"] * 2}
    with pytest.raises(ValidationError, match="another escalation has the id"):
        Kit.model_validate(twice)
    assert len(read(twice).escalations) == 2 * len(KIT.escalations)


def test_a_kit_inside_of_something_stored_is_read_in_the_same_way() -> None:
    class Holder(BaseModel):
        kit: StoredKit

    stored = json.dumps({"kit": UNNUMBERED | {"messages": {"hello": {"subject": "Hello", "text": "hello.md"}}}})
    assert Holder.model_validate_json(stored).kit.messages == {}
    assert Holder(kit=KIT).kit is KIT
    with pytest.raises(ValidationError, match="run a newer one"):
        Holder.model_validate({"kit": BODY | {"format": 99}})
