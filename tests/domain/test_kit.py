"""What a kit holds together, and what it says when it does not."""

from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.journey.commands import COMMANDS
from domain.kit import Kit
from domain.values import Duration, roughly, say_duration
from tests.domain.stories import KIT, day, kit_with

durations = TypeAdapter[timedelta](Duration)


def problems(changes: dict[str, object]) -> list[tuple[tuple[str | int, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        kit_with(**changes)
    return [(one["loc"], one["msg"]) for one in caught.value.errors()]


def pathway(**changes: object) -> dict[str, object]:
    return KIT.pathways[0].model_dump() | changes


def test_a_kit_reads_back_as_it_was_written() -> None:
    again = Kit.model_validate_json(KIT.model_dump_json())
    assert again == KIT
    assert again.digest == KIT.digest


def test_another_content_is_another_digest() -> None:
    assert kit_with(version="2").digest != KIT.digest


def test_the_start_of_a_term_is_kept_in_utc() -> None:
    assert kit_with(starts_at="2026-03-02T13:00:00+01:00").starts_at == day(0).astimezone(UTC)


def test_the_first_pathway_that_welcomes_the_answers_is_taken() -> None:
    routed = [KIT.route({"goal": goal}) for goal in ("job", "promotion")]
    assert [one.id for one in routed if one] == ["fast", "steady"]


def test_every_problem_is_told_with_its_place() -> None:
    sessions = [{"id": "s1", "title": "t", "purpose": "p", "after": after} for after in ("1 day", "40 days")]
    found = problems(
        {"pathways": [pathway(id="b", when={}), pathway(when={"goal": ["fame"], "age": ["9"]}, sessions=sessions)]}
    )
    assert [place for place, _ in found] == [
        ("pathways", 1, "sessions", 1, "id"),
        ("pathways", 1, "when", "goal"),
        ("pathways", 1, "when", "age"),
        ("pathways", 1, "sessions", 1, "after"),
        ("pathways", 1),
    ]
    words = ("another session", "there are: job", "there are: goal", "4 weeks", "nobody")
    assert all(word in what for word, (_, what) in zip(words, found, strict=True))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"pathways": []}, "at least 1 item"),
        ({"pathways": [pathway(when={"note": ["x"]})]}, "has no options to route by"),
        ({"pathways": [pathway(when={"goal": []})]}, "at least 1 item"),
        ({"pathways": [pathway(ends="10 days")]}, "move it to an earlier time"),
        (
            {
                "escalations": [
                    {"id": "e", "title": "t", "when": {"overdue": "wrap_up", "by": "1 day"}, "then": {"nudge": "ops"}}
                ]
            },
            "never fires",
        ),
        (
            {
                "escalations": [
                    {"id": "e", "title": "t", "when": {"overdue": "offer", "by": "1 day"}, "then": {"nudge": "ops"}}
                ]
            },
            "it lapses",
        ),
        ({"matching": {"asks": ["mentor", "mentor"]}}, "listed twice"),
        ({"intake": {"questions": [{"id": "q", "ask": "?", "kind": "choice"}]}}, "at least two options"),
        ({"intake": {"questions": [{"id": "q", "ask": "?", "options": ["a", "b"]}]}}, "give it the kind"),
        ({"pausing": {"limit": "soon"}}, "write a number and a unit"),
        ({"pausing": {"limit": 5}}, "has no unit"),
        ({"pausing": {"limit": "-1 day"}}, "out of bounds"),
        ({"pausing": {"limit": "99999999999999 weeks"}}, "longer than anything lasts"),
        ({"program": "two words"}, "pattern"),
        ({"surprise": 1}, "not permitted"),
    ],
)
def test_what_does_not_hold_together_is_refused(changes: dict[str, object], problem: str) -> None:
    assert any(problem in what for _, what in problems(changes))


@given(st.timedeltas(timedelta(0), timedelta(weeks=1000)).map(lambda one: timedelta(seconds=int(one.total_seconds()))))
def test_a_duration_said_and_read_is_the_same(duration: timedelta) -> None:
    assert durations.validate_python(say_duration(duration)) == duration


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("pause", {"reason": "a\x00b"}),
        ("submit_intake", {"answers": {"note": "a\x00b"}}),
        ("submit_intake", {"answers": {"hours": float("nan")}}),
        ("submit_intake", {"answers": {"hours": float("inf")}}),
        ("record_outcome", {"kind": "\x00", "value": "x"}),
        ("submit_intake", {"answers": {"hours": True}}),
        ("approve_match", {"mentor": "Ana Maria <ana@example.org>"}),
        ("offer_match", {"mentor": "Ana Maria <ana@example.org>"}),
        ("review_milestone", {"milestone": "cv", "verdict": "passed", "score": float("nan")}),
        ("withdraw", {"reason": "\ud800"}),
        ("withdraw", {"reason": "moved", "by": "somebody"}),
    ],
)
def test_what_is_no_command_or_could_not_be_kept_is_refused(name: str, payload: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        COMMANDS[name].model_validate(payload)


def test_a_kit_keeps_its_digest_when_the_model_learns_a_new_field() -> None:
    class NewerKit(Kit):
        something_new: str = "as ever"

    newer = NewerKit.model_validate(KIT.model_dump())
    assert newer.digest == KIT.digest
    assert NewerKit.model_validate(KIT.model_dump() | {"something_new": "otherwise"}).digest != KIT.digest


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=2), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(days=3, hours=4, minutes=5), "3 days and 4 hours"),
        (timedelta(days=21), "21 days"),
        (timedelta(hours=1, minutes=30), "1 hour and 30 minutes"),
    ],
)
def test_lengths_are_said_roughly(length: timedelta, said: str) -> None:
    assert roughly(length) == said
