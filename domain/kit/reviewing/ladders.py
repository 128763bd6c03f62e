"""Steps of escalations that have no effect or are never taken, and cases that can stay unanswered unnoticed."""

from collections.abc import Iterator
from datetime import timedelta

from domain.kit.kit import Kit
from domain.kit.reviewing.finding import Finding
from domain.kit.rules import Escalation, Nudge, OfferRemedies, OpenCase, Step
from domain.kit.words import Duty, Place
from domain.values import say_duration

_WITHOUT_MENTOR: tuple[Duty, ...] = ("intake", "intake_review", "match", "offer")
_OUTSIDE_SESSIONS: tuple[Duty, ...] = (*_WITHOUT_MENTOR, "wrap_up")


def findings(kit: Kit) -> Iterator[Finding]:
    for nth, rule in enumerate(kit.escalations):
        for which, step in enumerate(rule.ladder):
            place: Place = ("escalations", nth) if which == 0 else ("escalations", nth, "later", which - 1)
            yield from _nobody(place, rule, step)
            yield from _no_time(place, step)
            if which:
                yield from _too_late(kit, place, rule, step)
    yield from _unanswered(kit)


def _nobody(place: Place, rule: Escalation, step: Step) -> Iterator[Finding]:
    """Measures that need a mentor or sessions, at a time when there are none."""
    duty = rule.when.duty
    at_that_time = f"while the {(duty or '').replace('_', ' ')} is awaited"
    match step.then:
        case Nudge(nudge="mentor") if duty in _WITHOUT_MENTOR:
            says = f"this has no effect: {at_that_time}, there is no mentor to nudge"
            yield Finding((*place, "then", "nudge"), says, "nudge ops")
        case OpenCase(open_case="mentor") if duty in _WITHOUT_MENTOR:
            says = f"this has no effect: {at_that_time}, there is no mentor to own a case"
            yield Finding((*place, "then", "open_case"), says, "open it for ops")
        case OfferRemedies() if duty in _OUTSIDE_SESSIONS:
            if beyond := [one for one in step.then.offer if one in ("other_mentor", "reset")]:
                says = f"this has no effect: {at_that_time}, {beyond[0]!r} is not possible"
                yield Finding((*place, "then", "offer"), says, "offer extra_support or pause, or open a case")
        case _:
            return


def _no_time(place: Place, step: Step) -> Iterator[Finding]:
    match step.then:
        case OpenCase(respond_within=time) if not time:
            says = "nobody can meet this: the case has to be answered at once"
            yield Finding((*place, "then", "respond_within"), says, "give it some time")
        case OfferRemedies(stands_for=time) if not time:
            says = "nobody can meet this: the offer expires at once"
            yield Finding((*place, "then", "stands_for"), says, "give it some time")
        case _:
            return


def _too_late(kit: Kit, place: Place, rule: Escalation, step: Step) -> Iterator[Finding]:
    if reason := rule.when.no_later_steps():
        says = f"this step is never taken: {reason}"
        yield Finding((*place, "after"), says, "remove it, or choose a condition that lasts")
    elif rule.when.earliest is not None:
        longest = max(pathway.ends for pathway in kit.pathways)
        yield from _beyond((*place, "after"), rule.when.earliest + step.after, longest)


def _beyond(place: Place, moment: timedelta, longest: timedelta) -> Iterator[Finding]:
    if moment >= longest:
        says = f"this step is never taken: the longest pathway ends after {say_duration(longest)}"
        yield Finding(place, says, "choose an earlier time")


def _unanswered(kit: Kit) -> Iterator[Finding]:
    late = set(kit.rules_of_overdue)
    for nth, rule in enumerate(kit.escalations):
        last = rule.ladder[-1].then
        if isinstance(last, OpenCase) and "case" not in late and rule.when.duty != "case":
            says = f"nobody is notified when the case that {rule.id!r} opens is not answered"
            remedy = "add an escalation with `when: {overdue: case}`"
            yield Finding(("escalations", nth), says, remedy, grave=False)
            return  # once is enough: one rule covers all cases
    for nth, rule in enumerate(kit.escalations):
        if isinstance(rule.ladder[-1].then, OfferRemedies) and "remedy" not in late:
            says = f"nobody is notified when the learner does not answer the offer of {rule.id!r}"
            remedy = "add a later step that opens a case, or an escalation with `when: {overdue: remedy}`"
            yield Finding(("escalations", nth), says, remedy, grave=False)
            return
