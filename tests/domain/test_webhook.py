"""When an event is sent again, when it is given up, and when a receiver is left alone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.webhook import (
    ATTEMPTS,
    HOLDS,
    LONGEST_PAUSE,
    OUTCOMES,
    PATIENCE,
    STREAMS_IN_TROUBLE,
    WELL,
    Answer,
    Health,
    after_round,
    is_dead,
    next_attempt,
)

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
BROKEN = Answer("error_status", "the receiver answered 500", 500)
FINE = Answer("delivered", "accepted", 200)


def paused(seconds: float | None) -> Answer:
    return Answer("limited", "a while", 429, timedelta(seconds=seconds) if seconds else None)


def test_there_are_ten_attempts_in_about_three_days() -> None:
    at, attempts = AT, 1
    while following := next_attempt(attempts, AT, at, BROKEN, 0.0):
        at, attempts = following, attempts + 1
    assert attempts == ATTEMPTS == 10
    assert at - AT == timedelta(hours=75, minutes=35, seconds=5)


def test_those_that_failed_together_do_not_come_back_together() -> None:
    waits = {next_attempt(3, AT, AT, BROKEN, spread) for spread in (0.0, 0.5, 1.0)}
    assert waits == {AT + timedelta(minutes=one) for one in (30, 31.5, 33)}


def test_a_receiver_that_asks_for_pauses_does_not_use_up_the_attempts() -> None:
    at = AT
    for attempts in range(1, 3 * ATTEMPTS):
        following = next_attempt(attempts, AT, at, paused(60), 0.0)
        assert following == at + timedelta(minutes=1)
        at = following
    assert next_attempt(3 * ATTEMPTS, AT, AT + PATIENCE, paused(60), 0.0) is None


def test_retry_after_makes_other_waits_longer_and_never_shorter() -> None:
    def wait(asked: timedelta) -> timedelta:
        following = next_attempt(2, AT, AT, Answer("error_status", "", 500, asked), 0.0)
        assert following
        return following - AT

    assert wait(timedelta(seconds=1)) == timedelta(minutes=5)
    assert wait(timedelta(hours=1)) == timedelta(hours=1)
    assert wait(timedelta(days=300)) == LONGEST_PAUSE


def test_one_event_that_fails_is_the_fault_of_the_event() -> None:
    assert after_round(WELL, [BROKEN], 1, AT) == Health(failing_since=AT, failures=1)
    assert after_round(WELL, [BROKEN, FINE], 2, AT) == WELL


def test_many_streams_that_fail_are_the_fault_of_the_receiver() -> None:
    health = after_round(WELL, [BROKEN] * 3, STREAMS_IN_TROUBLE, AT)
    assert health == Health(AT, 1, AT + HOLDS[0])
    for number in range(2, 20):
        health = after_round(health, [BROKEN], STREAMS_IN_TROUBLE, AT)
        assert health == Health(AT, number, AT + HOLDS[min(number, len(HOLDS)) - 1])
    assert after_round(health, [FINE], 0, AT) == WELL


def test_a_receiver_that_asks_for_it_is_left_alone() -> None:
    assert after_round(WELL, [paused(90)], 1, AT).not_before == AT + timedelta(seconds=90)
    assert after_round(WELL, [paused(90), FINE], 1, AT) == Health(not_before=AT + timedelta(seconds=90))
    assert after_round(WELL, [paused(None)], 1, AT).not_before == AT + HOLDS[0]
    assert after_round(WELL, [paused(10**9)], 1, AT).not_before == AT + LONGEST_PAUSE


def test_a_receiver_is_given_up_after_three_days_and_ten_attempts_without_success() -> None:
    assert is_dead(Health(AT, ATTEMPTS), AT + PATIENCE)
    assert not is_dead(Health(AT, ATTEMPTS - 1), AT + PATIENCE)
    assert not is_dead(Health(AT, ATTEMPTS), AT + PATIENCE - timedelta(seconds=1))
    assert not is_dead(WELL, AT)


_ANSWERS = st.builds(
    Answer,
    st.sampled_from(OUTCOMES),
    st.just("because"),
    st.none(),
    st.none() | st.timedeltas(timedelta(0), timedelta(days=400)),
)


@given(st.lists(st.tuples(st.lists(_ANSWERS, max_size=4), st.integers(0, 5)), max_size=30))
def test_whatever_a_receiver_answers_it_is_tried_again_within_a_day(rounds: list[tuple[list[Answer], int]]) -> None:
    health, at = WELL, AT
    for answers, failing in rounds:
        health = after_round(health, answers, failing, at)
        assert (health.failures > 0) == (health.failing_since is not None)
        assert health.not_before is None or health.not_before <= at + LONGEST_PAUSE
        at = max(at, health.not_before or at)
