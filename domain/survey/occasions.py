"""Which surveys a kit wants asked: after an event of a journey, and at set intervals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ids import JourneyId, SessionId
from domain.journey import JourneyEvent, JourneyState
from domain.journey import events as e
from domain.kit import Asking, Kit, Survey
from domain.survey.about import About, request_id, respondent_id
from domain.survey.decide import Ask
from domain.survey.events import Unasked

_OCCASIONS = (e.MentorMatched, e.AttendanceRecorded, e.AttendanceCorrected, e.MilestoneReviewed, e.JourneyClosed)
CALLING = frozenset(one.type for one in _OCCASIONS)
"""The stored types of the events after which there may be a survey."""
_HELD = frozenset({"attended", "late"})


@dataclass(frozen=True, slots=True)
class DueSurvey:
    """A survey that is to be asked."""

    survey: Survey
    ask: Ask
    ask_at: datetime


def surveys_after(
    kit: Kit, journey: JourneyId, state: JourneyState, event: JourneyEvent, version: int
) -> Sequence[DueSurvey]:
    """What an event calls for: for most, nothing.

    `state` is that right after it, `kit` the one that the journey follows then, `version` that of the event in its
    stream: a second match or closing is an occasion of its own.
    """
    if kit.asking is None or not isinstance(event, _OCCASIONS):
        return ()
    return tuple(
        due
        for survey in kit.surveys
        if survey.after and (about := _about(kit, survey, state, event, _context(kit, journey, state, version)))
        for due in (_due(kit.asking, survey, about, state, event.at + survey.wait),)
    )


def still_wanted(ask: Ask, now: JourneyState) -> Ask:
    """The asking when its time has come: a pulse and what follows a match are about the course of a journey, which may
    be paused or over by then. What was done is asked about all the same."""
    if ask.unless or ask.about.after in ("session", "milestone", "closing"):
        return ask
    because: Unasked | None = "over" if now.closing else "paused" if now.pause and ask.about.after is None else None
    return ask.model_copy(update={"unless": because})


def pulses_due(
    kit: Kit, journey: JourneyId, state: JourneyState, matched_at: datetime, at: datetime
) -> Sequence[DueSurvey]:
    """The pulses whose time has come and whose next one has not: after a standstill each is asked once.

    `matched_at`: when the learner first had a mentor.
    """
    return tuple(_pulses(kit, journey, state, matched_at, at))


def _pulses(
    kit: Kit, journey: JourneyId, state: JourneyState, matched_at: datetime, at: datetime
) -> Iterator[DueSurvey]:
    if kit.asking is None or state.stage not in ("sessions", "wrap_up"):
        return
    for survey in kit.surveys:
        if survey.every is None:
            continue
        first = matched_at + (survey.first if survey.first is not None else survey.every)
        if at < first:
            continue
        number = int((at - first) / survey.every) + 1
        about = _context(kit, journey, state, number)
        yield _due(kit.asking, survey, about, state, first + (number - 1) * survey.every)


def _due(asking: Asking, survey: Survey, about: About, state: JourneyState, ask_at: datetime) -> DueSurvey:
    person = _person(survey, about, state)
    subject = about.session or about.milestone or ""
    command = Ask(
        request=request_id(survey.id, about.journey, subject, about.occurrence),
        survey=survey.id,
        respondent=respondent_id(survey.of, person or "nobody"),
        about=about,
        asking=asking,
        unless=_unless(state, about, person),
    )
    return DueSurvey(survey, command, ask_at)


def _person(survey: Survey, about: About, state: JourneyState) -> str | None:
    match survey.of:
        case "learner":
            return state.learner
        case "mentor":
            return about.mentor
        case "ops":
            return about.program


def _unless(state: JourneyState, about: About, person: str | None) -> Unasked | None:
    if person is None:
        return "nobody"
    return "paused" if state.pause and about.after is None else None


def _about(kit: Kit, survey: Survey, state: JourneyState, event: JourneyEvent, context: About) -> About | None:
    """None: the event is no occasion for this survey."""
    match event:
        case e.MentorMatched() if survey.after == "match":
            return context.model_copy(update={"after": "match", "mentor": event.mentor})
        case e.AttendanceRecorded() | e.AttendanceCorrected() if survey.after == "session":
            held = event.attendance in _HELD and (not survey.sessions or event.session in survey.sessions)
            return _of_session(kit, context, state, event.session) if held else None
        case e.MilestoneReviewed() if survey.after == "milestone":
            milestone = {"after": "milestone", "milestone": event.milestone, "occurrence": event.attempt}
            return context.model_copy(update=milestone)
        case e.JourneyClosed() if survey.after == "closing" and context.mentor:
            # Who never had a mentor has no program to look back on.
            return context.model_copy(update={"after": "closing"})
        case _:
            return None


def _context(kit: Kit, journey: JourneyId, state: JourneyState, occurrence: int) -> About:
    segment = kit.segment_of(state.answers or {})
    return About(
        program=state.program,
        kit=state.kit,
        kit_version=kit.version,
        journey=journey,
        stage=state.stage,
        occurrence=occurrence,
        pathway=state.pathway,
        mentor=state.mentor,
        cohort=state.cohort.cohort if state.cohort else None,
        segment=segment.id if segment else None,
    )


def _of_session(kit: Kit, context: About, state: JourneyState, session: SessionId) -> About:
    pathway = kit.pathway(state.pathway) if state.pathway else None
    plan = next((one for one in pathway.sessions if one.id == session), None) if pathway else None
    turn = next((one.turn for one in state.sessions if one.session == session), 1)
    there = {"after": "session", "session": session, "template": plan.notes if plan else None, "occurrence": turn}
    return context.model_copy(update=there)
