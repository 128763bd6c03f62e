"""How mentors are found, in words: each sentence with the place of the kit that it comes from."""

from collections.abc import Iterator
from typing import NamedTuple

from domain.fit.rules import RULES
from domain.kit import Kit
from domain.kit.matching import Declined, Matching, Unmatched
from domain.matching.policy import POINT, policy_of
from domain.scheduling.week import written
from domain.values import EARLIEST, either, say_duration, together
from domain.words import plain


class Told(NamedTuple):
    says: str
    place: str
    """As `matching.weights`."""
    level: int = 0
    """How far it is indented."""


def policy_in_words(kit: Kit) -> Iterator[Told]:
    matching = kit.matching
    yield from _rules(matching)
    yield from _weights(kit)
    yield from _wishes(matching)
    yield from _hours(matching)
    yield from _waiting(matching.unmatched)
    if matching.least_points:
        says = f"No pair with fewer than {_points(matching.least_points)} is made, however long a learner waits."
        yield Told(says, "matching.least_points")
    if matching.balance:
        says = (
            f"Each further learner of the same mentor costs {_points(matching.balance)} more, so that load is shared."
        )
        yield Told(says, "matching.balance")
    yield from _rounds(matching)
    for name, reason in matching.declines.items():
        yield Told(_declined(reason), f"matching.declines.{name}")


def _rules(matching: Matching) -> Iterator[Told]:
    named = [name for name in matching.rules if name in RULES]
    if named:
        yield Told("A pair is possible only if:", "matching.rules")
    for name in named:
        says = RULES[name].requires
        if name == "common_hours":
            says = f"both are free in the usual week, for {say_duration(matching.common_hours)} at one stretch"
        if name == "checks_valid" and matching.checks:
            says = f"these checks of the mentor hold: {together(matching.checks)}"
        yield Told(f"{says}.", "matching.rules", 1)


def _weights(kit: Kit) -> Iterator[Told]:
    criteria = policy_of(kit, EARLIEST).criteria
    if not criteria:
        return
    yield Told("A perfect fit has 100 points. They come from:", "matching.weights")
    for one in criteria:
        name = one.criterion.name
        says = f"{plain(name)}, {_points(one.most / POINT)}: {one.criterion.compares}{_detail(name, kit.matching)}."
        yield Told(says, f"matching.weights.{name}", 1)
    yield Told("Where somebody has not answered, a criterion gives half of its points.", "matching.weights")


def _detail(name: str, matching: Matching) -> str:
    if name == "skills":
        return {
            "share": ", by the share of the learner's that the mentor has",
            "jaccard": ", by what they have in common of all that either has",
            "any": ", by whether they have any in common",
        }[matching.skills_by]
    return f"; {say_duration(matching.ample_hours)} are a full fit" if name == "times" else ""


def _wishes(matching: Matching) -> Iterator[Told]:
    wishes = matching.wishes
    ranked = [("Learners", "mentors", wishes.of_learners), ("Mentors", "learners", wishes.of_mentors)]
    for who, whom, most in ranked:
        if most:
            says = (
                f"{who} may rank {most} {whom}: the first wish adds {_points(wishes.points)}, each further one 1 less."
            )
            yield Told(says, "matching.wishes")


def _hours(matching: Matching) -> Iterator[Told]:
    for option, week in matching.hours.items():
        yield Told(f"“{option}” means {'; '.join(map(written, week))}.", f"matching.hours.{option}")


def _waiting(price: Unmatched) -> Iterator[Told]:
    rises = f", and {price.a_day:g} more with each day, up to {price.most:g}" if price.a_day else ""
    yield Told(f"Waiting costs a learner {_points(price.points)}{rises}.", "matching.unmatched")
    says = "A pair costs 100 points less its fit. It is not made yet where it costs more than waiting."
    yield Told(says, "matching.unmatched", 1)


def _rounds(matching: Matching) -> Iterator[Told]:
    rounds = matching.rounds
    if rounds is None:
        yield Told("Rounds, which find mentors for all who wait, are made on demand.", "matching.rounds")
        return
    by = "ops release them" if rounds.released_by == "ops" else "they are released as soon as they are made"
    says = f"Timer: every {say_duration(rounds.every)} a round finds mentors for all who wait; {by}."
    yield Told(says, "matching.rounds")
    if rounds.urgent:
        answers = " and ".join(f"{plain(name)} is {either(options)}" for name, options in rounds.urgent.items())
        yield Told(f"For learners whose {answers}, a round begins at once.", "matching.rounds.urgent", 1)


def _declined(reason: Declined) -> str:
    then = f"left in peace for {say_duration(reason.rests)}" if reason.rests else "not proposed to this learner again"
    return f"If an offer is declined because of “{reason.title}”, the mentor is {then}."


def _points(points: float) -> str:
    return "1 point" if points == 1 else f"{points:g} points"
