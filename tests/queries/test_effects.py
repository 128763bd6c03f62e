"""What a change did: differences with intervals against a named library, and how often the verdict is wrong."""

import random

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.samples import Counted, Summary
from domain.effects import Effect
from queries.effects import Seen, difference_in_words
from queries.effects import effect as effect_of
from queries.measures.figures import Sample


def effect(name: str, before: Sample, after: Sample, least: int, confidence: float) -> Effect:
    """Of a measure of which each learner has one."""
    return effect_of(name, Seen(before, 10_000), Seen(after, 10_000), least, confidence)


def completion(before: Counted, after: Counted, least: int = 20) -> tuple[float, float, float, str]:
    found = effect("completion", before, after, least, 0.95)
    assert found.difference
    assert found.difference.value is not None
    assert found.difference.low is not None
    assert found.difference.high is not None
    return found.difference.value, found.difference.low, found.difference.high, found.verdict


def test_the_difference_of_two_shares_is_that_of_statsmodels() -> None:
    low, high = confint_proportions_2indep(56, 70, 48, 80, method="newcomb", compare="diff")
    assert completion(Counted(48, 80), Counted(56, 70)) == (
        pytest.approx(0.2),
        *map(pytest.approx, (low, high)),
        "better",
    )


@pytest.mark.parametrize(("before", "after"), [(Counted(10, 19), Counted(30, 40)), (Counted(30, 40), Counted(9, 12))])
def test_with_few_learners_it_is_too_early(before: Counted, after: Counted) -> None:
    found = effect("completion", before, after, 20, 0.95)
    assert (found.difference, found.verdict) == (None, "too_early")
    assert found.needed == (8 if after.of == 12 else None)
    assert difference_in_words(found).startswith("too early to say")


def test_many_sessions_of_few_learners_are_few() -> None:
    found = effect_of("attendance", Seen(Counted(90, 100), 25), Seen(Counted(60, 100), 3), 20, 0.95)
    assert (found.verdict, found.needed) == ("too_early", 17)


def test_an_unclear_difference_says_how_many_would_show_it() -> None:
    found = effect("completion", Counted(50, 100), Counted(30, 50), 20, 0.95)
    assert (found.verdict, found.needed) == ("no_clear_difference", 388 - 50)


def test_hours_are_better_when_they_are_fewer() -> None:
    slow, fast = Summary.of([30.0, 40.0] * 20), Summary.of([10.0, 20.0] * 20)
    assert effect("case_hours", slow, fast, 20, 0.95).verdict == "better"
    assert effect("case_hours", fast, slow, 20, 0.95).verdict == "worse"


def test_a_change_that_does_nothing_is_called_one_in_at_most_one_of_twenty() -> None:
    draw = random.Random(7)  # noqa: S311 - a simulation

    def sample() -> Counted:
        return Counted(sum(draw.random() < 0.6 for _ in range(40)), 40)

    called = sum(
        effect("completion", sample(), sample(), 20, 0.95).verdict != "no_clear_difference" for _ in range(600)
    )
    assert called / 600 < 0.07
