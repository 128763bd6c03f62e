"""Random pairs around every change of clocks of 2020 to 2030, in every zone of tzdata.

    python -m tests.domain.scheduling.fuzz [--seed 7] [--pairs 1]

For each pair, what is offered must be exactly what suits both when it is checked minute by minute.
"""

import argparse
import random
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.scheduling.slots import offers
from tests.domain.scheduling.people import (
    a_calendar,
    all_changes,
    assert_all_changes_are_found,
    changes_of,
    expected,
    terms,
    zones,
)


def check(chance: random.Random, zone: str, other: str, at: datetime) -> str | None:
    """What is wrong with the offers to a random pair around this instant; None: nothing."""
    mentor, learner = a_calendar(chance, zone, at), a_calendar(chance, other, at)
    if chance.random() < 0.5:
        mentor, learner = learner, mentor
    now = at - timedelta(minutes=chance.randrange(0, 2 * 24 * 60))
    wanted = terms(chance)
    found, right = list(offers(mentor, learner, wanted, now).starts), expected(mentor, learner, wanted, now)
    if found == right:
        return None
    wrong = sorted(set(found) ^ set(right))
    return f"{zone} with {other} around {at}: {wrong[:3]} of {mentor}, {learner}, {wanted} at {now}"


def sampled(seed: int, many: int) -> list[str]:
    """The problems of a sample: in so many zones, around one change of clocks each."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    names = zones()
    changed = [(zone, those) for zone in chance.sample(names, many) if (those := changes_of(zone))]
    found = [check(chance, zone, chance.choice(names), chance.choice(those).at) for zone, those in changed]
    return [one for one in found if one]


def sweep(seed: int, pairs: int) -> tuple[int, list[str]]:
    """How many pairs were tried, and the problems, at most ten."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    names, tried, wrong = zones(), 0, []
    for zone, change in all_changes():
        for _ in range(pairs):
            tried += 1
            if problem := check(chance, zone, chance.choice(names), change.at):
                wrong.append(problem)
        if len(wrong) >= 10:
            break
    return tried, wrong


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.domain.scheduling.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--pairs", type=int, default=1, help="for each change of clocks")
    chosen = parser.parse_args(arguments)
    print(f"seed: {chosen.seed} (again with: make fuzz-times SEED={chosen.seed})")  # noqa: T201
    for zone in zones():
        assert_all_changes_are_found(zone, timedelta(hours=1))
    tried, wrong = sweep(chosen.seed, chosen.pairs)
    print("\n".join([*wrong, f"{tried:,} pairs around changes of clocks, {len(wrong)} wrong"]))  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
