"""What a program promises, and by what it is known that the promise was kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from domain.ids import Slug
from domain.kit.naming import unknown
from domain.kit.words import Text
from domain.values import Duration, Frozen, either, together

if TYPE_CHECKING:
    from domain.kit.kit import Kit


Kind = Annotated[Text, StringConstraints(max_length=60)]
"""A kind of outcome, as `record_outcome` takes it."""


class Fulfillment(Frozen):
    """By what it is known that a learner has what was promised. An outcome and milestones must both hold."""

    outcome: Kind | None = None
    """The kind of outcome that decides, as it is given to `record_outcome`; of several, the latest."""
    values: tuple[Text, ...] = ()
    """The values of that kind that fulfill the promise, in any capitals. None: whatever is recorded does."""
    milestones: tuple[Slug, ...] = ()
    """Those of them that are on the learner's pathway are all passed. One that was waived is not asked for."""

    def fulfills(self, value: str) -> bool:
        """Whether this value of the kind that decides does."""
        return not self.values or same(value) in map(same, self.values)

    def in_words(self, titles: Mapping[str, str] | None = None) -> str:
        """Such as `the outcome result is Pass or Distinction`; `titles` are those of the milestones."""
        parts = []
        if self.outcome and self.values:
            parts.append(f"the outcome {self.outcome} is {either(self.values)}")
        elif self.outcome:
            parts.append(f"an outcome {self.outcome} is recorded")
        if self.milestones:
            named = [(titles or {}).get(one, one) for one in self.milestones]
            these = f"milestone {named[0]} is" if len(named) == 1 else f"milestones {together(named)} are"
            parts.append(f"{these} passed, as far as they are on the pathway" if len(named) > 1 else f"{these} passed")
        return ", and ".join(parts)


def same(value: str) -> str:
    """Equal for values that count as the same one: capitals and spaces around it make no difference."""
    return value.strip().casefold()


class Promise(Frozen):
    """What the program undertakes, in words that can be held against what it delivered (R1)."""

    outcome: Text
    audience: Text
    duration: Duration
    cadence: Text
    support: Text
    measures: tuple[Text, ...] = Field(min_length=1)
    fulfilled_by: Fulfillment | None = None
    """By what it is known that a learner has what was promised. None: the kit does not say, and nobody is counted."""


def fulfilled_when(kit: Kit) -> str | None:
    """What fulfills the promise, with the titles of the milestones; None where the kit does not say it."""
    rule = kit.promise.fulfilled_by
    if rule is None:
        return None
    titles: dict[str, list[str]] = {}
    for milestone in (one for pathway in kit.pathways for one in pathway.milestones):
        titles.setdefault(milestone.id, []).append(f"“{milestone.title}”")
    return rule.in_words({one: either(dict.fromkeys(those)) for one, those in titles.items()})


Problem = tuple[tuple[str | int, ...], str]
"""A place in the kit, and what does not hold together there."""


def problems_of_promise(kit: Kit) -> Iterator[Problem]:
    """Rules of fulfillment that no journey could meet, and values of outcomes that say nothing."""
    for kind, values in kit.outcomes.items():
        yield from _twice(("outcomes", kind), values)
    rule, place = kit.promise.fulfilled_by, ("promise", "fulfilled_by")
    if rule is None:
        return
    if rule.outcome is None and not rule.milestones:
        yield place, "it names neither an outcome nor milestones; name what fulfills the promise, or leave it out"
    if rule.values and rule.outcome is None:
        yield (*place, "values"), "these are values of no outcome; name its kind as `outcome`"
    yield from _twice((*place, "values"), rule.values)
    yield from _twice((*place, "milestones"), rule.milestones)
    listed = kit.outcomes.get(rule.outcome or "", ())
    known = {same(one) for one in listed}
    for nth, value in enumerate(rule.values if listed else ()):
        if same(value) not in known:
            yield (*place, "values", nth), unknown("value", value, listed, of=f"the outcome {rule.outcome!r}")
    yield from _unmet(kit, rule.milestones)


def _unmet(kit: Kit, milestones: Sequence[str]) -> Iterator[Problem]:
    place = ("promise", "fulfilled_by", "milestones")
    of_pathway = {pathway.id: {one.id for one in pathway.milestones} for pathway in kit.pathways}
    known = set().union(*of_pathway.values())
    strange = [(nth, one) for nth, one in enumerate(milestones) if one not in known]
    for nth, one in strange:
        yield (*place, nth), unknown("milestone", one, known)
    wanted = frozenset(milestones)
    if milestones and not strange:
        for pathway, ids in of_pathway.items():
            if not ids & wanted:
                yield place, f"none of these is on pathway {pathway!r}; name at least one milestone of each pathway"


def _twice(place: tuple[str | int, ...], those: Sequence[str]) -> Iterator[Problem]:
    seen = set()
    for nth, one in enumerate(those):
        if same(one) in seen:
            yield (*place, nth), f"{one!r} is there twice; keep one of the two"
        seen.add(same(one))
