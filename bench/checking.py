"""How the time of `trellis program check` grows with the size of the kit: it should be linear for every content.

For each shape, one file of the largest accepted size and one of an eighth of it. The ratio compares the times per byte:
1 is linear, 8 is quadratic.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import process_time

from bench.options import quick
from bench.table import Figure, report
from domain.kit import KIT_FILE
from kits.loading import KitError, read_kit
from runtime import ending
from runtime.exits import Exit

LARGEST = 990_000
"""In bytes. A kit may have 1,000,000."""
PARTS = 8

HEAD = """\
program: large
version: "1"
title: Large
promise:
  outcome: a portfolio
  audience: beginners
  duration: 900 weeks
  cadence: weekly
  support: a mentor
  measures: [portfolios shown]
"""
PATHWAY = """\
pathways:
  - id: main
    title: Main
    mentor_type: any
    ends: 900 weeks
"""

Shape = Callable[[int], tuple[str, str]]
"""Of a number, what stands before a list of many entries, and the entry of that number."""

SHAPES: Mapping[str, Shape] = {
    "bad entries": lambda n: (PATHWAY + "    sessions:\n", f"      - {{id: s {n}, titel: x}}\n"),
    "wrong names": lambda n: (PATHWAY + "    sessions:\n", f"      - {{id: s{n}, field_{n}: x, fnord{n}: y}}\n"),
    "sessions": lambda n: (
        PATHWAY + "    sessions:\n",
        f"      - {{id: s{n}, title: Go on, purpose: Go on, after: {n} hours, reminders: [1 hour]}}\n",
    ),
    "milestones": lambda n: (PATHWAY + "    milestones:\n", f"      - {{id: m{n}, title: Work, due: {n + 1} hours}}\n"),
    "questions": lambda n: (PATHWAY + "intake:\n  questions:\n", f"    - {{id: q{n}, ask: What for?}}\n"),
    "escalations": lambda n: (
        PATHWAY + "escalations:\n",
        f"  - {{id: e{n}, title: Quiet, when: {{no_activity_for: {n + 1} hours}}, then: {{nudge: learner}}}}\n",
    ),
    "messages": lambda n: (
        PATHWAY + "messages:\n",
        f"  m{n}: {{when: nudge, rule: e{n}, subject: 'Hello {{{{ name }}}} {n}', text: a.md}}\n",
    ),
    "checklists": lambda n: (PATHWAY + "checklists:\n", f"  c{n}: [look, listen]\n"),
    "templates": lambda n: (PATHWAY + "templates:\n", f"  - {{id: t{n}, title: Form, questions: []}}\n"),
    "segments": lambda n: (
        PATHWAY + "intake: {questions: [{id: goal, ask: What for?, kind: choice, options: [job, other]}]}\nsegments:\n",
        f"  - {{id: g{n}, title: T, need: n, urgency: u, level: l, when: {{goal: [job]}}}}\n",
    ),
    "pathways": lambda n: (
        "pathways:\n",
        f"  - {{id: p{n}, title: Main, mentor_type: any, ends: 4 weeks, when: {{goal: [o{n}]}}}}\n",
    ),
    "unknown names": lambda n: (
        PATHWAY + "escalations: [{id: help, title: H, when: {help_asked: true}, then: {open_case: ops}}]\nmessages:\n",
        f"  m{n}: {{when: case, rule: nobody{n}, subject: Hello, text: a.md}}\n",
    ),
    "lacking checklists": lambda n: (
        PATHWAY + "    sessions:\n",
        f"      - {{id: s{n}, title: Go on, purpose: Go on, after: {n} hours, checklist: c{n}}}\n",
    ),
    "risks": lambda n: (PATHWAY + "pre_mortem:\n", f"  - {{failure: it fails, answered_by: nobody{n}}}\n"),
    "options": lambda n: (
        PATHWAY
        + "intake:\n  questions:\n    - id: q\n      ask: What\n      kind: choice\n      options:\n        - a\n",
        f"        - o{n}\n",
    ),
    "criteria": lambda n: (PATHWAY + "mentor_criteria:\n", f"  - Knows the field since {n}\n"),
    "keys twice": lambda n: (PATHWAY, f"title: Again {n}\n"),
    "booleans": lambda _: (PATHWAY + "mentor_criteria:\n", "  - yes\n"),
    "digits": lambda _: (PATHWAY + "customizable:\n  - ", "1234567890"),
    "sixties": lambda _: (PATHWAY + "customizable:\n  - 1", ":10"),
    "shared sessions": lambda n: (
        PATHWAY + "    sessions: [s]\nsessions:\n",
        f"  - {{id: s{n}, title: Go on, purpose: Go on, after: {n} hours}}\n",
    ),
    "prose": lambda n: (PATHWAY + "mentor_criteria:\n  - >\n", f"    Line {n} of a text that goes on and on.\n"),
}


def text_of(shape: Shape, size: int) -> str:
    """A kit of this shape with at least `size` bytes."""

    def parts() -> Iterator[str]:
        before, _ = shape(0)
        yield HEAD + before
        length, nth = len(HEAD) + len(before), 0
        while length < size:
            _, entry = shape(nth)
            length, nth = length + len(entry), nth + 1
            yield entry

    return "".join(parts()) + "\n"


def seconds_for(folder: Path, text: str) -> float:
    (folder / KIT_FILE).write_text(text)
    began = process_time()
    try:
        read_kit(folder)
    except KitError as error:
        str(error)
    return process_time() - began


def main() -> None:
    largest = LARGEST // 4 if quick() else LARGEST
    figures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.md").write_text("Hello {{ name }}\n")
        seconds_for(folder, text_of(SHAPES["sessions"], 1_000))  # leaves out what is created once
        for kind, shape in SHAPES.items():
            few = min(seconds_for(folder, text_of(shape, largest // PARTS)) for _ in range(2))
            many = seconds_for(folder, text_of(shape, largest))
            against = f"a byte of an {PARTS}th"
            figures.append(Figure(f"check_{kind.replace(' ', '_')}", many, "s", many / few / PARTS, against, "about 1"))
    report(f"Checking kits of {largest:,} bytes", figures)


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
