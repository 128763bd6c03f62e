"""Messages that are never sent, and occasions that have no message."""

from collections.abc import Iterator

from domain.kit.kit import Kit
from domain.kit.naming import unknown
from domain.kit.occasions import Occurrence, occasions
from domain.kit.reviewing.finding import Finding


def findings(kit: Kit) -> Iterator[Finding]:
    yield from _twice(kit)
    if (name := kit.meeting.calendar) and name not in kit.messages:
        says, _, remedy = unknown("message", name, kit.messages).partition("; ")
        yield Finding(("meeting", "calendar"), says, remedy)
    rules = [one.id for one in kit.escalations]
    for name, message in kit.messages.items():
        if message.rule and not kit.find_escalation(message.rule):
            says, _, remedy = unknown("escalation", message.rule, rules).partition("; ")
            yield Finding(("messages", name, "rule"), says, remedy)
    those = list(occasions(kit))
    if kit.messages:
        yield from _silent(kit, those)
    answered = {kit.message_for(one.when, one.to, one.rule, one.of) for one in those}
    for name in kit.messages:
        if name not in answered:
            says = f"the message {name!r} is never sent"
            remedy = "correct its `when`, `of`, `rule` or `to`, or remove it"
            yield Finding(("messages", name), says, remedy, grave=False)


def _twice(kit: Kit) -> Iterator[Finding]:
    seen: dict[object, str] = {}
    for name, message in kit.messages.items():
        if (other := seen.setdefault(message.key, name)) != name:
            says = f"{name!r} and {other!r} are for the same occasion, and nothing says which of them is sent"
            yield Finding(("messages", name), says, "narrow one of them by `of`, `rule` or `to`, or remove it")


def _silent(kit: Kit, those: list[Occurrence]) -> Iterator[Finding]:
    """One finding for each kind of occasion, at the first place that causes it."""
    reported = set()
    for one in those:
        kind = (one.when, one.to, one.of)
        if one.usual and kind not in reported and kit.message_for(one.when, one.to, one.rule, one.of) is None:
            reported.add(kind)
            who = "ops" if one.to == "ops" else f"the {one.to}"
            of = f", of: {one.of}" if one.of else ""
            says = f"{who} gets no message: there is none for `{one.when}`{of and f' of the {one.of}'}"
            yield Finding(one.place, says, f"add one with `when: {one.when}{of}, to: {one.to}`", grave=False)
