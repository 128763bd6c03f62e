"""Two settings of a kit beside the same learners of the past: the difference, with its interval."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.kit import Kit
from rehearsal.backtest.beside import Paired, paired
from rehearsal.backtest.crowd import Crowd
from rehearsal.backtest.rules import Rung, rungs, says, tried
from rehearsal.backtest.scoring import Load, Score, load, score


@dataclass(frozen=True)
class Compared:
    """One step of a rule that both kits have, on one day."""

    rung: Rung
    says: str
    says_changed: str
    day: int
    score: Score
    changed: Score
    difference: Paired
    """The changed kit less the other one."""
    load: Load
    load_changed: Load


def compared(kit: Kit, changed: Kit, crowd: Crowd, days: Sequence[int]) -> list[Compared]:
    """Only the rules that differ."""
    return list(_compared(kit, changed, crowd, days))


def _compared(kit: Kit, changed: Kit, crowd: Crowd, days: Sequence[int]) -> Iterator[Compared]:
    before, after = ({rule.id: rule for rule in tried(one)} for one in (kit, changed))
    differing = [rule for name, rule in before.items() if name in after and after[name] != rule]
    first, second = crowd.watch(differing), crowd.watch([after[rule.id] for rule in differing])
    for rule in differing:
        for rung in rungs([rule]):
            if rung not in second.spells:
                continue
            for day in days:
                there = crowd.there(day)
                flags, others = first.flagged(rung, day), second.flagged(rung, day)
                yield Compared(
                    rung=rung,
                    says=says(rule, rung.step),
                    says_changed=says(after[rule.id], rung.step),
                    day=day,
                    score=score(crowd, flags, day),
                    changed=score(crowd, others, day),
                    difference=paired(others & there, flags & there, crowd.troubled & there),
                    load=load(crowd, first.spells[rung]),
                    load_changed=load(crowd, second.spells[rung]),
                )
