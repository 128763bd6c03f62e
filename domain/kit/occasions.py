"""Every occasion on which journeys by a kit send a message to somebody, and the place of the kit that causes it.

The counterpart of `domain.notification.notices`, which turns events into notices: each of those is an occasion here. A
test sends random journeys through random kits to keep the two in agreement.
"""

from collections.abc import Iterator
from typing import NamedTuple

from domain.kit.kit import Kit
from domain.kit.messages import Occasion, Topic
from domain.kit.rules import Escalation, Measure, Nudge, OfferRemedies, OpenCase
from domain.kit.words import Place, Role


class Occurrence(NamedTuple):
    """An occasion on which a role gets a message."""

    place: Place
    """Where the kit causes it."""
    when: Occasion
    to: Role
    rule: str | None = None
    of: Topic | None = None
    usual: bool = True
    """Whether a program should have a message for it. Otherwise it is an exception, such as a missing mentor, or
    follows from something that a person decides."""


def occasions(kit: Kit) -> Iterator[Occurrence]:
    """All of them. One that the kit causes in several places is there once for each."""
    yield from _reminders(kit)
    for nth, rule in enumerate(kit.escalations):
        for which, step in enumerate(rule.ladder):
            place = ("escalations", nth, *(("later", which - 1) if which else ()), "then")
            yield from _of_measure(place, rule, step.then)
    if any(isinstance(step.then, OpenCase | OfferRemedies) for rule in kit.escalations for step in rule.ladder):
        for owner in ("mentor", "ops"):  # whoever owns a case can reassign it
            yield Occurrence(("escalations",), "case", owner, usual=False)
    for who in kit.matching.asks:
        yield Occurrence(("matching", "asks"), "offer", who)
        yield Occurrence(("matching", "asks"), "offer_withdrawn", who, usual=False)
    yield Occurrence(("intake", "questions"), "more_information", "learner", usual=bool(kit.intake.questions))
    if kit.service_levels.follow_up and any(pathway.sessions for pathway in kit.pathways):
        yield Occurrence(("service_levels", "follow_up"), "follow_up", "learner")
    for nth, survey in enumerate(kit.surveys if kit.asking else ()):
        yield Occurrence(("surveys", nth), "survey", survey.of)
    yield from _changes(kit)


def _changes(kit: Kit) -> Iterator[Occurrence]:
    """Changes of a journey that its learner and its mentor are notified of."""
    yield Occurrence(("intake",), "approved", "learner")
    yield Occurrence(("intake",), "declined", "learner")
    yield from _for_both(("matching",), "matched")
    yield from _for_both(("matching",), "mentor_left")
    if any(pathway.sessions for pathway in kit.pathways):
        yield from _for_both(("pathways",), "invitation", usual=False)  # feeds have the dates as well
        yield from _for_both(("pathways",), "session_moved")
        yield from _for_both(("pathways",), "session_cancelled")
    if any(pathway.milestones for pathway in kit.pathways):
        yield Occurrence(("pathways",), "submitted", "mentor")
        yield Occurrence(("pathways",), "reviewed", "learner")
    dated = any(pathway.sessions or pathway.milestones for pathway in kit.pathways)
    yield from _for_both(("pathways",), "new_dates", usual=dated)  # the next version of the kit may change them
    yield from _for_both(("pausing",), "paused")
    yield from _for_both(("pausing",), "resumed")
    yield from _for_both(("wrap_up",), "wrap_up")
    yield from _for_both(("wrap_up",), "closed")
    yield from _for_both(("wrap_up",), "reopened", usual=False)


def _for_both(place: Place, when: Occasion, *, usual: bool = True) -> Iterator[Occurrence]:
    for who in ("learner", "mentor"):
        yield Occurrence(place, when, who, usual=usual)


def _reminders(kit: Kit) -> Iterator[Occurrence]:
    if kit.intake.reminders:
        yield Occurrence(("intake", "reminders"), "reminder", "learner", of="intake")
    for nth, pathway in enumerate(kit.pathways):
        for which, session in enumerate(pathway.sessions):
            if session.reminders:
                yield Occurrence(("pathways", nth, "sessions", which), "reminder", "learner", of="session")
        for which, milestone in enumerate(pathway.milestones):
            if milestone.reminders:
                place = ("pathways", nth, "milestones", which, "reminders")
                yield Occurrence(place, "reminder", "learner", of="milestone")


def _of_measure(place: Place, rule: Escalation, then: Measure) -> Iterator[Occurrence]:
    match then:
        case Nudge(nudge=who):
            yield from _or_ops(Occurrence(place, "nudge", who, rule.id))
        case OpenCase(open_case=owner):
            yield from _or_ops(Occurrence(place, "case", owner, rule.id))
        case OfferRemedies(offer=offered):
            yield Occurrence(place, "remedies", "learner", rule.id)
            yield Occurrence(place, "nudge", "ops", rule.id, usual=False)  # if none of them is possible
            if "extra_support" in offered:
                yield from _or_ops(Occurrence(place, "case", "mentor", rule.id, usual=False))


def _or_ops(one: Occurrence) -> Iterator[Occurrence]:
    """What is meant for the mentor goes to ops while there is none."""
    yield one
    if one.to == "mentor":
        yield one._replace(to="ops", usual=False)
