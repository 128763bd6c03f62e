"""Words of mentors that can never be in common with a learner's, because the intake offers others."""

from collections.abc import Iterator, Mapping, Sequence

from domain.fit.criteria import CRITERIA
from domain.fit.overlap import SharedWords, WordsInCommon, keys
from domain.fit.rules import RULES
from domain.kit import Kit
from domain.matching.pool import Available
from domain.profiles import Trait
from domain.values import counted


def strange_words(kit: Kit, mentors: Sequence[Available]) -> Iterator[str]:
    """A sentence for each column of the mentors' profiles that has such words, with one of them."""
    offered = _offered(kit)
    for column, trait in _compared(kit).items():
        if trait not in offered:
            continue
        theirs = {word: one for one in mentors for word in getattr(one.profile, column)}
        strange = sorted(word for word in theirs if word.casefold() not in offered[trait])
        if strange:
            says = f"{counted(len(strange), 'word')} in `{column}` of mentors can match nobody, such as {strange[0]!r}"
            yield f"{says} of {theirs[strange[0]].mentor}: no question that tells `{trait}` has that option"


def _offered(kit: Kit) -> Mapping[Trait, frozenset[str]]:
    """The options of each trait; not of those for which learners may also write freely."""
    asked = [(one.tells, one.options) for one in kit.intake.questions if one.tells]
    free = {trait for trait, options in asked if not options}
    return {
        trait: keys(option for other, options in asked if other == trait for option in options)
        for trait, _ in asked
        if trait not in free
    }


def _compared(kit: Kit) -> Mapping[str, Trait]:
    """The columns of mentors whose words the kit compares, each with the trait of learners."""
    weighted = [CRITERIA[name] for name, weight in kit.matching.weights.items() if weight and name in CRITERIA]
    rules = [RULES[name] for name in kit.matching.rules if name in RULES]
    return {one.of_mentor: one.tells[0] for one in (*weighted, *rules) if isinstance(one, WordsInCommon | SharedWords)}
