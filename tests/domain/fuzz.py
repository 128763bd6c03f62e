"""Every invariant on as many random ways as are asked for: `python -m tests.domain.fuzz --sequences 100000`.

Prints the seed that it goes by. When an invariant breaks, it prints the smallest example and the seed that leads there.
"""

import argparse
import random
import sys
from time import monotonic

from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import HypothesisException

from domain.kit import Kit
from tests.domain.invariants import INVARIANTS, Way
from tests.domain.journeys import MOVES, Move, kits, travel

BATCH = 500
"""So many sequences go by one seed."""


def run(count: int, batch_seed: int) -> None:
    """Raises what an invariant raised, on the smallest way on which it does."""

    @seed(batch_seed)
    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(kits(), kits(), MOVES)
    def every_invariant(kit: Kit, other: Kit, moves: list[Move]) -> None:
        way = Way(list(travel(kit, moves, other)))
        for invariant in INVARIANTS:
            invariant(way)

    every_invariant()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sequences", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    options.add_argument("--minutes", type=float, default=float("inf"), help="stop after so long")
    asked = options.parse_args()
    print(f"seed {asked.seed}", flush=True)  # noqa: T201
    began, done = monotonic(), 0
    while done < asked.sequences and monotonic() - began < asked.minutes * 60:
        batch_seed, count = asked.seed + done // BATCH, min(BATCH, asked.sequences - done)
        try:
            run(count, batch_seed)
        except (Exception, HypothesisException):
            print(f"broken: python -m tests.domain.fuzz --seed {batch_seed} --sequences {count}", flush=True)  # noqa: T201
            raise
        done += count
        print(f"{done:>8,} of {asked.sequences:,} sequences, {monotonic() - began:,.0f} s", flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
