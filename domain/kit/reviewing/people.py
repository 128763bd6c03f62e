"""What stays with people (R38), and what every meeting with them has (R61)."""

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
"""With one of these in its name, a message tells of such a step, and does not stand for it."""

_OF_A_PERSON = frozenset({"submitted", "reviewed"})
"""Messages on these occasions tell of what a person has done, whatever they are called."""


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
            says = f"{step} is left to machines, and in every program it stays with people"
            yield Finding(("human",), says, f"write `{step}` back, or leave `human` out")
    if "check_in" in kit.human and kit.monitoring is None:
        says = "check-ins are kept for people, and nobody is ever asked for one"
        yield Finding(("human",), says, "add `monitoring`, or take `check_in` out")
    if "closing" in kit.human and not kit.wrap_up.checklist:
        says = "the closing is kept for people, and every journey may close by the clock alone"
        yield Finding(("human",), says, "say in `wrap_up.checklist` what is done together, or take `closing` out")
    if "matching" in kit.human and not kit.matching.asks:
        says = "matching is kept for people, and nobody is asked whether a match suits them"
        yield Finding(("human",), says, "name them in `matching.asks`, or take `matching` out")


def _answered_by_nobody(nth: int, rule: Escalation) -> Iterator[Finding]:
    """A learner in trouble is looked at by a person before anything is offered: no rule makes the diagnosis."""
    if not rule.when.wants_a_person:
        return
    for which, step in enumerate(rule.ladder):
        if isinstance(step.then, OpenCase) or (isinstance(step.then, Nudge) and step.then.nudge != "learner"):
            return
        if isinstance(step.then, OfferRemedies):
            place = ("escalations", nth, *(("later", which - 1) if which else ()), "then", "offer")
            says = f"{rule.id!r} offers a way on before any person has looked: diagnosis is not automated"
            yield Finding(place, says, "open a case first, and offer in a later step")
            return
    says = f"{rule.id!r} answers a learner in trouble with a message only: encouragement is not automated"
    yield Finding(("escalations", nth, "then"), says, "open a case, or nudge the mentor or ops, in one of its steps")


def _claims(name: str) -> Iterator[Finding]:
    words = re.split(r"[^a-z]+", name.lower())
    step = next((_CLAIMS[word] for word in words if word in _CLAIMS), None)
    if step and not _ASKS.intersection(words):
        says = f"the message {name!r} would do what stays with people: {step}"
        remedy = f"take it out; or if it only reminds of that, call it {name}-reminder"
        yield Finding(("messages", name), says, remedy)


def _unsaid(kit: Kit) -> Iterator[Finding]:
    remedy = "in every mode there is a goal statement, one artifact for review, one next step"
    for nth, pathway in enumerate(kit.pathways):
        for field in ("goal", "artifact", "next_step"):
            silent = [session.id for session in pathway.sessions if not getattr(session, field)]
            if silent:
                says = f"these sessions have no `{field}`: {', '.join(silent)}"
                yield Finding(("pathways", nth, "sessions"), says, remedy, grave=False)
