"""What stays with people (R38), and what every session must have (R61)."""

import re
from collections.abc import Iterator

from domain.kit.kit import Kit
from domain.kit.reviewing.finding import Finding
from domain.kit.rules import Escalation, Nudge, OfferRemedies, OpenCase
from domain.kit.words import ALWAYS_HUMAN, HumanStep

_CLAIMS: dict[str, HumanStep] = {
    "diagnosis": "diagnosis",
    "diagnose": "diagnosis",
    "assessment": "diagnosis",
    "encouragement": "encouragement",
    "praise": "encouragement",
    "feedback": "feedback",
    "review": "judgment",
    "rubric": "judgment",
    "grade": "judgment",
    "score": "judgment",
    "verdict": "judgment",
    "judgment": "judgment",
}
_ASKS = frozenset({"ask", "due", "late", "nudge", "overdue", "reminder", "request", "requested", "soon", "survey"})
"""A message with one of these words in its name announces such a step, and does not replace it."""

_OF_A_PERSON = frozenset({"submitted", "reviewed"})
"""Messages on these occasions report what a person has done, whatever they are called."""


def findings(kit: Kit) -> Iterator[Finding]:
    yield from _given_away(kit)
    for nth, rule in enumerate(kit.escalations):
        yield from _answered_by_nobody(nth, rule)
    for name, message in kit.messages.items():
        if message.when not in _OF_A_PERSON:
            yield from _claims(name)
    yield from _unsaid(kit)


def _given_away(kit: Kit) -> Iterator[Finding]:
    for step in ALWAYS_HUMAN:
        if step not in kit.human:
            says = f"{step} is missing, and it stays with people in every program"
            yield Finding(("human",), says, f"add `{step}`, or leave `human` out")
    if "check_in" in kit.human and kit.monitoring is None:
        says = "check-ins stay with people, but nobody is ever asked for one"
        yield Finding(("human",), says, "add `monitoring`, or remove `check_in`")
    if "closing" in kit.human and not kit.wrap_up.checklist:
        says = "closing stays with people, but every journey may close by the clock alone"
        yield Finding(("human",), says, "list in `wrap_up.checklist` what is done together, or remove `closing`")
    if "matching" in kit.human and not kit.matching.asks:
        says = "matching stays with people, but nobody is asked whether a match suits them"
        yield Finding(("human",), says, "name them in `matching.asks`, or remove `matching`")


def _answered_by_nobody(nth: int, rule: Escalation) -> Iterator[Finding]:
    """A person looks at a learner in trouble before anything is offered: no rule makes the diagnosis."""
    if not rule.when.wants_a_person:
        return
    for which, step in enumerate(rule.ladder):
        if isinstance(step.then, OpenCase) or (isinstance(step.then, Nudge) and step.then.nudge != "learner"):
            return
        if isinstance(step.then, OfferRemedies):
            place = ("escalations", nth, *(("later", which - 1) if which else ()), "then", "offer")
            says = f"{rule.id!r} offers a remedy before any person has looked: diagnosis is not automated"
            yield Finding(place, says, "open a case first, and offer remedies in a later step")
            return
    says = f"{rule.id!r} answers a learner in trouble with a message only: encouragement is not automated"
    yield Finding(("escalations", nth, "then"), says, "open a case, or nudge the mentor or ops, in one of its steps")


def _claims(name: str) -> Iterator[Finding]:
    words = re.split(r"[^a-z]+", name.lower())
    step = next((_CLAIMS[word] for word in words if word in _CLAIMS), None)
    if step and not _ASKS.intersection(words):
        says = f"the message {name!r} would replace what stays with people: {step}"
        remedy = f"remove it; or if it only reminds somebody of that, call it {name}-reminder"
        yield Finding(("messages", name), says, remedy)


def _unsaid(kit: Kit) -> Iterator[Finding]:
    remedy = "every session has a goal statement, one artifact for review and one next step"
    for nth, pathway in enumerate(kit.pathways):
        for field in ("goal", "artifact", "next_step"):
            silent = [session.id for session in pathway.sessions if not getattr(session, field)]
            if silent:
                says = f"these sessions have no `{field}`: {', '.join(silent)}"
                yield Finding(("pathways", nth, "sessions"), says, remedy, grave=False)
