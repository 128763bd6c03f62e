"""How far people who judge the same agree, beyond chance: 1 is always, 0 is as chance would have it.

None where it cannot be told: nothing was judged twice, or everybody gave one and the same answer throughout.
"""

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Literal, TypeVar

Level = Literal["nominal", "ordinal", "interval"]
Judged = TypeVar("Judged", bound=Hashable)


def alpha(units: Sequence[Mapping[str, float]], level: Level) -> float | None:
    """Krippendorff's alpha, by the library of that name. Each unit has what its judges gave it, by the judge.

    Any number of judges, any of whom may lack; a unit with one judge alone says nothing and is left out.
    """
    judged = [unit for unit in units if len(unit) > 1]
    if len({value for unit in judged for value in unit.values()}) < 2:
        return None
    import krippendorff

    judges = sorted({judge for unit in judged for judge in unit})
    table = [[unit.get(judge, math.nan) for unit in judged] for judge in judges]
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement=level))


def kappa(pairs: Sequence[tuple[Judged, Judged]]) -> float | None:
    """Cohen's kappa of two judges, without weights."""
    if not pairs:
        return None
    n = len(pairs)
    agreed = sum(one == other for one, other in pairs) / n
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance = sum(times * second[value] for value, times in first.items()) / n**2
    return None if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)
