"""The rules of the kit on one journey, in groups: those that nearly fired first, those not about it now last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from interfaces.http.pages.rendering import When
from queries.journey_record import JourneyRecord
from queries.why_not import RuleStanding, Standing, rules_of

_FEW = 15
"""So many rules are shown at once; of more, those that do not matter now are folded."""
_STANDINGS: Mapping[Standing, str] = {
    "fired": "fired", "scheduled": "will fire", "over": "did not fire", "not_met": "has not fired",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    says: str
    place: str
    standing: str
    at: When | None
    because: str
    message: str


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    title: str
    rules: Sequence[Rule]
    is_open: bool


@dataclass(frozen=True, slots=True)
class RulesOfJourney:
    find: str
    many: int
    """Of all rules, whatever is searched for."""
    groups: Sequence[Group]
    """Those in which there are any."""


_TITLES: Mapping[str, str] = {
    "near": "Near misses: not much was missing",
    "scheduled": "Will fire, unless something comes first",
    "fired": "Fired",
    "others": "Not about this journey now",
}


def rules_on(record: JourneyRecord, find: str, outcomes: Mapping[int, str]) -> RulesOfJourney:
    """Those in which all the words of `find` are. `outcomes`: what became of messages, by the version of the event."""
    every = rules_of(record)
    groups: dict[str, list[Rule]] = {name: [] for name in _TITLES}
    for one in every:
        rule = _rule(one, outcomes, record.as_of)
        if _has(rule, find):
            groups[_group_of(one)].append(rule)
    shows_all = bool(find.strip()) or len(every) <= _FEW
    return RulesOfJourney(
        find=find,
        many=len(every),
        groups=[
            Group(name, _TITLES[name], rules, shows_all or name != "others") for name, rules in groups.items() if rules
        ],
    )


def _group_of(one: RuleStanding) -> str:
    if one.standing in {"fired", "scheduled"}:
        return one.standing
    return "near" if one.near else "others"


def _has(rule: Rule, find: str) -> bool:
    text = f"{rule.says} {rule.place} {rule.because} {rule.message}".casefold()
    return all(word in text for word in find.casefold().split())


def _rule(one: RuleStanding, of_event: Mapping[int, str], now: datetime) -> Rule:
    at = When.of(one.at, now) if one.at else None
    place = ", ".join(filter(None, (one.rule, one.source)))
    return Rule(one.says, place, _STANDINGS[one.standing], at, one.because, of_event.get(one.version or 0, ""))
