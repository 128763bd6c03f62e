"""Parts of a kit in words, for people who did not write it. Conditions have their words themselves."""

from collections.abc import Iterable
from datetime import timedelta
from typing import assert_never

from domain.kit import Kit, Measure, Nudge, OfferRemedies, OpenCase, Pathway, Step
from domain.kit.words import REMEDIES
from domain.values import either, say_duration, together
from domain.words import by_role, plain


def measure_in_words(measure: Measure) -> str:
    """`nudge the learner`, `a warning case for ops, to be answered within 2 days`."""
    match measure:
        case Nudge(nudge=who):
            return f"nudge {by_role(who)}"
        case OpenCase(open_case=who):
            by = f", by the checklist {measure.checklist!r}" if measure.checklist else ""
            within = say_duration(measure.respond_within)
            return f"a {measure.severity} case for {by_role(who)}, to be answered within {within}{by}"
        case OfferRemedies():
            ways = either(REMEDIES[one] for one in measure.offer)
            return f"offer the learner {ways}, for {say_duration(measure.stands_for)}"
        case _:
            assert_never(measure)


def step_in_words(step: Step) -> str:
    """`after 4 days: nudge the learner`."""
    return f"{moment_of(step)}: {measure_in_words(step.then)}"


def moment_of(step: Step) -> str:
    """When a step of an escalation is taken: `at once`, `after 4 days`."""
    return f"after {say_duration(step.after)}" if step.after else "at once"


def routed_by(kit: Kit, pathway: Pathway) -> str:
    """The answers that lead to a pathway: `urgency is within 4 weeks`."""
    if pathway.when:
        return ", and ".join(f"{plain(name)} is {either(wanted)}" for name, wanted in pathway.when.items())
    return "everybody" if pathway is kit.pathways[0] else "everybody else"


def durations(those: Iterable[timedelta]) -> str:
    return together(say_duration(one) for one in sorted(those))
