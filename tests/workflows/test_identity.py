"""What a command is recorded under."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.identity import SignalCounter, update_identity, update_keys

SIGNALS = st.lists(st.tuples(st.sampled_from(["pause", "resume"]), st.binary(max_size=3)), max_size=30)


@given(SIGNALS, st.integers(0, 30))
def test_a_chain_names_its_signals_alike_wherever_a_new_run_begins(signals: list[tuple[str, bytes]], cut: int) -> None:
    whole = SignalCounter("chain", {})
    names = [whole.identify(*one) for one in signals]
    first = SignalCounter("chain", {})
    before = [first.identify(*one) for one in signals[:cut]]
    second = SignalCounter("chain", first.counts)
    assert names == before + [second.identify(*one) for one in signals[cut:]]
    assert len(set(names)) == len(names)


@given(st.permutations([("give_feedback", b"a"), ("give_feedback", b"b"), ("give_feedback", b"a"), ("check_in", b"a")]))
def test_equal_signals_are_interchangeable_and_others_keep_their_names(order: list[tuple[str, bytes]]) -> None:
    def names(signals: list[tuple[str, bytes]]) -> set[str]:
        counter = SignalCounter("chain", {})
        return {counter.identify(*one) for one in signals}

    assert names(order) == names(sorted(order))


def test_another_chain_has_other_signals() -> None:
    assert SignalCounter("one", {}).identify("pause", b"{}") != SignalCounter("two", {}).identify("pause", b"{}")


@pytest.mark.parametrize("update_id", ["a" * 900, "", "nul\x00", "a b", "\ud800", "ü"])
def test_an_id_that_a_column_cannot_hold_is_recorded_by_its_digest(update_id: str) -> None:
    identity = update_identity(update_id)
    assert identity.startswith("update:sha256:")
    assert identity.isascii()
    assert len(identity) < 90
    assert identity == update_identity(update_id)


def test_only_updates_have_keys() -> None:
    assert len(update_keys(["update:a", "signal:x:y#1", "start", "rule@2026-01-01", "update:a", "update:b"])) == 2
