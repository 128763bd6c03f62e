"""What went wrong, for the person and for the script."""

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.exits import Exit


@dataclass(frozen=True)
class Failure:
    words: str
    exit: Exit
    refusal: Mapping[str, object] | None = None
    """What a refusal says to programs."""
