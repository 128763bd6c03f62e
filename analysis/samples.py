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
class Scale:
    """Where values can lie, both ends included. So does every mean of them."""

    least: float = -math.inf
    most: float = math.inf

    @classmethod
    def between(cls, least: float | None, most: float | None) -> Self:
        """From what SQL returns: None where there is no end."""
        return cls(-math.inf if least is None else least, math.inf if most is None else most)

    def joined(self, other: "Scale") -> "Scale":
        """Of values that lie on either."""
        return Scale(min(self.least, other.least), max(self.most, other.most))

    def less(self, other: "Scale") -> "Scale":
        """Of differences: a value here less one there."""
        return Scale(self.least - other.most, self.most - other.least)


ANY, SHARES = Scale(), Scale(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Summary:
    """Of measured values: how many, their mean, and the sum of the squares of their distances from it."""

    n: int
    mean: float
    squares: float
    scale: Scale = ANY

    @classmethod
    def of(cls, values: Iterable[float], scale: Scale = ANY) -> Self:
        return cls.tallied(Counter(values), scale)

    @classmethod
    def tallied(cls, tally: Mapping[float, int], scale: Scale = ANY) -> Self:
        """Of values that repeat, such as the answers on a scale, with how often each was seen."""
        n = sum(tally.values())
        if not n:
            return cls(0, 0.0, 0.0, scale)
        mean = math.fsum(value * times for value, times in tally.items()) / n
        return cls(n, mean, math.fsum(times * (value - mean) ** 2 for value, times in tally.items()), scale)

    @classmethod
    def measured(cls, n: int, mean: float | None, variance: float | None, scale: Scale = ANY) -> Self:
        """From what SQL returns: count, avg and var_samp, the last two None where there is nothing to take them of."""
        return cls(n, mean or 0.0, (variance or 0.0) * max(n - 1, 0), scale)

    @property
    def variance(self) -> float:
        """Of the population, estimated; NaN with fewer than two values."""
        return self.squares / (self.n - 1) if self.n > 1 else math.nan

    def without(self, part: Self) -> "Summary":
        n = self.n - part.n
        if n == 0:
            return Summary(0, 0.0, 0.0, self.scale)
        mean = (self.n * self.mean - part.n * part.mean) / n
        squares = self.squares - part.squares - part.n * n / self.n * (part.mean - mean) ** 2
        return Summary(n, mean, max(squares, 0.0), self.scale)

    def joined(self, other: "Summary") -> "Summary":
        if not self.n or not other.n:
            return self if self.n else other
        n = self.n + other.n
        apart = other.mean - self.mean
        mean = self.mean + apart * other.n / n
        squares = self.squares + other.squares + apart**2 * self.n * other.n / n
        return Summary(n, mean, squares, self.scale.joined(other.scale))
