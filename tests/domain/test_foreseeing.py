"""What a command would bring about is what it brings about."""

from hypothesis import given as over

from domain.journey import Rejected, awaited, decide, fold, timers
from domain.journey.ending import Withdraw
from domain.journey.foreseeing import foreseen
from domain.kit import Kit
from tests.domain.full_program import full, met
from tests.domain.journeys import MOVES, Move, kits, travel
from tests.domain.stories import day

WITHDRAW = Withdraw(reason="has a job")


@over(kits(), MOVES)
def test_it_is_what_then_happens(kit: Kit, moves: list[Move]) -> None:
    for step in travel(kit, moves):
        state, at = step.after, step.after.stage_since
        try:
            found = foreseen(kit, state, WITHDRAW, at)
        except Rejected:
            continue
        events = decide(kit, state, WITHDRAW, at)
        assert list(found.events) == events
        after = fold(events, state)
        assert after == found.after
        left = {one.about for one in awaited(state)} - {one.about for one in found.no_longer_awaited}
        assert left | {one.about for one in found.newly_awaited} == {one.about for one in awaited(after)}
        assert len(timers(kit, state)) >= len(found.stopped) + len(found.moved)


def test_a_withdrawal_stops_all_that_would_happen_and_changes_nothing_itself() -> None:
    story = full(*met)
    found = foreseen(story.kit, story.state, WITHDRAW, day(7))
    assert [one.type for one in found.events] == ["journey.closed"]
    assert len(found.stopped) == len(timers(story.kit, story.state)) > 0
    assert {one.about for one in found.no_longer_awaited} == set(story.awaits)
    assert (found.started, found.moved, found.newly_awaited) == ((), (), ())
    assert story.state.closing is None
