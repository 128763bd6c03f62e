"""A whole rehearsal: one policy or several, replication after replication, summed up."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from time import monotonic
from typing import NamedTuple

from domain.kit import Kit
from rehearsal.player.program import Played
from rehearsal.processes import Players
from rehearsal.replicating import MOST, WITHIN, Terms, is_known_well, replicate
from rehearsal.report.breaking import Break, breaks
from rehearsal.report.figures import Figures
from rehearsal.report.page import Compared, page
from rehearsal.report.stress import Setup
from rehearsal.report.summary import Summary, differences, summarize


class Policy(NamedTuple):
    """A kit that is rehearsed, and how it is called."""

    name: str
    kit: Kit
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class _Seen:
    figures: list[Figures] = field(default_factory=list)
    breaks: list[list[Break]] = field(default_factory=list)
    example: Played | None = None

    def add(self, figures: Figures, breaking: list[Break], played: Played) -> None:
        self.figures.append(figures)
        self.breaks.append(breaking)
        self.example = self.example or played


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What it came to."""

    setup: Setup
    base: Policy
    first: Summary
    compared: Sequence[Compared]

    @property
    def html(self) -> str:
        return page(self.base.kit, self.setup, self.first, self.compared)


Tell = Callable[[str, int, datetime], None]
"""Told of each day that is played: the policy, the number of the replication, and the day."""


def rehearse_policies(
    policies: Sequence[Policy],
    terms: Terms,
    players: Players,
    *,
    replications: int | None = None,
    tell: Tell = lambda _policy, _number, _day: None,
) -> Rehearsed:
    """Every policy meets the same people in each replication. `replications`: None makes as many as it takes, at least
    three, until the completion of each policy is known to within five percent of its mean."""
    began = monotonic()
    seen = [_Seen() for _ in policies]
    number = 0
    while not _is_enough(seen, number, replications):
        for policy, one in zip(policies, seen, strict=True):
            done = replicate(policy.kit, terms, number, players, partial(tell, policy.name, number))
            one.add(done.figures, breaks(policy.kit, done.played), done.played)
        number += 1
    summaries = [_summary(policy, one) for policy, one in zip(policies, seen, strict=True)]
    base = policies[0]
    return Rehearsed(
        setup=Setup(
            learners=terms.learners,
            mentors=terms.mentors,
            arrive_weeks=terms.arrive_weeks,
            begins=f"{terms.begins_at(base.kit):%-d %B %Y}",
            ends=f"{terms.ends_at(base.kit):%-d %B %Y}",
            seed=terms.seed,
            replications=number,
            rule=_rule(number, replications),
            processes=players.size,
            seconds=monotonic() - began,
            people=PEOPLE,
            scenarios=tuple(one.name for one in policies),
        ),
        base=base,
        first=summaries[0],
        compared=_compared(policies, seen, summaries),
    )


PEOPLE = (
    "Learners are fitted to the Open University Learning Analytics Dataset: activity, handing in, leaving. Attendance, "
    "answers and mentors are assumed. docs/people-models.md says which is which; `trellis calibrate` shows the fit."
)


def _is_enough(seen: Iterable[_Seen], number: int, wanted: int | None) -> bool:
    if wanted is not None:
        return number >= wanted
    return number >= MOST or all(is_known_well(one.figures) for one in seen)


def _rule(number: int, wanted: int | None) -> str:
    if wanted is not None:
        return "as many as were asked for"
    until = f"until half the interval of the completion was within {WITHIN:.0%} of its mean"
    return f"{until}, which was not reached with the most that are made" if number >= MOST else until


def _summary(policy: Policy, seen: _Seen) -> Summary:
    assert seen.example, "at least one replication is made"
    return summarize(policy.name, policy.kit, seen.figures, seen.example, seen.breaks)


def _compared(policies: Sequence[Policy], seen: Sequence[_Seen], summaries: Sequence[Summary]) -> list[Compared]:
    others = list(zip(policies[1:], seen[1:], summaries[1:], strict=True))
    return [
        Compared(summary, differences(seen[0].figures, one.figures, len(others)), policy.remarks)
        for policy, one, summary in others
    ]
