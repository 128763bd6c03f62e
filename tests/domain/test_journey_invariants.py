"""Every invariant of `tests.domain.invariants` holds on random ways through random programs."""

from hypothesis import given

from domain.kit import Kit
from tests.domain.invariants import INVARIANTS, Way
from tests.domain.journeys import MOVES, Move, kits, travel


@given(kits(), kits(), MOVES)
def test_every_invariant_holds_on_any_way(kit: Kit, other: Kit, moves: list[Move]) -> None:
    way = Way(list(travel(kit, moves, other)))
    for invariant in INVARIANTS:
        invariant(way)
