"""The steps of escalations that the clock takes next, told from the kit and the state alone.

When a rule fires is asked of its condition (`domain.kit.escalation`), so that nothing here knows one from another.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from domain.journey.state import JourneyState, Ladder
from domain.kit import Escalation, Kit


class Rung(NamedTuple):
    """A step of a rule's ladder, due at a moment."""

    rule: Escalation
    step: int
    subject: str
    at: datetime


def after_a_check(kit: Kit, state: JourneyState) -> Sequence[Rung]:
    """The next step of each rule that is taken only after a look at the learner's activity, the earliest first."""
    found: list[tuple[datetime, datetime, Rung]] = []
    for rule in kit.rules_of_activity:
        if deadline := rule.when.deadline(state):
            subject, fires_at = deadline
            step = _next_step(state, rule, subject)
            if step is not None:
                at = _held(state, rule, subject, fires_at + rule.ladder[step].after)
                found.append((at, fires_at, Rung(rule, step, subject, at)))
    return [rung for *_, rung in sorted(found, key=lambda one: one[:2])]


def _next_step(state: JourneyState, rule: Escalation, subject: str) -> int | None:
    """The step to take next for this subject; None when all are taken, or the matter has been dealt with."""
    if not state.has_fired(rule.id, subject):
        return 0
    ladder = next((one for one in state.ladders if (one.rule, one.about) == (rule.id, subject)), None)
    following = ladder.step + 1 if ladder else len(rule.ladder)
    return following if following < len(rule.ladder) else None


def first_steps(kit: Kit, state: JourneyState) -> Iterator[Rung]:
    """The rules that the clock fires without any check, but for those about duties."""
    for rule in kit.rules_of_deadlines:
        deadline = rule.when.deadline(state) if _in_its_stage(state, rule) else None
        if deadline and not state.has_fired(rule.id, deadline.subject):
            yield Rung(rule, 0, *deadline)


def further_steps(kit: Kit, state: JourneyState, awaited: Collection[str]) -> Iterator[Rung]:
    """The next step of every rule that has fired, while its reason lasts, but for those that need a check first.
    `awaited` are the names of the duties that somebody has."""
    for ladder in state.ladders:
        rule = kit.find_escalation(ladder.rule)
        step = ladder.step + 1
        if rule and step < len(rule.ladder) and _goes_on(state, rule, ladder, awaited):
            at = _held(state, rule, ladder.about, ladder.since + rule.ladder[step].after)
            yield Rung(rule, step, ladder.about, at)


def _goes_on(state: JourneyState, rule: Escalation, ladder: Ladder, awaited: Collection[str]) -> bool:
    if rule.when.checks_activity or not _in_its_stage(state, rule):
        return False
    return rule.when.still_holds(state, ladder.about, awaited)


def _in_its_stage(state: JourneyState, rule: Escalation) -> bool:
    return state.stage == "sessions" or not rule.when.in_sessions_only


def _held(state: JourneyState, rule: Escalation, subject: str, at: datetime) -> datetime:
    """The moment of a step; not before the end of the time for which somebody put the case off, or took it on."""
    for case in state.cases:
        if case.turn > 1 and (case.rule, case.about) == (rule.id, subject):
            at = max(at, case.respond_by)
    return at
