"""What a review finds."""

from typing import NamedTuple

Place = tuple[str | int, ...]


class Finding(NamedTuple):
    place: Place
    """Where in the kit."""
    says: str
    remedy: str
    grave: bool = True
    """Whether the kit cannot be published with it; otherwise it is a warning."""
