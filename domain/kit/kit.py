"""The program kit: what a program promises and the rules by which each journey through it runs.

A kit is data. It is validated as a whole, identified by the digest of its content, and never changed once it is
published: a journey stays with the digest that it began with.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from itertools import islice
from typing import Self

from pydantic import ValidationError, ValidationInfo, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from domain.ids import KitDigest, PathwayId, ProgramId
from domain.kit.checking import inconsistencies
from domain.kit.content import Content, Segment
from domain.kit.delivery import Pathway, fits
from domain.kit.forms import Template
from domain.kit.messages import MessageKey, Occasion, Topic, by_key, find_message
from domain.kit.rules import Escalation
from domain.kit.words import Duty, Role
from domain.values import either

PUBLISHED: Mapping[str, bool] = {"published": True}
"""The validation context for a kit that was checked as a whole when it was published."""

_MOST_PROBLEMS = 1_000
"""Nobody corrects more at a time, and each costs a search for the name that was probably meant."""


class Kit(Content):
    """One version of one program, whole and checked.

    Raises:
        pydantic.ValidationError: naming the field and what is wrong with it, when the content does not hold together.
    """

    @model_validator(mode="after")
    def _holds_together(self, info: ValidationInfo) -> Self:
        if info.context == PUBLISHED:
            return self
        problems = [
            InitErrorDetails(type=PydanticCustomError("kit", "{what}", {"what": what}), loc=place, input=None)
            for place, what in islice(inconsistencies(self), _MOST_PROBLEMS)
        ]
        if problems:
            raise ValidationError.from_exception_data("Kit", problems)
        return self

    @property
    def program_id(self) -> ProgramId:
        return ProgramId(self.program)

    @cached_property
    def digest(self) -> KitDigest:
        """SHA-256 of what the kit sets itself.

        Defaults are left out, so that a newer Trellis, which knows more fields, computes the same digest. A published
        kit is stored with the defaults that it had then, so they do not change under a journey.
        """
        return KitDigest(hashlib.sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest())

    @cached_property
    def _pathways(self) -> Mapping[str, Pathway]:
        return {pathway.id: pathway for pathway in self.pathways}

    def pathway(self, pathway: PathwayId) -> Pathway | None:
        return self._pathways.get(pathway)

    def escalation(self, rule: str) -> Escalation:
        """Raises KeyError when there is no such rule."""
        return self._escalations[rule]

    def find_escalation(self, rule: str) -> Escalation | None:
        return self._escalations.get(rule)

    @cached_property
    def _escalations(self) -> Mapping[str, Escalation]:
        return {rule.id: rule for rule in self.escalations}

    @cached_property
    def rules_of_overdue(self) -> Mapping[Duty, Sequence[tuple[Escalation, timedelta]]]:
        """For each duty, the rules that fire when it is late, and how late it has to be."""
        found: dict[Duty, list[tuple[Escalation, timedelta]]] = {}
        for rule in self.escalations:
            if duty := rule.when.duty:
                found.setdefault(duty, []).append((rule, rule.when.delay))
        return found

    @cached_property
    def rules_at_once(self) -> Sequence[Escalation]:
        """The rules that facts fire, without waiting for any clock."""
        return [rule for rule in self.escalations if not rule.when.by_clock]

    def rules_at_once_after(self, kinds: frozenset[str]) -> Sequence[Escalation]:
        """Those of them that can fire after events of these stored types."""
        found = self._rules_at_once_after.get(kinds)
        if found is None:
            found = [one for one in self.rules_at_once if one.when.after is None or one.when.after & kinds]
            self._rules_at_once_after[kinds] = found
        return found

    @cached_property
    def _rules_at_once_after(self) -> dict[frozenset[str], Sequence[Escalation]]:
        return {}

    @cached_property
    def rules_of_activity(self) -> Sequence[Escalation]:
        """The rules that the clock fires after a look at the learner's activity."""
        return [rule for rule in self.escalations if rule.when.checks_activity]

    @cached_property
    def rules_that_compare(self) -> Sequence[Escalation]:
        """Those of them that hold the learner against others."""
        return [rule for rule in self.rules_of_activity if rule.when.comparison]

    @cached_property
    def rules_of_deadlines(self) -> Sequence[Escalation]:
        """The other rules that the clock fires, but for those about duties."""
        found = (rule for rule in self.escalations if rule.when.by_clock and not rule.when.checks_activity)
        return [rule for rule in found if rule.when.duty is None]

    def route(self, answers: Mapping[str, object]) -> Pathway | None:
        """The first pathway in the kit that takes a learner with these answers; None when none does (R10, R11)."""
        return next((pathway for pathway in self.pathways if pathway.takes(answers)), None)

    def message_for(self, when: Occasion, to: Role, rule: str | None = None, of: Topic | None = None) -> str | None:
        """The name of the message that is sent on this occasion; None when there is none."""
        if when == "invitation" and self.meeting.calendar:
            return self.meeting.calendar if self.meeting.calendar in self.messages else None
        return find_message(self._messages, when, to, rule, of)

    @cached_property
    def _messages(self) -> Mapping[MessageKey, str]:
        return by_key(self.messages)

    def segment_of(self, answers: Mapping[str, object]) -> Segment | None:
        """The first segment in the kit that these answers fit; None when none does (R8)."""
        return next((segment for segment in self.segments if fits(segment.when, answers)), None)

    def is_urgent(self, answers: Mapping[str, object] | None) -> bool:
        """Whether a round of matching begins at once for a learner with these answers."""
        rounds = self.matching.rounds
        return bool(rounds and rounds.urgent and answers and fits(rounds.urgent, answers))

    def template(self, template: str | None) -> Template | None:
        return self._templates.get(template) if template else None

    @cached_property
    def _templates(self) -> Mapping[str, Template]:
        return {one.id: one for one in self.templates}


def fulfilled_when(kit: Kit) -> str | None:
    """When the promise is fulfilled, in words, with the titles of milestones; None where the kit does not say."""
    rule = kit.promise.fulfilled_by
    if rule is None:
        return None
    titles: dict[str, list[str]] = {}
    for milestone in (one for pathway in kit.pathways for one in pathway.milestones):
        titles.setdefault(milestone.id, []).append(f"“{milestone.title}”")
    return rule.in_words({one: either(dict.fromkeys(those)) for one, those in titles.items()})
