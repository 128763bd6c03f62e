"""The rules of a kit beside one learner of the past, moment by moment, knowing nothing before its moment.

When a rule fires is asked of its condition, which is what a running journey asks (domain/kit/escalation). A journey is
not gone through step by step here, because that takes twenty times as long; tests compare what comes of it with
whole journeys, as `domain.journey` runs them.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from domain.journey.milestones import MilestoneDeadlineMissed, MilestoneReviewed, MilestoneSubmitted
from domain.journey.pathway import milestones
from domain.journey.terms import MilestoneStatus
from domain.kit import Escalation
from domain.kit.breaks import Break, elapsed
from domain.kit.escalation.condition import MissFacts, SessionFacts
from domain.values import Event
from rehearsal.backtest.history import Course, PastLearner, Work
from rehearsal.backtest.rules import Rung

_DAY = timedelta(days=1)
MATCHED, SEEN, MARKED, LEAVES = (timedelta(hours=one) for one in (11, 12, 18, 20))
"""At what time of its day something happens; the past has only days. As scenarios of the same data have it."""
NEVER = datetime.max.replace(tzinfo=UTC)


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
    mentor: str | None = None
    mentor_seen_at: datetime | None = None
    mentor_quiet_from: datetime | None = None


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

    def alerts(self, rules: Sequence[Escalation]) -> list[Alert]:
        """Every step of these rules that was taken, in the order of time."""
        if self.begins >= self.ends:
            return []
        quiet = [rule for rule in rules if rule.when.checks_activity]
        late = [rule for rule in rules if rule.when.duty == "milestone"]
        at_once = [rule for rule in rules if not rule.when.by_clock]
        found = [*self._quiet(quiet), *self._late(late), *(self._at_once(at_once) if at_once else ())]
        return sorted(found, key=attrgetter("at"))

    # Activity

    def _quiet(self, rules: Sequence[Escalation]) -> Iterator[Alert]:
        """A journey looks at the learner's activity when a step is due, and not before; in between it knows only what
        is handed in."""
        if not rules:
            return
        signs, active, told = self._signs, self._active_at, self._told_at
        known, taken = self.begins, [0] * len(rules)
        times = [self._times(rule, known) for rule in rules]
        while True:
            look = min(due[step] for due, step in zip(times, taken, strict=True))
            sooner = next((one for one in told if known < one < look), None)
            if sooner is None and look >= self.ends:
                return
            seen = sooner or max(known, self._latest(active, look))
            if seen > known:
                known, taken = seen, [0] * len(rules)
                times = [self._times(rule, known) for rule in rules]
            if sooner is None:
                gone = self._next(signs, known)
                for nth, rule in enumerate(rules):
                    while times[nth][taken[nth]] <= look:
                        yield Alert(Rung(rule.id, taken[nth]), look, gone)
                        taken[nth] += 1

    def _times(self, rule: Escalation, known: datetime) -> list[datetime]:
        """When each step of the rule is due if nothing is seen after `known`; NEVER after the last."""
        deadline = rule.when.deadline(_Facts(last_seen_at=known, quiet_from=known, milestones=[]), self.breaks)
        steps = rule.ladder if deadline else ()
        return [*(elapsed(deadline.at, step.after, self.breaks) for step in steps if deadline), NEVER]

    def _latest(self, active: Sequence[datetime], at: datetime) -> datetime:
        count = bisect_right(active, at)
        return active[count - 1] if count else self.begins

    def _next(self, signs: Sequence[datetime], known: datetime) -> datetime:
        count = bisect_right(signs, known)
        return signs[count] if count < len(signs) else NEVER

    @cached_property
    def _active_at(self) -> list[datetime]:
        return self._moments({*self.learner.active})

    @cached_property
    def _told_at(self) -> list[datetime]:
        return [self._handed_in(one) for one in self.learner.work]

    @cached_property
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
        for at, event in self._happenings(facts.milestones):
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

    def _happenings(self, standings: Sequence[_Standing]) -> list[_Happening]:
        """What the journey records about work, until the end, in order."""
        found = [happening for one in self.learner.work for happening in self._told(one)]
        handed_in = {one.milestone: self._handed_in(one) for one in self.learner.work}
        for one in standings:
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
