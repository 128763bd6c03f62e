"""The rules of a kit beside one learner of the past, moment by moment, knowing nothing before its moment.

When a rule fires is asked of its condition, which is what a running journey asks (domain/kit/escalation). A journey is
not gone through step by step here, because that takes twenty times as long; tests compare what comes of it with
whole journeys, as `domain.journey` runs them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from domain.journey.milestones import MilestoneDeadlineMissed, MilestoneReviewed, MilestoneSubmitted
from domain.journey.pathway import milestones
from domain.journey.terms import MilestoneStatus
from domain.kit import Escalation
from domain.kit.breaks import Break, elapsed
from domain.kit.escalation.condition import ComparisonFacts, MissFacts, OthersFacts, SessionFacts
from domain.values import EARLIEST, Event
from rehearsal.backtest.history import Course, PastLearner, Work
from rehearsal.backtest.rules import Rung

_DAY = timedelta(days=1)
MATCHED, SEEN, MARKED, LEAVES = (timedelta(hours=one) for one in (11, 12, 18, 20))
"""At what time of its day something happens; the past has only days. As scenarios of the same data have it."""
NEVER = datetime.max.replace(tzinfo=UTC)


_EVER = NEVER - EARLIEST


class Alert(NamedTuple):
    """A step of a rule that was taken."""

    rung: Rung
    at: datetime
    until: datetime
    """When its reason was gone: a sign of life, the work, a good mark. NEVER: it still was when the learner was last
    there."""


@dataclass(slots=True)
class _Standing:
    """One milestone, as conditions see it."""

    milestone: str
    due_at: datetime
    status: MilestoneStatus = "open"
    setbacks: int = 0
    planned_attempt: int = 1


@dataclass(slots=True)
class _Facts:
    """What conditions see of a journey. Of what the past does not say, there is none."""

    last_seen_at: datetime
    quiet_from: datetime
    milestones: list[_Standing]
    sessions: Sequence[SessionFacts] = ()
    misses: Sequence[MissFacts] = ()
    misses_in_a_row: Sequence[str] = ()
    signs: int = 0
    comparisons: Sequence[ComparisonFacts] = ()
    mentor: str | None = None
    mentor_seen_at: datetime | None = None
    mentor_quiet_from: datetime | None = None


def _quiet_since(known: datetime) -> _Facts:
    return _Facts(last_seen_at=known, quiet_from=known, milestones=[])


Others = Callable[[datetime], OthersFacts | None]
"""How long the others of the course had been quiet, as it was measured last before a moment; None: too few were
there."""


class Quiet(NamedTuple):
    """A rule of inactivity."""

    rule: Escalation
    least: timedelta
    """The shortest silence by which it can come true. A clock that rests comes true later."""

    @staticmethod
    def of(rule: Escalation) -> "Quiet":
        deadline = rule.when.deadline(_quiet_since(EARLIEST))
        return Quiet(rule, deadline.at - EARLIEST if deadline else _EVER)


class Rules(NamedTuple):
    """Rules by what they look at."""

    quiet: Sequence[Quiet]
    late: Sequence[Escalation]
    at_once: Sequence[Escalation]

    @staticmethod
    def of(rules: Iterable[Escalation]) -> "Rules":
        those = list(rules)
        return Rules(
            quiet=[Quiet.of(rule) for rule in those if rule.when.checks_activity],
            late=[rule for rule in those if rule.when.duty == "milestone"],
            at_once=[rule for rule in those if not rule.when.by_clock],
        )


class _Spell(NamedTuple):
    """A silence, between two signs."""

    since: datetime
    until: datetime
    """The next sign."""
    length: timedelta
    is_looked_up: bool
    """Whether that sign is one that journeys look up, which includes the moment of the look. What they are told of at
    the same moment comes after what is due."""

    def is_over(self, at: datetime) -> bool:
        return at > self.until or (at == self.until and self.is_looked_up)


class _Happening(NamedTuple):
    at: datetime
    event: Event


@dataclass
class Watch:
    """One learner, from their match to the day on which they left or the course was over."""

    course: Course
    learner: PastLearner
    breaks: Sequence[Break] = ()
    """In which the clocks of inactivity rest."""
    others: Others = lambda _: None
    begins: datetime = field(init=False)
    ends: datetime = field(init=False)

    def __post_init__(self) -> None:
        matched = self._day(self.learner.registered) + MATCHED
        self.begins = max(self.course.starts_at, matched)
        left = self.learner.left
        over = self._day(self.course.days)
        self.ends = over if left is None else min(over, self._day(left) + LEAVES)

    def _day(self, day: int) -> datetime:
        return self.course.starts_at + day * _DAY

    def alerts(self, rules: Rules) -> list[Alert]:
        """Every step of these rules that was taken, in the order of time."""
        if self.begins >= self.ends:
            return []
        found = [*self._quiet(rules.quiet), *self._late(rules.late)]
        if rules.at_once:
            found += self._at_once(rules.at_once)
        return sorted(found, key=attrgetter("at"))

    # Activity

    def _quiet(self, rules: Sequence[Quiet]) -> Iterator[Alert]:
        """A journey looks at the learner's activity when a step is due, and not before; in between it knows only what
        is handed in. So after a step was taken it sees at the next look that they came back, and not before."""
        next_look = next_told = self.begins
        least = min((one.least for one in rules), default=_EVER)
        for spell in self._silences(least):
            knows = spell.since if spell.since in self._told_at else max(spell.since, min(next_look, next_told))
            is_told_of_its_end = next_told < next_look and next_told >= spell.until
            if spell.is_over(knows) or is_told_of_its_end:
                continue
            next_look = NEVER
            for rule, _ in rules:
                for step, due_at in enumerate(self._times(rule, spell, knows)):
                    at = max(due_at, knows)
                    if spell.is_over(at) or at >= self.ends:
                        next_look = min(next_look, at)
                        break
                    yield Alert(Rung(rule.id, step), at, spell.until)
            next_told = next((one for one in self._told_at if one >= spell.until), NEVER)

    def _times(self, rule: Escalation, spell: _Spell, knows: datetime) -> Iterator[datetime]:
        """When each step of the rule is due if nothing is seen after the beginning of the spell. A rule that compares
        is looked at again and again until then; of the last of these looks it says only when it is."""
        deadline = rule.when.deadline(_quiet_since(spell.since), self.breaks)
        if deadline is None:
            return
        at = deadline.at
        if rule.when.comparison:
            at = max(at, knows)
            while not (spell.is_over(at) or at >= self.ends):
                found = rule.when.compared(spell.since, self.others(at), at)
                if found.look_again_at is None:
                    break
                at = found.look_again_at
        yield from (elapsed(at, step.after, self.breaks) for step in rule.ladder)

    def _silences(self, least: timedelta) -> Sequence[_Spell]:
        """Those that last as long, or longer, in the order of time."""
        those = self._longer_than_a_day if least > _DAY else self._all_silences()
        return [one for one in those if one.length >= least]

    @cached_property
    def _longer_than_a_day(self) -> Sequence[_Spell]:
        """Kept, as they are few; rules of a day or less are rare."""
        return [one for one in self._all_silences() if one.length > _DAY]

    def _all_silences(self) -> Iterator[_Spell]:
        """After the last sign, until NEVER."""
        active = set(self._moments({*self.learner.active}))
        signs = [self.begins, *self._signs, NEVER]
        return (_Spell(one, after, after - one, after in active) for one, after in pairwise(signs))

    @cached_property
    def _told_at(self) -> Sequence[datetime]:
        return [self._handed_in(one) for one in self.learner.work]

    @property
    def _signs(self) -> list[datetime]:
        """Everything that the learner did, in order."""
        return self._moments({*self.learner.active, *(one.day for one in self.learner.work)})

    def _moments(self, days: set[int]) -> list[datetime]:
        moments = (self._day(day) + SEEN for day in sorted(days))
        return [at for at in moments if self.begins < at < self.ends]

    # Work

    def _standings(self) -> list[_Standing]:
        (pathway,) = self.course.kit.pathways
        planned = milestones(pathway, self.course.starts_at, self.begins)
        return [_Standing(one.milestone, one.due_at) for one in planned]

    def _late(self, rules: Sequence[Escalation]) -> Iterator[Alert]:
        if not rules:
            return
        handed_in = {one.milestone: self._handed_in(one) for one in self.learner.work}
        for rule in rules:
            for one in self._standings():
                at = one.due_at + rule.when.delay
                until = handed_in.get(one.milestone, self.ends)
                if at < until and at < self.ends:
                    yield from self._steps(rule, at, min(until, self.ends))

    def _handed_in(self, one: Work) -> datetime:
        return max(self._day(one.day) + SEEN, self.begins)

    def _at_once(self, rules: Sequence[Escalation]) -> Iterator[Alert]:
        facts = _Facts(self.begins, self.begins, self._standings())
        open_: dict[tuple[str, str], tuple[Escalation, datetime]] = {}
        for at, event in self._happenings:
            self._apply(facts, event)
            for rule in rules:
                for subject in rule.when.subjects(facts, [event], at):
                    open_.setdefault((rule.id, subject), (rule, at))
            gone = [one for one, (rule, _) in open_.items() if not rule.when.still_holds(facts, one[1], ())]
            for one in gone:
                rule, since = open_.pop(one)
                yield from self._steps(rule, since, at)
        for rule, since in open_.values():
            yield from self._steps(rule, since, self.ends)

    @cached_property
    def _happenings(self) -> Sequence[_Happening]:
        """What the journey records about work, until the end, in order."""
        found = [happening for one in self.learner.work for happening in self._told(one)]
        handed_in = {one.milestone: self._handed_in(one) for one in self.learner.work}
        for one in self._standings():
            if one.due_at < handed_in.get(one.milestone, NEVER):
                missed = MilestoneDeadlineMissed(at=one.due_at, milestone=one.milestone, attempt=1)
                found.append(_Happening(one.due_at, missed))
        return sorted((one for one in found if one.at < self.ends), key=attrgetter("at"))

    def _told(self, one: Work) -> Iterator[_Happening]:
        at = self._handed_in(one)
        yield _Happening(at, MilestoneSubmitted(at=at, milestone=one.milestone, attempt=1, review_due_at=at))
        if one.marked is None or one.score is None:
            return
        at = self._day(one.marked) + MARKED
        verdict = "passed" if one.score >= self.course.pass_mark else "failed"
        reviewed = MilestoneReviewed(at=at, milestone=one.milestone, attempt=1, verdict=verdict, score=one.score)
        yield _Happening(at, reviewed)

    @staticmethod
    def _apply(facts: _Facts, event: Event) -> None:
        """As `domain.journey.milestones.evolve` does, for the little that conditions see."""
        for one in facts.milestones:
            match event:
                case MilestoneDeadlineMissed(milestone=one.milestone):
                    one.setbacks += 1
                case MilestoneSubmitted(milestone=one.milestone):
                    one.status = "submitted"
                case MilestoneReviewed(milestone=one.milestone):
                    one.status = "passed" if event.verdict == "passed" else "failed"
                    one.setbacks += event.verdict == "failed"

    # The ladder

    def _steps(self, rule: Escalation, since: datetime, until: datetime) -> Iterator[Alert]:
        """The steps that are taken before the reason is gone."""
        for step, rung in enumerate(rule.ladder):
            at = since + rung.after
            if at < until:
                yield Alert(Rung(rule.id, step), at, until if until < self.ends else NEVER)
