"""What follows from a correction: escalations that fired for nothing, and a wrap-up that began too early."""

from collections.abc import Iterator, Sequence

from domain.journey.bases import Events
from domain.journey.duty import pathway_of
from domain.journey.ending import WrapUpTakenBack
from domain.journey.escalations import EscalationTakenBack, evolve
from domain.journey.ladders import comes_true
from domain.journey.milestones import ReviewCorrected
from domain.journey.sessions import AttendanceCorrected
from domain.journey.state import JourneyState, fired_key
from domain.kit import Escalation, Kit, MilestoneSetbacks, MissedInARow, MissedWithin, Overdue

_CORRECTIONS = (AttendanceCorrected, ReviewCorrected)


def taken_back(kit: Kit, before: JourneyState, after: JourneyState, happened: Events) -> Events:
    """Every rule that came true by what has been corrected, and by the right fact would not have."""
    corrected = [one for one in happened if isinstance(one, _CORRECTIONS)]
    if not corrected:
        return []
    at = corrected[0].at
    gone = [about for one in corrected for about in _no_longer_asked(before, one)]
    events: list[EscalationTakenBack] = []
    reasons = list(_groundless(kit, before, after, gone))
    while reasons:
        rule, about = reasons.pop(0)
        cases = [one.case for one in after.cases if (one.rule, one.about) == (rule.id, about)]
        events.append(EscalationTakenBack(at=at, rule=rule.id, about=about))
        after = evolve(after, events[-1])
        reasons += _about_cases(kit, after, cases)
    return events


def _groundless(
    kit: Kit, before: JourneyState, after: JourneyState, gone: list[str]
) -> Iterator[tuple[Escalation, str]]:
    for rule in kit.escalations:
        for about in _abouts(before, rule):
            match rule.when:
                case MissedInARow() | MissedWithin() | MilestoneSetbacks():
                    if comes_true(before, rule, about) and not comes_true(after, rule, about):
                        yield rule, about
                case Overdue():
                    if about in gone:
                        yield rule, about
                case _:
                    pass


def _abouts(state: JourneyState, rule: Escalation) -> list[str]:
    """For what the rule has come true."""
    start = fired_key(rule.id, "")
    return [one.removeprefix(start) for one in state.fired if one.startswith(start)]


def _about_cases(kit: Kit, state: JourneyState, cases: Sequence[str]) -> Iterator[tuple[Escalation, str]]:
    """The rules that came true because one of these cases was not answered."""
    for rule in kit.escalations:
        if isinstance(rule.when, Overdue) and rule.when.overdue == "case":
            for about in _abouts(state, rule):
                if about.partition(":")[2].partition("#")[0] in cases:
                    yield rule, about


def _no_longer_asked(before: JourneyState, event: AttendanceCorrected | ReviewCorrected) -> list[str]:
    """The names of what only the wrong fact asked for."""
    held = ("attended", "late")
    match event:
        case AttendanceCorrected() if event.was in held and event.attendance not in held:
            session = before.session(event.session)
            assert session, "only a session of the journey is corrected"
            return [f"{duty}:{session.session}#{session.turn}" for duty in ("notes", "follow_up")]
        case ReviewCorrected() if event.was == "returned" and event.verdict != "returned":
            return [f"milestone:{event.milestone}#{event.attempt + 1}"]
        case _:
            return []


def reopened_work(kit: Kit, _: JourneyState, after: JourneyState, happened: Events) -> Events:
    """Takes a wrap-up back that began because all was settled, where by a correction it is not."""
    corrected = next((one for one in happened if isinstance(one, _CORRECTIONS)), None)
    pathway = pathway_of(kit, after)
    if corrected is None or after.stage != "wrap_up" or after.settled or pathway is None:
        return []
    if not pathway.ends_when_done or after.ends_at is None or after.ends_at <= corrected.at:
        return []
    match_due_at = None if after.mentor else corrected.at + kit.service_levels.match
    return [WrapUpTakenBack(at=corrected.at, match_due_at=match_due_at)]
