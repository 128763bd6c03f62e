"""Messages that nobody gets, and occasions on which nobody gets one."""

from collections.abc import Iterator
from typing import NamedTuple

from domain.kit.escalating import Nudge, OfferRemedies, OpenCase
from domain.kit.kit import Kit
from domain.kit.messages import Occasion, Topic
from domain.kit.naming import unknown
from domain.kit.reviewing.finding import Finding, Place
from domain.kit.words import Role


class _Occasion(NamedTuple):
    """Something that the kit brings about, and where it says so."""

    place: Place
    when: Occasion
    to: Role
    rule: str | None = None
    of: Topic | None = None


def findings(kit: Kit) -> Iterator[Finding]:
    yield from _twice(kit)
    for name, message in kit.messages.items():
        if message.rule and not kit.find_escalation(message.rule):
            says, _, remedy = unknown("escalation", message.rule, [one.id for one in kit.escalations]).partition("; ")
            yield Finding(("messages", name, "rule"), says, remedy)
    occasions = [*_reminders(kit), *_rungs(kit), *_by_hand(kit)]
    if kit.messages:
        yield from _silent(kit, occasions)
    answered = {kit.message_for(one.when, one.to, one.rule, one.of) for one in occasions}
    for name in kit.messages:
        if name not in answered:
            says = f"nobody ever gets the message {name!r}"
            remedy = "correct its `when`, `of`, `rule` or `to`, or take it out"
            yield Finding(("messages", name), says, remedy, grave=False)


def _twice(kit: Kit) -> Iterator[Finding]:
    seen: dict[object, str] = {}
    for name, message in kit.messages.items():
        if (other := seen.setdefault(message.meant_for, name)) != name:
            says = f"{name!r} and {other!r} are meant for the same occasion, and nothing says which is sent"
            yield Finding(("messages", name), says, "narrow one of them by `of`, `rule` or `to`, or take it out")


def _reminders(kit: Kit) -> Iterator[_Occasion]:
    if kit.intake.reminders:
        yield _Occasion(("intake", "reminders"), "reminder", "learner", of="intake")
    for nth, pathway in enumerate(kit.pathways):
        for which, session in enumerate(pathway.sessions):
            if session.reminders:
                yield _Occasion(("pathways", nth, "sessions", which), "reminder", "learner", of="session")
        for which, milestone in enumerate(pathway.milestones):
            if milestone.reminders:
                place = ("pathways", nth, "milestones", which, "reminders")
                yield _Occasion(place, "reminder", "learner", of="milestone")


def _rungs(kit: Kit) -> Iterator[_Occasion]:
    for nth, rule in enumerate(kit.escalations):
        for which, step in enumerate(rule.ladder):
            place = ("escalations", nth, *(("later", which - 1) if which else ()), "then")
            match step.then:
                case Nudge(nudge=who):
                    yield _Occasion(place, "nudge", who, rule.id)
                case OpenCase(open_case=owner):
                    yield _Occasion(place, "case", owner, rule.id)
                case OfferRemedies():
                    yield _Occasion(place, "remedies", "learner", rule.id)


def _by_hand(kit: Kit) -> Iterator[_Occasion]:
    """What somebody does, and another is told of."""
    for who in kit.matching.asks:
        yield _Occasion(("matching", "asks"), "offer", who)
    if kit.intake.questions:
        yield _Occasion(("intake", "questions"), "more_information", "learner")
    if kit.service_levels.follow_up:
        yield _Occasion(("service_levels", "follow_up"), "follow_up", "learner")


def _silent(kit: Kit, occasions: list[_Occasion]) -> Iterator[Finding]:
    """Once for each kind of occasion, at the first place that brings it about."""
    told = set()
    for one in occasions:
        kind = (one.when, one.to, one.of)
        if kind not in told and kit.message_for(one.when, one.to, one.rule, one.of) is None:
            told.add(kind)
            who = "ops" if one.to == "ops" else f"the {one.to}"
            of = f", of: {one.of}" if one.of else ""
            says = f"{who} is not written to: there is no message for `{one.when}`{of and f' of the {one.of}'}"
            yield Finding(one.place, says, f"add one with `when: {one.when}{of}, to: {one.to}`", grave=False)
