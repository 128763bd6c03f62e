"""How a program is looked after as a whole, in words: each sentence with the place of the kit that it comes from."""

from collections.abc import Iterator

from domain.kit import Kit
from domain.kit.growth import Growth
from domain.values import say_duration, together
from kits.policy import Told


def evidence_in_words(kit: Kit) -> Iterator[Told]:
    if "evidence" not in kit.model_fields_set:
        return
    weighed = kit.evidence
    yield Told(f"Nothing stands out by the answers of fewer than {weighed.least:,} people.", "evidence.least")
    yield Told(
        f"Where nothing is wrong, something stands out all the same {weighed.false_alarms:.0%} of the time.",
        "evidence.false_alarms",
    )
    yield Told(
        f"A difference of less than {weighed.least_difference:.0%} of what the answers range over is left alone.",
        "evidence.least_difference",
    )
    yield Told(
        f"An answer in the lowest {weighed.low:.0%} of its scale, together with words, is listed as a complaint.",
        "evidence.low",
    )


def growth_in_words(kit: Kit) -> Iterator[Told]:
    rules = kit.growth
    if rules is None:
        return
    says = f"Enrollment is opened for more than {rules.beyond:,} places once this holds, or a person gives a reason:"
    yield Told(says, "growth.beyond")
    yield from _repeatable(rules)
    yield from _trainable(rules)
    yield from _measurable(rules)
    yield from _improving(rules)
    yield from _not_one_star(rules)


def review_in_words(kit: Kit) -> Iterator[Told]:
    rules = kit.monthly_review
    if rules is None:
        return
    says = f"The review of a month is drafted on day {rules.day} of the next, at {rules.hour:02}:00 in {rules.zone}."
    yield Told(says, "monthly_review")
    to = together(rules.to) if rules.to else "nobody"
    yield Told(f"A person releases it; by letter it goes to {to}.", "monthly_review.to")
    says = (
        f"A difference is told from {rules.least:,} learners on each side, with intervals at {rules.confidence:.0%} "
        "confidence."
    )
    yield Told(says, "monthly_review.least")


def _repeatable(rules: Growth) -> Iterator[Told]:
    if rule := rules.repeatable:
        shares = (
            (rule.completed, "of journeys completed"),
            (rule.sessions_held, "of sessions held"),
            (rule.follow_ups_in_time, "of follow-ups in time"),
        )
        asked = [f"at least {share:.0%} {what}" for share, what in shares if share is not None]
        yield Told(
            f"Repeatable: {together((f'at least {rule.journeys:,} journeys ended', *asked))}.", "growth.repeatable", 1
        )


def _trainable(rules: Growth) -> Iterator[Told]:
    if rule := rules.trainable:
        guides = ["the guides for mentors written"] if rule.guides else []
        trained = [f"at least {rule.trained:.0%} of mentors trained"] if rule.trained is not None else []
        if asked := guides + trained:
            yield Told(f"Trainable: {together(asked)}.", "growth.trainable", 1)


def _measurable(rules: Growth) -> Iterator[Told]:
    if rule := rules.measurable:
        shares = (
            (rule.outcomes_known, "of ended journeys with a known outcome"),
            (rule.answered, "of surveys answered"),
        )
        asked = [f"at least {share:.0%} {what}" for share, what in shares if share is not None]
        if asked:
            yield Told(f"Measurable: {together(asked)}.", "growth.measurable", 1)


def _improving(rules: Growth) -> Iterator[Told]:
    if rule := rules.improving:
        says = (
            f"Improving: of those who ended in the last {say_duration(rule.over)}, at most {rule.fall:.0%} fewer "
            f"completed than before, with at least {rule.journeys:,} on each side; at least {rule.reviews:,} monthly "
            "reviews released."
        )
        yield Told(says, "growth.improving", 1)


def _not_one_star(rules: Growth) -> Iterator[Told]:
    if rule := rules.not_one_star:
        says = (
            f"Not one star mentor: at least {rule.mentors:,} mentors with whom somebody completed, none of them with "
            f"more than {rule.share:.0%} of these journeys."
        )
        yield Told(says, "growth.not_one_star", 1)
