"""What is told in rows, for the terminal and the page alike."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listing:
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]
