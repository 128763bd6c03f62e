"""What follows from a correction: escalations that fired for nothing, and a wrap-up that began too early."""

from collections.abc import Iterator, Sequence

from domain.ids import SessionId
from domain.journey.attendance import AttendanceCorrected, AttendanceTakenBack
from domain.journey.bases import Events
from domain.journey.duty import pathway_of
from domain.journey.ending import WrapUpTakenBack
from domain.journey.escalations import EscalationTakenBack, evolve
from domain.journey.milestones import ReviewCorrected
from domain.journey.state import JourneyState, fired_key
from domain.kit import Escalation, Kit

_CORRECTIONS = (AttendanceCorrected, AttendanceTakenBack, ReviewCorrected)


def taken_back(kit: Kit, before: JourneyState, after: JourneyState, happened: Events) -> Events:
    """Takes back every rule that fired because of what has been corrected, and would not have by the right fact."""
    corrected = [one for one in happened if isinstance(one, _CORRECTIONS)]
    if not corrected:
        return []
    at = corrected[0].at
    gone = [subject for one in corrected for subject in _no_longer_asked(before, one)]
    events: list[EscalationTakenBack] = []
    groundless = list(_groundless(kit, before, after, gone))
    while groundless:
        rule, subject = groundless.pop(0)
        cases = [one.case for one in after.cases if (one.rule, one.about) == (rule.id, subject)]
        events.append(EscalationTakenBack(at=at, rule=rule.id, about=subject))
        after = evolve(after, events[-1])
        groundless += _about_cases(kit, after, cases)
    return events


def _groundless(
    kit: Kit, before: JourneyState, after: JourneyState, gone: list[str]
) -> Iterator[tuple[Escalation, str]]:
    for rule in kit.escalations:
        for subject in _subjects(before, rule):
            if (rule.when.duty and subject in gone) or _lost_its_grounds(rule, subject, before, after):
                yield rule, subject


def _lost_its_grounds(rule: Escalation, subject: str, before: JourneyState, after: JourneyState) -> bool:
    return rule.when.has_grounds(before, subject) and not rule.when.has_grounds(after, subject)


def _subjects(state: JourneyState, rule: Escalation) -> list[str]:
    """For what the rule has fired."""
    start = fired_key(rule.id, "")
    return [one.removeprefix(start) for one in state.fired if one.startswith(start)]


def _about_cases(kit: Kit, state: JourneyState, cases: Sequence[str]) -> Iterator[tuple[Escalation, str]]:
    """The rules that fired because one of these cases was not answered."""
    for rule in kit.escalations:
        if rule.when.duty == "case":
            for subject in _subjects(state, rule):
                if subject.partition(":")[2].partition("#")[0] in cases:
                    yield rule, subject


def _no_longer_asked(
    before: JourneyState, event: AttendanceCorrected | AttendanceTakenBack | ReviewCorrected
) -> list[str]:
    """The names of what only the wrong fact asked for."""
    held = ("attended", "late")
    match event:
        case AttendanceCorrected() if event.was in held and event.attendance not in held:
            return _after_session(before, event.session)
        case AttendanceTakenBack():
            steps = [f"item:{one.item}" for one in before.action_items if one.item.rpartition("-")[0] == event.session]
            return [*_after_session(before, event.session), *steps]
        case ReviewCorrected() if event.was == "returned" and event.verdict != "returned":
            return [f"milestone:{event.milestone}#{event.attempt + 1}"]
        case _:
            return []


def _after_session(before: JourneyState, session: SessionId) -> list[str]:
    one = before.session(session)
    assert one, "only a session of the journey is corrected"
    return [f"{duty}:{one.session}#{one.turn}" for duty in ("notes", "follow_up")]


def reopened_work(kit: Kit, _: JourneyState, after: JourneyState, happened: Events) -> Events:
    """Takes a wrap-up back that began because all was settled, where by a correction it is not."""
    if after.stage != "wrap_up":
        return []
    corrected = next((one for one in happened if isinstance(one, _CORRECTIONS)), None)
    pathway = pathway_of(kit, after)
    if corrected is None or after.settled or pathway is None:
        return []
    if not pathway.ends_when_done or after.ends_at is None or after.ends_at <= corrected.at:
        return []
    match_due_at = None if after.mentor else corrected.at + kit.service_levels.match
    return [WrapUpTakenBack(at=corrected.at, match_due_at=match_due_at)]
