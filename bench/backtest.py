"""Every rule of a shipped kit on all learners of the Open University data, and what it finds on the last term.

Wants the data in the folder `oulad` of TRELLIS_DATA, or in ../shared/data beside the checkout; says so where there is
none.
"""

import gc
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time

from bench.options import quick
from bench.table import Figure, report
from kits.loading import load_kit
from rehearsal.backtest.crowd import Crowd
from rehearsal.backtest.oulad import read
from rehearsal.backtest.rules import tried
from rehearsal.backtest.sources import MARKED_AFTER
from rehearsal.backtest.study import Backtest, backtest
from runtime import ending
from runtime.exits import Exit

_ROOT = Path(__file__).resolve().parents[1]
_PROGRAMS = ("job-ready", "open-source-term", "teaching-circle")


def measure() -> list[Figure]:
    folder = Path(os.environ.get("TRELLIS_DATA") or _ROOT.parent / "shared" / "data") / "oulad"
    if not folder.is_dir():
        print(f"no data at {folder}; set TRELLIS_DATA to the folder that has oulad in it")
        return []
    gc.disable()  # as the command does
    began, busy = perf_counter(), process_time()
    history = read(folder, MARKED_AFTER)
    everybody = Crowd.of(history.courses)
    kit = load_kit(_ROOT / "programs" / _PROGRAMS[0])
    everybody.watch(tried(kit))
    took, took_busy = perf_counter() - began, process_time() - busy
    days = sum(len(row.learner.active) for row in everybody.rows)
    against = f"reading, and every rule of {_PROGRAMS[0]} on {len(everybody):,} learners, {days:,} learner-days"
    busy = process_time()
    found = [backtest(load_kit(_ROOT / "programs" / one), history) for one in (_PROGRAMS[:1] if quick() else _PROGRAMS)]
    whole = process_time() - busy
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Figure("backtest_s", took, "s", None, against, "under 60"),
        Figure("backtest_busy_s", took_busy, "s", None, "the same, in time of one processor"),
        Figure("backtest_whole_s", whole / len(found), "s", None, "a whole report with its curves, of one processor"),
        Figure("backtest_rss_mb", memory, "MB", None, "the largest resident size"),
        *(figure for one in found for figure in _figures(one)),
    ]


def _figures(found: Backtest) -> Iterator[Figure]:
    for one in (*found.tried, *found.together):
        for each in one.days:
            name = f"{found.kit.program}_{one.name}_day_{each.day}".replace(", step ", "_").replace(" ", "_").lower()
            there = f"of {each.score.there:,} on {found.term}, base {each.score.base:.2f}"
            against = f"{there}; {each.score.flagged:,} flagged"
            if each.score.precision:
                yield Figure(f"{name}_precision", each.score.precision.estimate, "", None, against)
            if each.score.recall:
                yield Figure(f"{name}_recall", each.score.recall.estimate, "", None, against)
    for day in found.yardstick:
        for what, figure in (("precision", day.top.precision), ("recall", day.top.recall)):
            if figure:
                yield Figure(f"regression_top_fifth_day_{day.day}_{what}", figure.estimate, "", None, "the yardstick")


def main() -> None:
    if figures := measure():
        report("Rules on learners of the past", figures)


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
