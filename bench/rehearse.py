"""Rehearsals at full size: 10,000 learners for 12 weeks, how the time grows, and what it is spent on.

Options: `--learners N`, `--processes N` (by default one for each processor).
"""

import cProfile
import os
import pstats
import resource
from pathlib import Path
from time import monotonic, process_time

from bench.options import parser
from bench.table import Figure, report
from kits.loading import load_kit
from rehearsal.processes import Alone, Players, players
from rehearsal.replicating import Terms, replicate
from runtime import ending

KIT = Path(__file__).resolve().parents[1] / "programs" / "job-ready"
MENTORS = 0.06
"""For each learner."""
_MEGABYTE = 1024


def terms(learners: int) -> Terms:
    return Terms(learners=learners, mentors=max(1, int(learners * MENTORS)), weeks=12)


def seconds(learners: int, those: Players) -> float:
    kit, began = load_kit(KIT), monotonic()
    replicate(kit, terms(learners), 0, those)
    return monotonic() - began


def shares(learners: int) -> dict[str, float]:
    """The shares of CPU time by part, of a rehearsal in this process."""
    kit, profile = load_kit(KIT), cProfile.Profile()
    profile.runcall(replicate, kit, terms(learners), 0, Alone())
    spent: dict[str, float] = {"domain": 0.0, "people": 0.0, "report": 0.0, "player": 0.0}
    for (file, _, _), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        part = next((name for name, where in _PARTS.items() if where in file), None)
        if part:
            spent[part] += own
    whole = sum(spent.values())
    return {name: one / whole for name, one in spent.items()}


_PARTS = {"people": "/rehearsal/people/", "report": "/rehearsal/report/", "player": "/rehearsal/", "domain": "/domain/"}


def journeys_a_second(learners: int) -> float:
    """Of one core, by its own clock, so that what else runs on the machine counts less."""
    kit, began = load_kit(KIT), process_time()
    replicate(kit, terms(learners), 0, Alone())
    return learners / (process_time() - began)


def megabytes(processes: int) -> float:
    """At most so much was held by all processes together, those that have ended and this one."""
    mine = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (mine + child * processes) / _MEGABYTE


def alone(learners: int, processes: int) -> tuple[float, float]:
    """The seconds and the megabytes of one rehearsal, in processes of its own that have imported everything."""
    with players(processes) as those:
        seconds(min(learners, 200), those)
        spent = seconds(learners, those)
    return spent, megabytes(processes)


def main() -> int:
    options = parser()
    options.add_argument("--learners", type=int, default=10_000)
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    arguments = options.parse_args()
    learners = 500 if arguments.quick else arguments.learners
    once, memory = alone(learners, arguments.processes)
    twice, _ = alone(2 * learners, arguments.processes)
    spent = shares(min(learners, 300))
    report(
        f"{learners:,} learners, 12 weeks, {arguments.processes} processes",
        [
            Figure("rehearse_10k_s" if learners == 10_000 else f"rehearse_{learners}_s", once, "s", bar="60 at 10,000"),
            Figure("rehearse_rss_mb", memory, "MB, all processes", bar="1,000 at 10,000"),
            Figure("rehearse_journeys_per_core_s", journeys_a_second(min(learners, 500)), "a second of one core"),
            Figure("rehearse_linearity", twice / (2 * once), "", bar="1"),
            *(Figure(f"share of {name}", share, "of CPU") for name, share in spent.items()),
        ],
    )
    return 0


if __name__ == "__main__":
    ending.leave(main())
