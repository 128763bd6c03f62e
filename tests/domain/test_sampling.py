"""Which sessions a round looks at."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import JourneyId, MentorId, SessionId
from domain.kit.quality import Quality
from domain.quality.sampling import Held, Risk, sample
from tests.support.events import AT

DAY = timedelta(days=1)
TERMS = Quality()
LONG_AGO, LATELY = AT - 100 * DAY, AT - 7 * DAY


def held(nth: int, mentor: str = "max", **fields: object) -> Held:
    plain = {
        "journey": JourneyId(f"p.l-{nth}"),
        "session": SessionId("s1"),
        "mentor": MentorId(mentor),
        "held_at": AT - 5 * DAY,
        "meeting": f"p.l-{nth}:s1",
        "sessions_of_mentor": 20,
        "seen_at": LATELY,
    }
    return Held.model_validate(plain | fields)


SESSIONS = st.lists(
    st.builds(
        lambda mentor, seen, count, risky: (f"m-{mentor}", AT - seen * DAY, count, risky),
        *(st.integers(0, 12), st.integers(0, 120), st.integers(1, 30), st.booleans()),
    ),
    max_size=60,
).map(
    lambda those: [
        held(nth, mentor, seen_at=seen, sessions_of_mentor=count, risks=("open_case",) if risky else ())
        for nth, (mentor, seen, count, risky) in enumerate(those)
    ]
)
TERMS_OF = st.builds(
    lambda minutes, share, twice: Quality(minutes=minutes, most_share=share, twice=twice),
    *(st.integers(15, 400), st.floats(0.05, 0.95), st.floats(0, 1)),
)


@given(SESSIONS, TERMS_OF, st.text(max_size=5), st.randoms(use_true_random=False))
def test_within_the_minutes_never_everything_and_the_same_from_one_seed(
    sessions: list[Held], terms: Quality, seed: str, shuffled: Random
) -> None:
    drawn = sample(sessions, terms, seed, AT)
    other = list(sessions)
    shuffled.shuffle(other)
    assert sample(other, terms, seed, AT) == drawn
    once = [one.held.key for one in drawn.chosen if not one.is_twin]
    assert len(drawn.chosen) <= terms.minutes // terms.minutes_a_review
    assert len(set(once)) == len(once) <= max(1, len(sessions) * terms.most_share)
    assert {one.held.key for one in drawn.chosen if one.is_twin} <= set(once)
    assert bool(once) == bool(sessions), "there is always something to learn from"
    of_mentor = Counter(one.mentor for one in sessions)
    for mentor, many in Counter(one.held.mentor for one in drawn.chosen if not one.is_twin).items():
        assert many <= max(1, of_mentor[mentor] * terms.most_share)


def test_every_mentor_has_their_turn_in_the_period() -> None:
    """Week after week, with minutes for five reviews and twenty mentors with three sessions each."""
    terms, seen = Quality(minutes=75, twice=0), {f"m-{nth}": AT for nth in range(20)}
    gaps = list[timedelta]()
    for week in range(1, 60):
        now = AT + week * terms.every
        sessions = [
            held(nth, mentor, seen_at=at, meeting=f"{mentor}:{nth}", session=f"s{nth}")
            for mentor, at in seen.items()
            for nth in range(3)
        ]
        for one in sample(sessions, terms, f"seed-{week}", now).chosen:
            gaps.append(now - seen[one.held.mentor])
            seen[one.held.mentor] = now
    assert max(gaps) <= terms.every_mentor_within
    assert all(AT + 59 * terms.every - at <= terms.every_mentor_within for at in seen.values())


def test_who_has_waited_longest_comes_first_and_who_is_left_is_said() -> None:
    mentors = [held(nth, f"m-{nth}", seen_at=LONG_AGO + nth * DAY) for nth in range(30)]
    drawn = sample(mentors, Quality(minutes=60, twice=0), "seed", AT)
    assert {one.held.mentor for one in drawn.chosen} == {"m-0", "m-1", "m-2", "m-3"}
    assert {one.stratum for one in drawn.chosen} == {"due"}
    assert drawn.left[:2] == ("m-4", "m-5")
    assert len(drawn.left) == 26


@pytest.mark.parametrize(
    ("fields", "stratum"), [({"sessions_of_mentor": 1}, "new"), ({"risks": ("missed_session",)}, "risk")]
)
def test_new_mentors_and_risks_are_drawn_more_often(fields: dict[str, object], stratum: str) -> None:
    """One of eleven sessions has three times the weight, so one in 13 draws of one session would be without it 10."""
    sessions = [held(0, "special", **fields), *(held(nth, f"m-{nth}") for nth in range(1, 11))]
    terms, times = Quality(minutes=15, twice=0, every_mentor_within=700 * DAY), 2_000
    drawn = [sample(sessions, terms, f"seed-{nth}", AT).chosen[0] for nth in range(times)]
    special = sum(one.held.mentor == "special" for one in drawn)
    assert special / times == pytest.approx(3 / 13, abs=0.03)
    assert {one.stratum for one in drawn if one.held.mentor == "special"} == {stratum}


def test_the_share_that_is_scored_twice_is_that_of_the_kit() -> None:
    sessions = [held(nth, f"m-{nth}") for nth in range(40)]
    terms = Quality(minutes=90, twice=0.1)
    drawn = [sample(sessions, terms, f"seed-{nth}", AT).chosen for nth in range(600)]
    twins = sum(one.is_twin for those in drawn for one in those)
    assert twins / sum(not one.is_twin for those in drawn for one in those) == pytest.approx(0.1, abs=0.02)


def test_a_group_session_is_looked_at_once_and_rather_where_a_risk_shows() -> None:
    risks: tuple[Risk, ...] = ("open_case",)
    group = [held(nth, meeting="talk", risks=risks if nth == 3 else ()) for nth in range(8)]
    drawn = sample(group, Quality(twice=0), "seed", AT)
    assert [one.held.journey for one in drawn.chosen] == ["p.l-3"]
    assert drawn.sessions == 1


def test_nothing_is_sampled_from_nothing() -> None:
    assert sample([], TERMS, "seed", AT).chosen == []
