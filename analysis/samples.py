"""What was seen, summed up: as much of it as the calculations need, so that a database can do the counting."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of `of` had something. Raises ValueError for what cannot be: fewer than none, or more than there are."""

    count: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.of:
            raise ValueError(f"{self.count} of {self.of} is not a share. Count each one once, among all that are.")

    @property
    def share(self) -> float:
        """NaN of none."""
        return self.count / self.of if self.of else math.nan

    def without(self, part: Self) -> "Counted":
        return Counted(self.count - part.count, self.of - part.of)


@dataclass(frozen=True, slots=True)
class Summary:
    """Of measured values: how many, their mean, and the sum of the squares of their distances from it."""

    n: int
    mean: float
    squares: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        return cls.tallied(Counter(values))

    @classmethod
    def tallied(cls, tally: Mapping[float, int]) -> Self:
        """Of values that repeat, such as the answers on a scale, with how often each was seen."""
        n = sum(tally.values())
        if not n:
            return cls(0, 0.0, 0.0)
        mean = math.fsum(value * times for value, times in tally.items()) / n
        return cls(n, mean, math.fsum(times * (value - mean) ** 2 for value, times in tally.items()))

    @classmethod
    def measured(cls, n: int, mean: float | None, variance: float | None) -> Self:
        """From what SQL returns: count, avg and var_samp, the last two None where there is nothing to take them of."""
        return cls(n, mean or 0.0, (variance or 0.0) * max(n - 1, 0))

    @property
    def variance(self) -> float:
        """Of the population, estimated; NaN with fewer than two values."""
        return self.squares / (self.n - 1) if self.n > 1 else math.nan

    def without(self, part: Self) -> "Summary":
        n = self.n - part.n
        if n == 0:
            return Summary(0, 0.0, 0.0)
        mean = (self.n * self.mean - part.n * part.mean) / n
        squares = self.squares - part.squares - part.n * n / self.n * (part.mean - mean) ** 2
        return Summary(n, mean, max(squares, 0.0))

    def joined(self, other: Self) -> "Summary":
        n = self.n + other.n
        if n == 0:
            return Summary(0, 0.0, 0.0)
        apart = other.mean - self.mean
        mean = self.mean + apart * other.n / n
        return Summary(n, mean, self.squares + other.squares + apart**2 * self.n * other.n / n)
