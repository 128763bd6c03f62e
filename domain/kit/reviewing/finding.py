"""One finding of a review."""

from typing import NamedTuple

from domain.kit.words import Place


class Finding(NamedTuple):
    place: Place
    """Where in the kit."""
    says: str
    remedy: str
    grave: bool = True
    """Whether it keeps the kit from being published; otherwise it is a warning."""
