"""Spells of quiet and silence, and the further steps of escalations."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import assert_never

from domain.journey.escalations import Escalate
from domain.journey.state import JourneyState, Ladder, MilestoneStanding
from domain.journey.timer import CheckActivity, Timer
from domain.kit import (
    Escalation,
    HelpAsked,
    Kit,
    LowConfidence,
    MentorSilent,
    MilestoneSetbacks,
    MissedInARow,
    MissedWithin,
    NoActivity,
    Overdue,
    RiskFlag,
)


def quiet(kit: Kit, state: JourneyState) -> Iterator[Timer]:
    """One check for the next rung of inactivity that has not been taken in this quiet spell."""
    for rule, _, at in due_quiet_rungs(kit, state)[:1]:
        yield Timer(at, rule.place, f"check activity: {rule.title}", CheckActivity(), "learner")


def due_quiet_rungs(kit: Kit, state: JourneyState) -> Sequence[tuple[Escalation, int, datetime]]:
    """The rungs of inactivity yet to be taken since the learner was last seen, each with its moment, in that order."""
    if state.last_seen_at is None or state.quiet_from is None:
        return ()
    spell = quiet_since(state.last_seen_at)
    found: list[tuple[Escalation, int, datetime]] = []
    for rule, quiet in kit.rules_of_quiet:
        step = _next_step(state, rule, spell)
        if step is not None:
            at = state.quiet_from + quiet + rule.ladder[step].after
            found.append((rule, step, _held(state, rule, spell, at)))
    return sorted(found, key=lambda one: one[2])


def _next_step(state: JourneyState, rule: Escalation, about: str) -> int | None:
    """The rung to take next for this reason; None when all are taken, or the matter has been dealt with."""
    if not state.has_fired(rule.id, about):
        return 0
    ladder = next((one for one in state.ladders if (one.rule, one.about) == (rule.id, about)), None)
    following = ladder.step + 1 if ladder else len(rule.ladder)
    return following if following < len(rule.ladder) else None


def quiet_since(last_seen_at: datetime) -> str:
    return f"quiet-since:{last_seen_at.isoformat()[:16]}"  # to the minute


def silent(kit: Kit, state: JourneyState) -> Iterator[Timer]:
    if state.mentor is None or state.mentor_seen_at is None or state.mentor_quiet_from is None:
        return
    about = silent_since(state.mentor_seen_at)
    for rule, silence in kit.rules_of_silence:
        if not state.has_fired(rule.id, about):
            at = state.mentor_quiet_from + silence
            then = Escalate(escalation=rule.id, about=about)
            yield Timer(at, rule.place, f"escalate: {rule.title}", then, "mentor")


def silent_since(mentor_seen_at: datetime) -> str:
    return f"mentor-silent-since:{mentor_seen_at.isoformat()[:16]}"  # to the minute


def rungs(kit: Kit, state: JourneyState, abouts: Collection[str]) -> Iterator[Timer]:
    """The next rung of every rule that came true, while its reason lasts. Those of inactivity need a look first."""
    for ladder in state.ladders:
        rule = kit.find_escalation(ladder.rule)
        step = ladder.step + 1
        if rule is None or step >= len(rule.ladder) or not _is_climbed(state, rule, ladder, abouts):
            continue
        at = _held(state, rule, ladder.about, ladder.since + rule.ladder[step].after)
        then = Escalate(escalation=rule.id, about=ladder.about, step=step)
        place = f"escalations.{rule.id}.later.{step - 1}"
        yield Timer(at, place, f"escalate further: {rule.title}", then, "ops")


def _held(state: JourneyState, rule: Escalation, about: str, at: datetime) -> datetime:
    """The moment of a rung; not before the end of the time for which somebody put the case off, or took it on."""
    for case in state.cases:
        if case.turn > 1 and (case.rule, case.about) == (rule.id, about):
            at = max(at, case.respond_by)
    return at


def _is_climbed(state: JourneyState, rule: Escalation, ladder: Ladder, abouts: Collection[str]) -> bool:
    match rule.when:
        case NoActivity():
            return False
        case MentorSilent() | MissedInARow() | MissedWithin() | MilestoneSetbacks():
            return state.stage == "sessions" and lasts(state, rule, ladder.about, abouts)
        case Overdue() | RiskFlag() | HelpAsked() | LowConfidence():
            return lasts(state, rule, ladder.about, abouts)
        case _:
            assert_never(rule.when)


def lasts(state: JourneyState, rule: Escalation, about: str, abouts: Collection[str]) -> bool:
    """Whether what set the rule off is still so; `abouts` are the names of what is awaited."""
    match rule.when:
        case Overdue():
            return about in abouts
        case NoActivity():
            return state.last_seen_at is not None and about == quiet_since(state.last_seen_at)
        case MentorSilent():
            return state.mentor_seen_at is not None and about == silent_since(state.mentor_seen_at)
        case MissedInARow():
            missed = state.misses_in_a_row
            return bool(missed) and about == missed_since(missed[0])
        case MilestoneSetbacks():
            return about in {setbacks_of(one) for one in struggling(state)}
        case MissedWithin():
            return any(about == misses_from(miss.name) for miss in state.misses)
        case RiskFlag() | HelpAsked() | LowConfidence():
            return True
        case _:
            assert_never(rule.when)


def runs_of_misses(state: JourneyState) -> Iterator[tuple[str, ...]]:
    """The sessions missed in a row, past rows and the present one, without those before a reset."""
    held = sorted(one.owed_since for one in state.sessions if one.held and one.owed_since)
    for _, run in groupby(state.misses, key=lambda miss: bisect_left(held, miss.at)):
        yield tuple(miss.name for miss in run)


def comes_true(state: JourneyState, rule: Escalation, about: str) -> bool:
    """Whether a rule about misses or setbacks has come true for this reason, by the facts as they are now."""
    match rule.when:
        case MissedInARow(sessions_missed_in_a_row=limit):
            return any(about == missed_since(run[0]) and len(run) >= limit for run in runs_of_misses(state))
        case MissedWithin(sessions_missed=limit, within=within):
            first = next((one for one in state.misses if about == misses_from(one.name)), None)
            return first is not None and sum(first.at <= one.at < first.at + within for one in state.misses) >= limit
        case MilestoneSetbacks(milestone_setbacks=limit):
            return any(about == setbacks_of(one) and one.setbacks >= limit for one in struggling(state))
        case _:
            return False


def missed_since(session: str) -> str:
    return f"missed-since:{session}"


def misses_from(session: str) -> str:
    return f"misses-from:{session}"


def struggling(state: JourneyState) -> Iterator[MilestoneStanding]:
    """The milestones whose setbacks count: not those that were passed, or waived, after all."""
    return (one for one in state.milestones if one.status not in ("passed", "waived"))


def setbacks_of(one: MilestoneStanding) -> str:
    """Those since it was planned: a reset begins to count anew."""
    return f"setbacks:{one.milestone}" + (f"#{one.planned_attempt}" if one.planned_attempt > 1 else "")
