"""Whether a learner has what they were promised, by the rule of their kit (R1, R6). Pure: no I/O, no clock."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from domain.ids import MilestoneId
from domain.kit import Fulfillment, Pathway
from domain.kit.promising import same

Settled = Literal["passed", "failed", "waived"]
Kept = Literal["fulfilled", "unfulfilled", "open", "unknown", "unsaid"]
"""`open`: not fulfilled, and the journey goes on. `unknown`: nobody has recorded what would decide. `unsaid`: the kit
has no rule."""
Answer = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Record:
    """What a journey has to show."""

    learner: str
    ended: bool
    planned: Collection[MilestoneId]
    """The milestones that the journey's plan has now; none before its pathway began."""
    settled: Mapping[MilestoneId, Settled]
    unreviewed: Collection[MilestoneId]
    """Handed in, and not yet judged."""
    latest: Mapping[str, str]
    """Of each kind of outcome the mark of the value that was recorded last."""


def mark(learner: str, kind: str, value: str) -> str:
    """By this a value that a kit names is found again. The view keeps no value itself: any may be personal."""
    return blake2b(f"{learner}\n{kind}\n{same(value)}".encode(), digest_size=16).hexdigest()


def named(record: Record, kind: str, values: Iterable[str]) -> str | None:
    """Which of these values was the last of its kind; None when it was another one, or there was none."""
    found = record.latest.get(kind)
    return next((value for value in values if mark(record.learner, kind, value) == found), None) if found else None


def kept(rule: Fulfillment | None, pathway: Pathway | None, record: Record) -> Kept:
    """`pathway`: the learner's in the kit that has the rule; None before one was chosen, or where it is not there."""
    if rule is None:
        return "unsaid"
    answers = {*_by_outcome(rule, record), *_by_milestones(rule, pathway, record)}
    if not record.ended:
        return "fulfilled" if answers == {"yes"} else "open"
    if "no" in answers:
        return "unfulfilled"
    return "fulfilled" if answers == {"yes"} else "unknown"


def _by_outcome(rule: Fulfillment, record: Record) -> Iterable[Answer]:
    if rule.outcome is None:
        return
    if rule.outcome not in record.latest:
        yield "unknown"
    else:
        yield "no" if rule.values and named(record, rule.outcome, rule.values) is None else "yes"


def _by_milestones(rule: Fulfillment, pathway: Pathway | None, record: Record) -> Iterable[Answer]:
    """Nothing where the rule names milestones, and all of them are waived."""
    if not rule.milestones:
        return
    if pathway is None:
        yield "unknown" if record.planned else "no"
        return
    for milestone in pathway.milestones:
        if milestone.id in rule.milestones and record.settled.get(MilestoneId(milestone.id)) != "waived":
            yield _passed(MilestoneId(milestone.id), record)


def _passed(milestone: MilestoneId, record: Record) -> Answer:
    """Not known of work that nobody judged, and of what the version that the journey was moved to does not have."""
    if milestone in record.settled:
        return "yes" if record.settled[milestone] == "passed" else "no"
    dropped = bool(record.planned) and milestone not in record.planned
    return "unknown" if milestone in record.unreviewed or dropped else "no"
