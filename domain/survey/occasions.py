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
from domain.values import changed

OCCASIONS = (e.MentorMatched, e.AttendanceRecorded, e.AttendanceCorrected, e.MilestoneReviewed, e.JourneyClosed)
"""The events after which there may be a survey."""
CALLING = frozenset(one.type for one in OCCASIONS)
"""Their stored types."""
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
    if kit.asking is None or not isinstance(event, OCCASIONS):
        return ()
    concerned = [one for one in kit.surveys if _follows(one, event)]
    if not concerned:
        return ()
    context = _context(kit, journey, state, version)
    return tuple(
        _due(kit.asking, survey, about, state, event.at + survey.wait)
        for survey in concerned
        if (about := _about(kit, state, event, context))
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


def next_pulse(kit: Kit, matched_at: datetime, after: datetime) -> datetime | None:
    """When the next pulse of the kit falls due after a moment; None: it has none. Before then, none need be looked
    for."""
    pulses = [one for one in kit.surveys if one.every is not None] if kit.asking else []
    return min((_next(one, matched_at, after) for one in pulses), default=None)


def _next(survey: Survey, matched_at: datetime, after: datetime) -> datetime:
    assert survey.every, "it is a pulse"
    first = matched_at + (survey.first if survey.first is not None else survey.every)
    return first if after < first else first + (int((after - first) / survey.every) + 1) * survey.every


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


def _follows(survey: Survey, event: JourneyEvent) -> bool:
    """Whether the event is an occasion for this survey."""
    match event:
        case e.MentorMatched():
            return survey.after == "match"
        case e.AttendanceRecorded() | e.AttendanceCorrected():
            held = event.attendance in _HELD and (not survey.sessions or event.session in survey.sessions)
            return survey.after == "session" and held
        case e.MilestoneReviewed():
            return survey.after == "milestone"
        case e.JourneyClosed():
            return survey.after == "closing"
        case _:
            return False


def _about(kit: Kit, state: JourneyState, event: JourneyEvent, context: About) -> About | None:
    """None: there is nothing to ask about."""
    match event:
        case e.MentorMatched():
            return changed(context, {"after": "match", "mentor": event.mentor})
        case e.AttendanceRecorded() | e.AttendanceCorrected():
            return _of_session(kit, context, state, event.session)
        case e.MilestoneReviewed():
            return changed(context, {"after": "milestone", "milestone": event.milestone, "occurrence": event.attempt})
        case e.JourneyClosed() if context.mentor:
            # Who never had a mentor has no program to look back on.
            return changed(context, {"after": "closing"})
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
    return changed(context, there)
