"""Whether a program is ready to grow: the rules of its kit, each held against what is known of the program."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from domain.kit import Kit
from domain.kit.growth import Growth, Improving, Measurable, NotOneStar, Repeatable, Trainable
from domain.values import counted, either, say_duration
from domain.words import signed

Rule = Literal["repeatable", "trainable", "measurable", "improving", "not_one_star"]


@dataclass(frozen=True, slots=True)
class Part:
    """How many of `of` have something."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """None: of nothing."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Span:
    """A difference with the bounds of its interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a program, as counts."""

    completed: Part
    """Of the journeys that have ended, without declined intakes."""
    sessions_held: Part
    """Of the sessions whose attendance is known."""
    follow_ups_in_time: Part
    """Of those that were asked for, and were sent or can no longer be: the journey has ended."""
    trained: Part
    """Of the mentors who were ever matched, those who have acknowledged every step of the newest training."""
    outcomes_known: Part
    """Of the journeys that have ended."""
    answered: Part
    """Of the surveys that were sent and are no longer open."""
    recent: Part
    """Completed, of the journeys that ended lately; and of those that ended before."""
    earlier: Part
    change: Span | None
    """Recent less earlier; None where either is nothing."""
    reviews: int
    """Monthly reviews that were released."""
    by_mentor: tuple[int, ...]
    """How many completed journeys each mentor had, of those who had any; no names, the most first."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a rule asks for, and what there is."""

    rule: Rule
    place: str
    """The field of the kit that asks for it."""
    wanted: str
    """In words, as what follows."""
    found: str
    met: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    conditions: tuple[Condition, ...]

    @property
    def ready(self) -> bool:
        return all(one.met for one in self.conditions)

    @property
    def unmet(self) -> tuple[Rule, ...]:
        """The rules that do not hold, in the order of the kit."""
        return tuple(dict.fromkeys(one.rule for one in self.conditions if not one.met))


def readiness(kit: Kit, growth: Growth, evidence: Evidence) -> Readiness:
    return Readiness(tuple(_conditions(kit, growth, evidence)))


def _conditions(kit: Kit, growth: Growth, evidence: Evidence) -> Iterator[Condition]:
    if growth.repeatable:
        yield from _repeatable(growth.repeatable, evidence)
    if growth.trainable:
        yield from _trainable(growth.trainable, kit, evidence)
    if growth.measurable:
        yield from _measurable(growth.measurable, evidence)
    if growth.improving:
        yield from _improving(growth.improving, evidence)
    if growth.not_one_star:
        yield from _not_one_star(growth.not_one_star, evidence)


def _repeatable(rule: Repeatable, evidence: Evidence) -> Iterator[Condition]:
    many = evidence.completed.of
    wanted = f"at least {counted(rule.journeys, 'journey')} that ended"
    yield Condition("repeatable", "journeys", wanted, counted(many, "journey"), many >= rule.journeys)
    yield from _share("repeatable", "completed", "of journeys completed", rule.completed, evidence.completed)
    yield from _share("repeatable", "sessions_held", "of sessions held", rule.sessions_held, evidence.sessions_held)
    asked, found = rule.follow_ups_in_time, evidence.follow_ups_in_time
    yield from _share("repeatable", "follow_ups_in_time", "of follow-ups in time", asked, found)


def _trainable(rule: Trainable, kit: Kit, evidence: Evidence) -> Iterator[Condition]:
    if rule.guides:
        guides = ("onboarding", "escalation_guide", "sample_notes")
        lacking = [one.replace("_", " ") for one in guides if getattr(kit.mentor_kit, one) is None]
        found = f"the kit has no {either(lacking)}" if lacking else "all written"
        yield Condition("trainable", "guides", "onboarding, escalation guide, and sample notes", found, not lacking)
    if rule.trained is not None and not kit.mentor_kit.training:
        wanted = f"at least {rule.trained:.0%} of mentors trained"
        yield Condition("trainable", "trained", wanted, "the kit has no training", met=False)
    else:
        yield from _share("trainable", "trained", "of mentors trained", rule.trained, evidence.trained)


def _measurable(rule: Measurable, evidence: Evidence) -> Iterator[Condition]:
    asked, found = rule.outcomes_known, evidence.outcomes_known
    yield from _share("measurable", "outcomes_known", "of ended journeys with a known outcome", asked, found)
    yield from _share("measurable", "answered", "of surveys answered", rule.answered, evidence.answered)


def _improving(rule: Improving, evidence: Evidence) -> Iterator[Condition]:
    recent, earlier, change = evidence.recent, evidence.earlier, evidence.change
    wanted = f"completion in the last {say_duration(rule.over)} at most {rule.fall:.0%} below that of before"
    if min(recent.of, earlier.of) < rule.journeys or change is None:
        found = (
            f"too early to say: {recent.of:,} ended in that time and {earlier.of:,} before; {rule.journeys:,} of each "
            "are needed"
        )
        yield Condition("improving", "over", wanted, found, met=False)
    else:
        found = f"{_percent(recent)} against {_percent(earlier)}, {_difference(change)}"
        yield Condition("improving", "over", wanted, found, met=change.estimate >= -rule.fall)
    if rule.reviews:
        wanted = f"at least {counted(rule.reviews, 'monthly review')} released"
        met = evidence.reviews >= rule.reviews
        yield Condition("improving", "reviews", wanted, counted(evidence.reviews, "review"), met)


def _not_one_star(rule: NotOneStar, evidence: Evidence) -> Iterator[Condition]:
    many = len(evidence.by_mentor)
    wanted = f"journeys completed with at least {counted(rule.mentors, 'mentor')}"
    yield Condition("not_one_star", "mentors", wanted, counted(many, "mentor"), many >= rule.mentors)
    largest = Part(max(evidence.by_mentor, default=0), sum(evidence.by_mentor))
    wanted = f"at most {rule.share:.0%} of completed journeys with one mentor"
    met = largest.share is not None and largest.share <= rule.share
    yield Condition("not_one_star", "share", wanted, _percent(largest), met)


def _share(rule: Rule, place: str, what: str, least: float | None, found: Part) -> Iterator[Condition]:
    if least is not None:
        met = found.share is not None and found.share >= least
        yield Condition(rule, place, f"at least {least:.0%} {what}", _percent(found), met)


def _percent(part: Part) -> str:
    return (
        "not known: there are none yet" if part.share is None else f"{part.share:.0%} ({part.count:,} of {part.of:,})"
    )


def _difference(change: Span) -> str:
    points = [signed(100 * one) for one in (change.estimate, change.low, change.high)]
    return f"a difference of {points[0]} points, between {points[1]} and {points[2]}"
