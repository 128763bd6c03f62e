"""The smallest program that is valid, as YAML, and what is wrong with a changed one."""

import re
from pathlib import Path

import pytest

from kits.loading import KitError, load_kit

SMALL = """\
program: small
version: "1"
title: Small
promise:
  outcome: a portfolio
  audience: beginners
  duration: 4 weeks
  cadence: weekly
  support: a mentor
  measures: [portfolios shown]
pathways:
  - id: main
    title: Main
    mentor_type: any
    ends: 4 weeks
    sessions:
      - {id: s1, title: Goals, purpose: set the goal, after: 3 days}
escalations:
  - id: quiet
    title: Quiet
    when: {no_activity_for: 7 days}
    then: {nudge: learner}
"""


def problems(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "program.yaml"
    file.write_text(text)
    with pytest.raises(KitError) as caught:
        load_kit(file)
    return [re.sub(r"^(:\d+):\d+", r"\1", str(one).removeprefix(str(file))) for one in caught.value.problems]
