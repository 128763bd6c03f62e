"""Places in a kit whose public holidays nobody knows."""

from collections.abc import Iterator
from pathlib import Path

from domain.kit import Kit
from kits.problems import Problem
from kits.public_holidays import problem_with
from kits.yaml_tree import Tree


def holiday_problems(file: Path, tree: Tree, kit: Kit) -> Iterator[Problem]:
    for nth, one in enumerate(kit.meeting.holidays):
        if found := problem_with(one):
            place = ("meeting", "holidays", nth)
            line, column = tree.mark(place) or (1, 1)
            says, remedy = found
            yield Problem(file, line, ".".join(map(str, place)), says, remedy, column)
