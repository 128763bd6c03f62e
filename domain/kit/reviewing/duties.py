"""Service levels with nobody to meet them, and rules about what this kit never asks of anybody."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import assert_never

from domain.kit.escalating import (
    Escalation,
    HelpAsked,
    LowConfidence,
    MentorSilent,
    MilestoneSetbacks,
    MissedInARow,
    MissedWithin,
    NoActivity,
    OfferRemedies,
    OpenCase,
    Overdue,
    RiskFlag,
)
from domain.kit.kit import Kit
from domain.kit.reviewing.finding import Finding
from domain.kit.words import Duty
from domain.values import say_duration


def findings(kit: Kit) -> Iterator[Finding]:
    missing = unasked(kit)
    for name in kit.service_levels.model_fields_set:
        if name in missing and getattr(kit.service_levels, name) is not None:
            says = f"there is nobody to meet this service level: {missing[name]}"
            yield Finding(("service_levels", name), says, "take it out, or ask for it")
    times = [sorted(session.after for session in pathway.sessions) for pathway in kit.pathways]
    for nth, rule in enumerate(kit.escalations):
        if reason := _never_true(kit, rule, missing, times):
            says = f"escalation {rule.id!r} never comes: {reason}"
            yield Finding(("escalations", nth, "when"), says, "take it out, or change what it waits for")
    yield from _unwatched(kit, missing)


def unasked(kit: Kit) -> Mapping[str, str]:
    """The duties that no journey by this kit ever has, each with why."""
    sessions = [one for pathway in kit.pathways for one in pathway.sessions]
    milestones = [one for pathway in kit.pathways for one in pathway.milestones]
    rungs = [step.then for rule in kit.escalations for step in rule.ladder]
    no_session = "" if sessions else "no pathway has a session"
    no_follow_up = no_session or ("" if kit.service_levels.follow_up else "this program sends no follow-up")
    no_milestone = "" if milestones else "no pathway has a milestone"
    no_case = not any(isinstance(one, OpenCase | OfferRemedies) for one in rungs)
    reasons: dict[Duty, str] = {
        "offer": "" if kit.matching.asks else "`matching.asks` names nobody who must accept a match",
        "attendance": no_session,
        "preparation": "" if any(one.preparation for one in sessions) else "no session has a `preparation` template",
        "notes": "" if any(one.notes for one in sessions) else "no session has a `notes` template",
        "follow_up": no_follow_up,
        "action_item": no_follow_up,
        "check_in": "" if kit.monitoring else "the kit has no `monitoring`",
        "milestone": no_milestone,
        "milestone_review": no_milestone,
        "case": "no rule opens a case" if no_case else "",
        "remedy": "" if any(isinstance(one, OfferRemedies) for one in rungs) else "no rule offers a way on",
    }
    return {duty: reason for duty, reason in reasons.items() if reason}


def _never_true(
    kit: Kit, rule: Escalation, missing: Mapping[str, str], times: Sequence[Sequence[timedelta]]
) -> str | None:
    """`times`: of the sessions of each pathway, in order."""
    longest = max(pathway.ends for pathway in kit.pathways)
    over = f"the longest pathway ends after {say_duration(longest)}"
    most = max(len(pathway.sessions) for pathway in kit.pathways)
    sessions = f"no pathway has more than {most} session{'' if most == 1 else 's'}"
    match rule.when:
        case Overdue(overdue=duty):
            return missing.get(duty)
        case NoActivity(no_activity_for=spell) | MentorSilent(mentor_silent_for=spell):
            return over if spell >= longest else None
        case MissedInARow(sessions_missed_in_a_row=limit):
            return sessions if limit > most else None
        case MissedWithin(sessions_missed=limit, within=within):
            if limit > most:
                return sessions
            return None if _fit(times, rule.when) else f"no {limit} sessions lie within {say_duration(within)}"
        case MilestoneSetbacks():
            return missing.get("milestone")
        case RiskFlag() | HelpAsked() | LowConfidence():
            return None
        case _:
            assert_never(rule.when)


def _fit(times: Sequence[Sequence[timedelta]], when: MissedWithin) -> bool:
    """Whether somewhere so many sessions lie so close together."""
    for those in times:
        spans = zip(those, those[when.sessions_missed - 1 :], strict=False)
        if any(last - first < when.within for first, last in spans):
            return True
    return False


def _unwatched(kit: Kit, missing: Mapping[str, str]) -> Iterator[Finding]:
    """Of the promises about time, those that may be broken without anybody being told."""
    watched = set(kit.rules_of_overdue)
    levels = [name for name in type(kit.service_levels).model_fields if name in kit.service_levels.model_fields_set]
    silent = [one for one in levels if one not in watched and one not in missing and one not in ("wrap_up", "offer")]
    if silent:
        says = f"nobody is told when these are late: {', '.join(silent)}"
        remedy = "write an escalation with `when: {overdue: ...}` for each"
        yield Finding(("service_levels",), says, remedy, grave=False)
