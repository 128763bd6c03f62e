"""What a person would object to before a kit is published, though every journey could run by it.

Journeys under way keep the kit that they have, so these findings are never a reason not to read a published one.
"""

from collections.abc import Iterator

from domain.kit.kit import Kit
from domain.kit.reviewing import duties, instants, ladders, messages, naming, people, routing, timing
from domain.kit.reviewing.finding import Finding

__all__ = ["Finding", "findings_of"]


def findings_of(kit: Kit) -> Iterator[Finding]:
    """Everything that is wrong (`grave`: it is not published) or dubious, by subject."""
    for subject in (naming, routing, instants, timing, duties, ladders, people, messages):
        yield from subject.findings(kit)
