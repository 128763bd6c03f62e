"""`python -m tests.chaos`: the whole storm. Exits with 1 when anything was lost, doubled or left behind."""

import argparse
import asyncio
import json
import random
import sys
from dataclasses import asdict
from time import strftime

from runtime import ending
from tests.chaos.storm import Outcome, Plan, storm


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))  # noqa: S311
    parser.add_argument("--journeys", type=int, default=200)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rate", type=float, default=20.0, help="commands a second")
    parser.add_argument("--pause", type=float, default=2.5, help="seconds between two kills, on average")
    parser.add_argument("--lose-temporal", action="store_true", help="delete Temporal's data half-way")
    parser.add_argument("--lose-views", action="store_true", help="drop every view half-way")
    parser.add_argument("--json", action="store_true", help="the account as JSON")
    given = parser.parse_args()
    plan = Plan(given.seed, given.journeys, given.rate, given.kills, given.pause, given.lose_temporal, given.lose_views)
    print(f"seed {plan.seed}: the same again with --seed {plan.seed}", file=sys.stderr)  # noqa: T201
    outcome = asyncio.run(storm(plan, lambda what: print(strftime("%H:%M:%S"), what, file=sys.stderr)))  # noqa: T201
    print(as_json(outcome) if given.json else in_words(outcome))  # noqa: T201
    return 0 if outcome.account.clean else 1


def as_json(outcome: Outcome) -> str:
    return json.dumps(asdict(outcome) | {"kills": dict(outcome.kills)}, indent=1)  # asdict does not know Counter


def in_words(outcome: Outcome) -> str:
    one = outcome.account
    rows = [
        ("kills", f"{outcome.kills.total()} ({', '.join(f'{part} {n}' for part, n in sorted(outcome.kills.items()))})"),
        ("seconds", f"{outcome.seconds:.0f}"),
        ("commands acknowledged", one.acknowledged),
        ("commands refused", one.refused),
        ("commands whose sender got no answer", one.unknown),
        ("lost", len(one.lost)),
        ("doubled", len(one.doubled)),
        ("journeys behind their stream", len(one.behind)),
        ("findings of the audit", len(one.audit)),
        ("views that differ from a rebuild", len(one.views)),
        ("letters", one.letters),
        ("letters sent twice", len(one.letters_twice)),
        ("letters left open", len(one.letters_open)),
    ]
    return "\n".join([*(f"{name:<38}{value}" for name, value in rows), *one.problems[:40]])


if __name__ == "__main__":
    ending.leave(main())
