"""A risk flag stands until somebody has dealt with it."""

import pytest

from domain.journey.commands import CheckIn, Pause, RaiseRiskFlag, Reopen, ResolveCase, Withdraw
from domain.kit.escalation.risk_flag import flag_of
from tests.domain.full_program import full, together
from tests.domain.specification import Given
from tests.domain.stories import day

ILL = RaiseRiskFlag(by="mentor:ana", flag="ill")
"""Opens a case."""
MOVING = RaiseRiskFlag(by="mentor:ana", flag="moving")
"""Opens none."""
RESOLVED = ResolveCase(case="case-1", resolution="back on Monday")


def flags(story: Given) -> list[str]:
    return [one.flag for one in story.state.flags]


@pytest.fixture
def flagged() -> Given:
    return full(*together).when(ILL, day(5)).so().when(MOVING, day(5)).so()


def test_a_check_in_deals_with_what_no_case_is_about(flagged: Given) -> None:
    assert flags(flagged) == ["ill", "moving"]
    assert flags(flagged.when(CheckIn(by="ops:o"), day(5, 1)).so()) == ["ill"]


def test_the_last_case_about_it_deals_with_it(flagged: Given) -> None:
    assert flags(flagged.when(RESOLVED, day(5, 1)).so()) == ["moving"]
    again = flagged.when(ILL, day(6)).so()
    assert [one.raised_at for one in again.state.flags if one.flag == "ill"] == [day(6)]
    assert flags(first := again.when(RESOLVED, day(6, 1)).so()) == ["moving", "ill"]
    second = ResolveCase(case="case-2", resolution="well again")
    assert flags(first.when(second, day(6, 2)).so()) == ["moving"]


def test_none_stands_when_the_journey_has_ended_and_all_again_when_it_is_taken_up(flagged: Given) -> None:
    paused = flagged.when(Pause(reason="ill"), day(5, 1)).so()
    closed = paused.when(Withdraw(reason="moved"), day(5, 2)).so()
    assert flags(closed) == []
    assert flags(closed.when(Reopen(reason="by mistake"), day(5, 3)).so()) == ["ill", "moving"]


def test_of_many_the_latest_are_kept(flagged: Given) -> None:
    for nth in range(25):
        flagged = flagged.when(RaiseRiskFlag(flag=f"f-{nth}"), day(6)).so()
    assert flags(flagged) == [f"f-{nth}" for nth in range(5, 25)]


def test_what_an_escalation_is_about() -> None:
    assert flag_of("flag:ill#3") == "ill"
    assert flag_of("help#3") is None
