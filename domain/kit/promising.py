"""What a program promises, and how it is known whether the promise was kept."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from domain.ids import Slug
from domain.kit.words import Text
from domain.values import Duration, Frozen, either, together

Kind = Annotated[Text, StringConstraints(max_length=60)]
"""A kind of outcome, as `record_outcome` takes it."""


Meaning = Literal["interview", "job", "promotion", "project"]
"""What an outcome can count as in measures."""
MEANINGS: Mapping[Meaning, str] = {
    "interview": "an interview",
    "job": "a job",
    "promotion": "a promotion",
    "project": "a project",
}
"""In words."""


class Fulfillment(Frozen):
    """By what it is known that a learner has what was promised. An outcome and milestones must both hold."""

    outcome: Kind | None = None
    """The kind of outcome that decides, as it is given to `record_outcome`; of several, the latest."""
    values: tuple[Text, ...] = ()
    """The values of that kind that fulfill the promise, in any capitals. None: whatever is recorded does."""
    milestones: tuple[Slug, ...] = ()
    """All of them that are on the learner's pathway must be passed. One that was waived is not required."""

    def fulfills(self, value: str) -> bool:
        """Whether this value of the deciding kind fulfills the promise."""
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


class OutcomeMeaning(Frozen):
    """What a kind of outcome counts as, whatever its name: measures go by it (R47)."""

    means: Meaning
    outcome: Kind
    """The kind, as it is given to `record_outcome`; of several outcomes of it, the latest counts."""
    values: tuple[Text, ...] = ()
    """The values of that kind that count, in any capitals. None: whatever is recorded does."""

    def in_words(self) -> str:
        """Such as `the outcome job is employed or self-employed`."""
        if self.values:
            return f"the outcome {self.outcome} is {either(self.values)}"
        return f"an outcome {self.outcome} is recorded"


def same(value: str) -> str:
    """Equal for values that count as the same: capitals and surrounding spaces make no difference."""
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
