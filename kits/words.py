"""The rules of a kit in words, for people who did not write it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import assert_never

from domain.kit import (
    Duty,
    HelpAsked,
    Kit,
    LowConfidence,
    Measure,
    MentorSilent,
    MilestoneSetbacks,
    MissedInARow,
    MissedWithin,
    NoActivity,
    Nudge,
    OfferRemedies,
    OpenCase,
    Overdue,
    Pathway,
    RiskFlag,
    Step,
    Trigger,
)
from domain.kit.words import REMEDIES
from domain.values import either, say_duration, together
from domain.words import by_role, plain

DUTIES: Mapping[Duty, str] = {
    "intake": "the intake",
    "intake_review": "the reading of the intake",
    "match": "the match",
    "offer": "the answer to an offered match",
    "preparation": "the preparation of a session",
    "attendance": "the word on how a session went",
    "notes": "the notes of a session",
    "follow_up": "the follow-up of a session",
    "action_item": "a next step",
    "check_in": "a check-in",
    "milestone": "the work for a milestone",
    "milestone_review": "the review of a milestone",
    "wrap_up": "the wrap-up",
    "case": "the answer to a case",
    "remedy": "the choice of a way on",
}


def when(trigger: Trigger) -> str:
    """After `when`: `there is no activity for 7 days`, `the review of a milestone is 2 days late`."""
    match trigger:
        case NoActivity(no_activity_for=spell):
            return f"there is no activity for {say_duration(spell)}"
        case MentorSilent(mentor_silent_for=spell):
            return f"the mentor is silent for {say_duration(spell)}"
        case MissedInARow(sessions_missed_in_a_row=limit):
            return f"{_times(limit, 'session')} {'is' if limit == 1 else 'are'} missed in a row"
        case MissedWithin(sessions_missed=limit, within=within):
            return f"{_times(limit, 'session')} {'is' if limit == 1 else 'are'} missed within {say_duration(within)}"
        case MilestoneSetbacks(milestone_setbacks=limit):
            return f"one milestone is missed, returned or failed {_times(limit, 'time')}"
        case RiskFlag(risk_flag=flag):
            return "any risk flag is raised" if flag == "any" else f"the risk flag {flag!r} is raised"
        case HelpAsked():
            return "the learner asks for help"
        case LowConfidence(confidence_below=limit):
            return f"the learner's confidence is below {limit} of 10"
        case Overdue(overdue=duty, by=by):
            verb = "are" if duty == "notes" else "is"
            return f"{DUTIES[duty]} {verb} {f'{say_duration(by)} late' if by else 'late'}"
        case _:
            assert_never(trigger)


def then(measure: Measure) -> str:
    match measure:
        case Nudge(nudge=who):
            return f"nudge {by_role(who)}"
        case OpenCase(open_case=who):
            by = f", by the checklist {measure.checklist!r}" if measure.checklist else ""
            within = say_duration(measure.respond_within)
            return f"a {measure.severity} case for {by_role(who)}, to be answered within {within}{by}"
        case OfferRemedies():
            ways = either(REMEDIES[one] for one in measure.offer)
            return f"offer the learner {ways}, for {say_duration(measure.stands_for)}"
        case _:
            assert_never(measure)


def at(step: Step) -> str:
    """When a step of a ladder is taken."""
    return f"after {say_duration(step.after)}" if step.after else "at once"


def route(kit: Kit, pathway: Pathway) -> str:
    """The answers that lead to a pathway: `urgency is within 4 weeks`."""
    if pathway.when:
        return ", and ".join(f"{plain(name)} is {either(wanted)}" for name, wanted in pathway.when.items())
    return "everybody" if pathway is kit.pathways[0] else "everybody else"


def durations(those: Iterable[timedelta]) -> str:
    return together(say_duration(one) for one in sorted(those))


def _times(many: int, what: str) -> str:
    return f"{many} {what}{'' if many == 1 else 's'}"
