"""A table of rows, shown by the terminal and by pages alike."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listing:
    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]
