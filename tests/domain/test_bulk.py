"""A bulk action: what people can ask of it, whatever they asked before."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bulk import (
    BULK,
    BeginBulk,
    BulkCommand,
    BulkState,
    Code,
    FinishBulk,
    Outcomes,
    PauseBulk,
    PlanBulk,
    ResumeBulk,
    StopBulk,
)
from domain.refusal import NotFound, Rejected

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PLAN = PlanBulk(kind="command", command="pause", journeys=12, digest="d1", rate=20)


def after(*commands: BulkCommand, at: datetime = AT) -> BulkState:
    state: BulkState | None = None
    for command in commands:
        state = BULK.fold(BULK.decide(state, command, at), state)
    assert state
    return state


def refusal(state: BulkState | None, command: BulkCommand, at: datetime = AT) -> str:
    with pytest.raises(Rejected) as caught:
        BULK.decide(state, command, at)
    return caught.value.code


@pytest.mark.parametrize("given_", [{"journeys": 12}, {"digest": "d1"}])
def test_a_plan_is_carried_out_once_its_number_or_its_digest_is_given(given_: dict[str, object]) -> None:
    state = after(PLAN, BeginBulk.model_validate(given_))
    assert (state.status, state.begun_at) == ("running", AT)


@pytest.mark.parametrize("given_", [{}, {"journeys": 13}, {"digest": "d2"}, {"journeys": 12, "digest": "d2"}])
def test_any_other_number_or_digest_is_refused(given_: dict[str, object]) -> None:
    assert refusal(after(PLAN), BeginBulk.model_validate(given_)) == Code.NOT_CONFIRMED


def test_a_plan_is_kept_for_a_day() -> None:
    assert BULK.decide(after(PLAN), BeginBulk(journeys=12), AT + timedelta(days=1))
    assert refusal(after(PLAN), BeginBulk(journeys=12), AT + timedelta(days=1, seconds=1)) == Code.PLAN_TOO_OLD


def test_of_nothing_nothing_begins() -> None:
    nothing = PLAN.model_copy(update={"journeys": 0})
    assert refusal(after(nothing), BeginBulk(journeys=0)) == Code.NOTHING_SELECTED


def test_what_was_not_begun_is_neither_paused_nor_resumed_and_can_be_given_up() -> None:
    assert refusal(after(PLAN), PauseBulk()) == refusal(after(PLAN), ResumeBulk()) == Code.NOT_BEGUN
    assert after(PLAN, StopBulk()).status == "stopped"
    assert refusal(after(PLAN, StopBulk()), BeginBulk(journeys=12)) == Code.OVER


def test_a_rate_can_be_changed_while_it_runs() -> None:
    begun = (PLAN, BeginBulk(journeys=12))
    assert after(*begun, ResumeBulk(rate=5)).rate == 5
    assert not BULK.decide(after(*begun), ResumeBulk(rate=20), AT)


def test_there_is_none_before_it_is_planned() -> None:
    with pytest.raises(NotFound):
        BULK.decide(None, BeginBulk(journeys=1), AT)


ASKED = st.sampled_from(
    [BeginBulk(journeys=12), PauseBulk(reason="wait"), ResumeBulk(), StopBulk(), FinishBulk(outcomes=Outcomes(done=12))]
)


@given(st.lists(ASKED, max_size=12))
def test_whatever_is_asked_a_repeat_changes_nothing_and_an_end_is_an_end(asked: Sequence[BulkCommand]) -> None:
    state = after(PLAN)
    for command in asked:
        before = state
        try:
            events = BULK.decide(state, command, AT)
        except Rejected:
            continue
        state = BULK.fold(events, state) or state
        assert not (before.is_over and events)
        try:
            assert not BULK.decide(state, command, AT)
        except Rejected as again:
            assert again.code == Code.OVER
