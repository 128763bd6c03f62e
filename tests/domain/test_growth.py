"""Whether a program is ready to grow, and what opening enrollment makes of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.growth import Evidence, Part, Readiness, Span, readiness
from domain.ids import KitDigest
from domain.kit.growth import Growth
from domain.program import (
    EnrollmentOpened,
    GrowthGateOverridden,
    KitPublished,
    OpenEnrollment,
    decide,
    fold,
)
from domain.refusal import Rejected
from tests.domain.stories import kit_with

AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
STATE = fold([KitPublished(at=AT, kit=KitDigest("k"), version="1")])
GUIDES = {"onboarding": "a.md", "escalation_guide": "b.md", "sample_notes": "c.md", "training": ["a.md"]}
KIT = kit_with(mentor_kit=GUIDES, texts={"a.md": "A", "b.md": "B", "c.md": "C"})
GOOD = Evidence(
    completed=Part(30, 40),
    sessions_held=Part(90, 100),
    follow_ups_in_time=Part(70, 90),
    trained=Part(5, 5),
    outcomes_known=Part(38, 40),
    answered=Part(60, 100),
    recent=Part(16, 20),
    earlier=Part(14, 20),
    change=Span(0.1, -0.17, 0.36),
    reviews=2,
    by_mentor=(10, 8, 7, 5),
)


def found(evidence: Evidence, **rules: object) -> Readiness:
    return readiness(KIT, Growth.model_validate(rules), evidence)


def test_a_program_that_shows_all_of_it_is_ready() -> None:
    assert found(GOOD).unmet == ()
    assert found(GOOD).ready


@pytest.mark.parametrize(
    ("evidence", "unmet", "says"),
    [
        ({"completed": Part(15, 19)}, "repeatable", "19 journeys"),
        ({"completed": Part(19, 40)}, "repeatable", "48% (19 of 40)"),
        ({"sessions_held": Part(0, 0)}, "repeatable", "not known: there are none yet"),
        ({"trained": Part(3, 5)}, "trainable", "60% (3 of 5)"),
        ({"outcomes_known": Part(10, 40)}, "measurable", "25% (10 of 40)"),
        ({"recent": Part(5, 9)}, "improving", "too early to say: 9 ended in that time and 20 before; 10 of each"),
        ({"change": Span(-0.2, -0.4, 0.1)}, "improving", "a difference of -20 points, between -40 and +10"),
        ({"reviews": 0}, "improving", "0 reviews"),
        ({"by_mentor": (20, 6, 4)}, "not_one_star", "67% (20 of 30)"),
        ({"by_mentor": (15, 15)}, "not_one_star", "2 mentors"),
        ({"by_mentor": ()}, "not_one_star", "0 mentors"),
    ],
)
def test_each_rule_says_what_is_lacking(evidence: dict[str, object], unmet: str, says: str) -> None:
    known = found(replace(GOOD, **evidence))  # type: ignore[arg-type]
    assert known.unmet == (unmet,)
    assert any(says in one.found for one in known.conditions if not one.met)


def test_a_kit_without_guides_and_training_is_not_trainable() -> None:
    bare = readiness(kit_with(mentor_kit={"onboarding": "a.md"}, texts={"a.md": "A"}), Growth(), GOOD)
    lacking = {one.place: one.found for one in bare.conditions if not one.met}
    assert lacking == {
        "guides": "the kit has no escalation guide or sample notes",
        "trained": "the kit has no training",
    }


def test_what_is_not_asked_is_not_looked_at() -> None:
    nothing = dict.fromkeys(("repeatable", "trainable", "measurable", "improving", "not_one_star"))
    assert found(GOOD, **nothing).conditions == ()
    assert found(GOOD, measurable={"answered": 0.7}).unmet == ("measurable",)
    assert found(replace(GOOD, trained=Part(0, 5)), trainable={"trained": None}).ready


@given(st.integers(0, 100), st.integers(0, 100), st.floats(0, 1))
def test_more_of_it_never_makes_a_program_less_ready(count: int, more: int, asked: float) -> None:
    def met(held: int) -> bool:
        return found(replace(GOOD, sessions_held=Part(held, 200)), repeatable={"sessions_held": asked}).ready

    assert met(count + more) or not met(count)


@pytest.mark.parametrize(("places", "asked"), [(None, True), (31, True), (30, False), (0, False)])
def test_small_numbers_are_opened_without_asking(places: int | None, *, asked: bool) -> None:
    assert Growth().asks_at(places) == asked


def test_opening_is_refused_until_the_rules_hold_or_a_person_says_why() -> None:
    refused = OpenEnrollment(places=80, unmet=("improving", "not_one_star"))
    for reason in ("", "  "):
        with pytest.raises(Rejected, match="not ready to grow: improving and not one star") as caught:
            decide(STATE, refused.model_copy(update={"override": reason}), AT)
        assert (caught.value.code, caught.value.data) == ("not_ready_to_grow", {"unmet": refused.unmet})
    why = "The funder pays for two more mentors"
    events = decide(STATE, refused.model_copy(update={"override": why}), AT)
    overridden = GrowthGateOverridden(at=AT, places=80, unmet=refused.unmet, reason=why)
    assert events == [overridden, EnrollmentOpened(at=AT, places=80)]
    assert fold(events, STATE).is_open


def test_a_reason_that_was_not_needed_is_not_recorded() -> None:
    assert decide(STATE, OpenEnrollment(places=80, override="why not"), AT) == [EnrollmentOpened(at=AT, places=80)]
