"""Problems in the templates of a kit's messages, each with its line."""

from collections.abc import Iterator
from pathlib import Path

from channels.rendering import problems
from domain.kit import Kit
from kits.problems import Problem
from kits.yaml_tree import Tree


def template_problems(file: Path, tree: Tree, kit: Kit) -> Iterator[Problem]:
    """`file`: that of the kit; its texts are in the same folder. A text that several messages use is checked once."""
    for name, message in kit.messages.items():
        place = ("messages", name, "subject")
        line, column = tree.mark(place) or (1, 1)
        for one in problems(message.subject):
            yield Problem(file, line, ".".join(place), one.says, one.remedy, column)
    for text in sorted({message.text for message in kit.messages.values()} & kit.texts.keys()):
        for one in problems(kit.texts[text]):
            yield Problem(file.parent / text, one.line, None, one.says, one.remedy)
