"""Chance, keyed: each draw by the seed, the replication, the person, the purpose and the index, and by nothing else.

So the same person meets the same chance whatever else happens: under another policy, with more people around them, in
another process, or in another order of calls. Two policies are compared on the same people by that.
"""

import math
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

_UNIT = 2.0**-53
_ALMOST_NONE = 2.0**-54
"""Half of the smallest step, so that no logarithm is taken of 0."""


class Draws:
    """The chance of one person in one replication."""

    __slots__ = ("_begun",)

    def __init__(self, seed: int, replication: int, person: str) -> None:
        self._begun = blake2b(f"{seed}/{replication}/{person}/".encode(), digest_size=8)

    def uniform(self, purpose: str, index: int | str = 0) -> float:
        """From 0 up to, but without, 1."""
        hashed = self._begun.copy()
        hashed.update(f"{purpose}/{index}".encode())
        return (int.from_bytes(hashed.digest(), "big") >> 11) * _UNIT

    def happens(self, chance: float, purpose: str, index: int | str = 0) -> bool:
        return self.uniform(purpose, index) < chance

    def exponential(self, mean: float, purpose: str, index: int | str = 0) -> float:
        return -mean * math.log(self.uniform(purpose, index) + _ALMOST_NONE)

    def normal(self, purpose: str, index: int | str = 0) -> float:
        """Of mean 0 and standard deviation 1 (Box and Muller)."""
        reach = math.sqrt(-2.0 * math.log(self.uniform(purpose, f"{index}/reach") + _ALMOST_NONE))
        return reach * math.cos(2.0 * math.pi * self.uniform(purpose, f"{index}/turn"))

    def one_of(self, those: Sequence[T], purpose: str, index: int | str = 0) -> T:
        return those[int(self.uniform(purpose, index) * len(those))]
