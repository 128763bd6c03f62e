"""Comparing the words of both sides. Case makes no difference: `Python` is `python`."""

from collections.abc import Iterable
from typing import ClassVar

from domain.fit.comparison import Criterion, Rule
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Measure, Terms
from domain.profiles import Words
from domain.values import together

_LISTED = 5


def keys(words: Iterable[str]) -> frozenset[str]:
    return frozenset(one.casefold() for one in words)


def overlap(measure: Measure, wanted: Words, offered: Words) -> float:
    """From 0 to 1. `share`: of what is wanted; `jaccard`: of all that either has; `any`: 1 for one word in common."""
    wants, offers = keys(wanted), keys(offered)
    common = len(wants & offers)
    match measure:
        case "share":
            return common / len(wants)
        case "jaccard":
            return common / len(wants | offers)
        case "any":
            return float(common > 0)


def in_common(wanted: Words, offered: Words) -> Words:
    """As the learner wrote them."""
    offers = keys(offered)
    return tuple(one for one in wanted if one.casefold() in offers)


def listed(words: Words) -> str:
    """`a, b and c`; of many the first few, and how many more there are."""
    if len(words) <= _LISTED:
        return together(words)
    return together([*words[: _LISTED - 1], f"{len(words) - _LISTED + 1} more"])


def quoted(words: Words) -> str:
    """As `listed`, with quotes around those that would blend into the sentence: options are often sentences."""
    return listed(tuple(f"'{one}'" if " " in one else one for one in words))


class WordsInCommon(Criterion[Words, Words]):
    """The fit is what the words of both have in common."""

    of_learner: ClassVar[str]
    of_mentor: ClassVar[str]
    measure: ClassVar[Measure] = "share"
    yes: ClassVar[str]
    """Before the words in common: `helps with`."""
    no: ClassVar[str]
    """Before the learner's words, where none is in common: `does not help with`."""

    def measured_by(self, terms: Terms) -> Measure:  # noqa: ARG002
        return self.measure

    def wanted(self, learner: Learner, _: Terms) -> Words | None:
        return getattr(learner.profile, self.of_learner) or None

    def offered(self, mentor: Mentor, _: Terms) -> Words | None:
        return getattr(mentor.profile, self.of_mentor) or None

    def fit(self, wanted: Words, offered: Words, terms: Terms) -> float:
        return overlap(self.measured_by(terms), wanted, offered)

    def reason(self, wanted: Words, offered: Words, terms: Terms) -> str:
        common = in_common(wanted, offered)
        if not common:
            return f"{self.no} {quoted(wanted)}"
        in_part = len(wanted) > 1 and self.measured_by(terms) != "any"
        part = f", {len(common)} of {len(wanted)}" if in_part else ""
        return f"{self.yes} {quoted(common)}{part}"


class SharedWords(Rule[Words, Words]):
    """Allows pairs who have a word in common; or, with `apart`, only those who have none."""

    of_learner: ClassVar[str]
    of_mentor: ClassVar[str]
    apart: ClassVar[bool] = False

    def wanted(self, learner: Learner, _: Terms) -> Words | None:
        return getattr(learner.profile, self.of_learner) or None

    def offered(self, mentor: Mentor, _: Terms) -> Words | None:
        return getattr(mentor.profile, self.of_mentor) or None

    def allows(self, wanted: Words, offered: Words, _: Terms) -> bool:
        return (overlap("any", wanted, offered) > 0) != self.apart
