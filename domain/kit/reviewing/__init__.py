"""What keeps a kit from being published, or is doubtful, although every journey could run by it.

Journeys under way keep the kit that they have, so a published kit is read whatever is found here.
"""

from collections.abc import Iterator

from domain.kit.kit import Kit
from domain.kit.reviewing import (
    capacity,
    dormant,
    duties,
    instants,
    ladders,
    matching,
    messages,
    people,
    references,
    routing,
    surveys,
    timing,
)
from domain.kit.reviewing.finding import Finding

__all__ = ["Finding", "findings_of"]


_MOST = {"pathways": 1_000, "segments": 1_000, "escalations": 2_000}
"""Some of these are compared in pairs."""
_SUBJECTS = (
    references,
    routing,
    instants,
    timing,
    duties,
    ladders,
    matching,
    people,
    messages,
    surveys,
    capacity,
    dormant,
)


def findings_of(kit: Kit) -> Iterator[Finding]:
    """Everything that is wrong (`grave`: the kit cannot be published) or doubtful, by subject."""
    for field, most in _MOST.items():
        if (many := len(getattr(kit, field))) > most:
            yield Finding((field,), f"there are {many:,} {field}, and {most:,} are the limit", "remove some of them")
            return
    for subject in _SUBJECTS:
        yield from subject.findings(kit)
