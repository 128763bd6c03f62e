"""Service levels and escalations about duties that this kit never gives to anybody."""

from collections.abc import Iterator, Mapping

from domain.kit.escalation.condition import Outline
from domain.kit.kit import Kit
from domain.kit.reviewing.finding import Finding
from domain.kit.rules import OfferRemedies, OpenCase
from domain.kit.words import Duty


def findings(kit: Kit) -> Iterator[Finding]:
    missing = unasked(kit)
    for name in kit.service_levels.model_fields_set:
        if name in missing and getattr(kit.service_levels, name) is not None:
            says = f"this service level is never used: {missing[name]}"
            yield Finding(("service_levels", name), says, "remove it, or ask for what it is about")
    program = _outline(kit, missing)
    for nth, rule in enumerate(kit.escalations):
        if reason := rule.when.unreachable(program):
            says = f"escalation {rule.id!r} never fires: {reason}"
            yield Finding(("escalations", nth, "when"), says, "remove it, or change its condition")
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
        "case": "no escalation opens a case" if no_case else "",
        "remedy": "" if any(isinstance(one, OfferRemedies) for one in rungs) else "no escalation offers a remedy",
    }
    return {duty: reason for duty, reason in reasons.items() if reason}


def _outline(kit: Kit, missing: Mapping[str, str]) -> Outline:
    return Outline(
        longest=max(pathway.ends for pathway in kit.pathways),
        sessions=[sorted(session.after for session in pathway.sessions) for pathway in kit.pathways],
        never_asked=missing,
    )


def _unwatched(kit: Kit, missing: Mapping[str, str]) -> Iterator[Finding]:
    """Service levels that can be missed without anybody being notified."""
    watched = set(kit.rules_of_overdue)
    levels = [name for name in type(kit.service_levels).model_fields if name in kit.service_levels.model_fields_set]
    silent = [one for one in levels if one not in watched and one not in missing and one not in ("wrap_up", "offer")]
    if silent:
        says = f"nobody is notified when these are late: {', '.join(silent)}"
        remedy = "add an escalation with `when: {overdue: ...}` for each"
        yield Finding(("service_levels",), says, remedy, grave=False)
