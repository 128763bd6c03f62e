"""The twenty points of STRESS-DES, filled in for a rehearsal."""

import platform
from collections.abc import Iterable
from typing import NamedTuple

from domain.kit import Kit


class Setup(NamedTuple):
    """What was rehearsed, in words and numbers."""

    learners: int
    mentors: int
    arrive_weeks: float
    begins: str
    ends: str
    seed: int
    replications: int
    rule: str
    """When no further replication was made."""
    processes: int
    seconds: float
    people: str
    """Who the people are, in a sentence."""
    scenarios: tuple[str, ...]
    """The policies that are compared."""


def points(kit: Kit, setup: Setup) -> Iterable[tuple[str, str]]:
    comparing = len(setup.scenarios) > 1
    yield (
        "Purpose of the model",
        f"To see how the program {kit.title!r} behaves with many learners before real ones meet it.",
    )
    yield "Outputs", "The figures above; each is defined beside it."
    yield (
        "Aims of the experiment",
        f"To compare: {'; '.join(setup.scenarios)}." if comparing else "To find what breaks first.",
    )
    yield (
        "Overview",
        "Learners come, are approved, wait for a mentor, meet, hand in work, and end; `trellis program draw` draws it.",
    )
    yield (
        "Logic of the base model",
        f"The kit {kit.program} {kit.version} (digest {kit.digest[:12]}), run by the code that runs real journeys.",
    )
    yield (
        "Logic of the scenarios",
        "The same kit with the values that are named; nothing else differs, and the people are the same."
        if comparing
        else "There is one.",
    )
    yield (
        "Algorithms",
        "Matching: the optimum of each round, as in real rounds. Rounds: at the kit's interval, at 09:00 UTC, released "
        "at once; each day for learners who are urgent by the kit. Everything else is rules of the kit.",
    )
    yield (
        "Components",
        f"Entities: {setup.learners:,} learners with a journey each. Resources: {setup.mentors:,} mentors with places "
        "and minutes. Queue: learners who wait for a mentor; waiting longer counts for more. Entry: the intake. Exit: "
        "the end of the journey. Groups, where the kit has them, are formed at each round of all who can join one.",
    )
    yield "Sources of data", setup.people
    yield "Preparation of data", "None."
    yield (
        "Input parameters",
        f"{setup.learners:,} learners over {setup.arrive_weeks:g} weeks, {setup.mentors:,} mentors, from "
        f"{setup.begins} to {setup.ends}.",
    )
    yield (
        "Assumptions",
        "Mentors are onboarded, trained and checked from the first day. What people do does not depend on how others "
        "fare. Letters are delivered, and nobody does anything because of one, but for nudges and surveys. What a "
        "mentor records of a group takes effect at 09:00 UTC on the day after.",
    )
    yield "Start", "Empty: nobody is in the program on the first day. Figures by week show how it fills."
    yield "Length of a run", f"From {setup.begins} to {setup.ends}; journeys that are open then are counted apart."
    yield (
        "Estimation",
        f"Independent replications, {setup.replications} of them: {setup.rule}. Intervals by Student's t over them.",
    )
    yield "Software", f"Trellis, Python {platform.python_version()}."
    yield (
        "Random numbers",
        f"Seed {setup.seed}. Each draw is a hash (BLAKE2b) of seed, replication, person, purpose and index, so that "
        "every policy meets the same people.",
    )
    yield (
        "Execution",
        f"By events, in {_processes(setup)}; the result does not depend on their number. {setup.seconds:.0f} seconds.",
    )
    yield "Machine", f"{platform.system()} {platform.machine()}."
    yield "Code", "The command line of this rehearsal with this seed gives these figures again."


def _processes(setup: Setup) -> str:
    return "one process" if setup.processes == 1 else f"{setup.processes} processes"
