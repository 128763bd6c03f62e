"""The steps of escalations that the clock takes next, derived from the kit and the state alone.

When a rule fires is asked of its condition (`domain.kit.escalation`), so that nothing here knows one from another.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from domain.journey.duties import NamesAwaited
from domain.journey.escalations import Escalate
from domain.journey.state import JourneyState, Ladder
from domain.journey.timer import CheckActivity, Timer
from domain.kit import Escalation, Kit
from domain.kit.breaks import elapsed

_MOMENTS = itemgetter(0, 1)


class DueStep(NamedTuple):
    """A step of a rule's ladder, due at a moment."""

    rule: Escalation
    step: int
    subject: str
    at: datetime


def after_a_check(kit: Kit, state: JourneyState, until: datetime) -> Sequence[DueStep]:
    """The next step of each rule that is taken only after a look at the learner's activity, the earliest first; of
    those whose rule fires until this moment."""
    found: list[tuple[datetime, datetime, DueStep]] = []
    for rule in kit.rules_of_activity:
        deadline = rule.when.deadline(state, kit.breaks)
        if deadline and deadline.at <= until:
            step = _next_step(state, rule, deadline.subject)
            if step is not None:
                at = _held(state, rule, deadline.subject, _later(kit, rule, step, deadline.at))
                found.append((at, deadline.at, DueStep(rule, step, deadline.subject, at)))
    return [due for *_, due in sorted(found, key=_MOMENTS)]


def _next_step(state: JourneyState, rule: Escalation, subject: str) -> int | None:
    """The step to take next for this subject; None when all are taken, or the matter has been dealt with."""
    if not state.has_fired(rule.id, subject):
        return 0
    ladder = next((one for one in state.ladders if (one.rule, one.about) == (rule.id, subject)), None)
    following = ladder.step + 1 if ladder else len(rule.ladder)
    return following if following < len(rule.ladder) else None


def first_steps(kit: Kit, state: JourneyState) -> Iterator[DueStep]:
    """The rules that the clock fires without any check, but for those about duties."""
    for rule in kit.rules_of_deadlines:
        deadline = rule.when.deadline(state, kit.breaks) if _in_its_stage(state, rule) else None
        if deadline and not state.has_fired(rule.id, deadline.subject):
            yield DueStep(rule, 0, *deadline)


def further_steps(kit: Kit, state: JourneyState, awaited: Collection[str], until: datetime) -> Iterator[DueStep]:
    """The next step of every rule that has fired, while its reason lasts, but for those that need a check first. Those
    after `until` may be left out. `awaited` are the names of the duties that somebody has."""
    for ladder in state.ladders:
        step = _following(kit, ladder)
        if step and step.at <= until and _goes_on(state, step.rule, ladder, awaited):
            yield step._replace(at=_held(state, step.rule, ladder.about, step.at)) if state.cases else step


def _following(kit: Kit, ladder: Ladder) -> DueStep | None:
    """The step after the one that was taken last; None where there is none. It is kept with the part."""
    kept: tuple[Kit, DueStep | None] | None = getattr(ladder, "following", None)
    if kept is None or kept[0] is not kit:
        rule, step = kit.find_escalation(ladder.rule), ladder.step + 1
        there_is = rule is not None and step < len(rule.ladder)
        due = DueStep(rule, step, ladder.about, _later(kit, rule, step, ladder.since)) if rule and there_is else None
        kept = kit, due
        object.__setattr__(ladder, "following", kept)
    return kept[1]


def _goes_on(state: JourneyState, rule: Escalation, ladder: Ladder, awaited: Collection[str]) -> bool:
    if rule.when.checks_activity or not _in_its_stage(state, rule):
        return False
    return rule.when.still_holds(state, ladder.about, awaited)


def _in_its_stage(state: JourneyState, rule: Escalation) -> bool:
    return state.stage == "sessions" or not rule.when.in_sessions_only


def _later(kit: Kit, rule: Escalation, step: int, since: datetime) -> datetime:
    """When a step is taken of a rule that came true at this moment."""
    return elapsed(since, rule.ladder[step].after, kit.breaks if rule.when.rests_in_breaks else ())


def _held(state: JourneyState, rule: Escalation, subject: str, at: datetime) -> datetime:
    """The moment of a step; not before the end of the time for which somebody put the case off, or took it on."""
    for case in state.cases:
        if case.turn > 1 and (case.rule, case.about) == (rule.id, subject):
            at = max(at, case.respond_by)
    return at


# Timers


def timers(kit: Kit, state: JourneyState, until: datetime) -> Iterator[Timer]:
    """Those of escalations that are not about a duty, and of all further steps. Those after `until` may be left out."""
    if state.ladders:
        yield from _of_further_steps(kit, state, NamesAwaited(state), until)
    if state.stage == "sessions":
        for due in after_a_check(kit, state, until)[:1]:  # one check, for the step that comes first
            label = f"check activity: {due.rule.title}"
            yield Timer(due.at, due.rule.place, label, CheckActivity(), "learner")
    for due in first_steps(kit, state):
        if due.at > until:
            continue
        then = Escalate(escalation=due.rule.id, about=due.subject)
        label = f"escalate: {due.rule.title}"
        yield Timer(due.at, due.rule.place, label, then, due.rule.when.stopped_by)


def _of_further_steps(kit: Kit, state: JourneyState, awaited: Collection[str], until: datetime) -> Iterator[Timer]:
    for due in further_steps(kit, state, awaited, until):
        place = f"{due.rule.place}.later.{due.step - 1}"
        then = Escalate(escalation=due.rule.id, about=due.subject, step=due.step)
        yield Timer(due.at, place, f"escalate further: {due.rule.title}", then, "ops")
