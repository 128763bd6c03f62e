"""Whether a person is asked, and what their answer comes to. Commands, then rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never

from domain.decider import Decider
from domain.ids import RespondentId, SurveyRequestId
from domain.kit import Asking, Survey, SurveyAnswer
from domain.refusal import NotFound, RefusalCode, Rejected
from domain.survey.about import About
from domain.survey.events import (
    EVENTS,
    SurveyAnswered,
    SurveyEvent,
    SurveyExpired,
    SurveyReminded,
    SurveyRequested,
    SurveySkipped,
    Unasked,
)
from domain.survey.state import INITIAL, Request, RespondentState, evolve
from domain.values import Actor, Frozen


class Ask(Frozen):
    """Ask the person, unless they were asked too lately or too often. Asked twice, it asks once."""

    request: SurveyRequestId
    survey: str
    respondent: RespondentId
    about: About
    asking: Asking
    """What the kit allows."""
    unless: Unasked | None = None
    """Why not, where that is known before."""
    by: Actor = "system"


class Remind(Frozen):
    request: SurveyRequestId
    reminder: int
    by: Actor = "system"


class Answer(Frozen):
    """What the person says, to the form as they saw it."""

    request: SurveyRequestId
    survey: Survey
    answers: Mapping[str, SurveyAnswer]
    by: Actor


class Expire(Frozen):
    request: SurveyRequestId
    by: Actor = "system"


SurveyCommand = Ask | Remind | Answer | Expire


class Code(RefusalCode):
    """Why an answer is not taken."""

    ANSWERED = "survey_answered"
    EXPIRED = "survey_expired"
    """`expired_at`: since when."""
    NOT_ASKED = "survey_not_asked"
    """`because`: why the person was not asked."""
    INCOMPLETE = "survey_answers_refused"
    """`questions`: those whose answers are missing or do not fit."""


def decide(state: RespondentState, command: SurveyCommand, at: datetime) -> Sequence[SurveyEvent]:
    """Returns no events for what is so already.

    Raises:
        NotFound: when the person was never asked this.
        Rejected: for answers that do not fit, come too late, or differ from those that were given.
    """
    match command:
        case Ask():
            return _ask(state, command, at)
        case Remind():
            one = _found(state, command.request)
            due = one.standing == "open" and command.reminder > one.reminders and not _is_over(one, at)
            return [SurveyReminded(at=at, request=command.request, reminder=command.reminder)] if due else []
        case Answer():
            return _answer(_found(state, command.request), command, at)
        case Expire():
            one = _found(state, command.request)
            return [SurveyExpired(at=at, request=command.request)] if one.standing == "open" else []
        case _:
            assert_never(command)


def _ask(state: RespondentState, command: Ask, at: datetime) -> Sequence[SurveyEvent]:
    if command.request in state.requests:
        return []
    request, survey, respondent, about = command.request, command.survey, command.respondent, command.about
    if because := command.unless or _too_often(state, command.asking, at):
        return [
            SurveySkipped(at=at, request=request, survey=survey, respondent=respondent, about=about, because=because)
        ]
    expires_at = at + command.asking.open_for
    return [
        SurveyRequested(
            at=at, request=request, survey=survey, respondent=respondent, about=about, expires_at=expires_at
        )
    ]


def _too_often(state: RespondentState, asking: Asking, at: datetime) -> Unasked | None:
    if state.asked_since(at - asking.least_gap):
        return "too_soon"
    return "too_many" if state.asked_since(at - asking.within) >= asking.most else None


def _answer(one: Request, command: Answer, at: datetime) -> Sequence[SurveyEvent]:
    if one.standing == "answered" and command.answers == one.answers:
        return []
    require_open(one, at)
    if problems := command.survey.problems_with(command.answers):
        says = "; ".join(f"{question!r} {problem}" for question, problem in problems.items())
        raise Rejected(Code.INCOMPLETE, f"the answers cannot be taken: {says}", {"questions": list(problems)})
    if not command.answers:
        raise Rejected(Code.INCOMPLETE, "no question is answered; answer at least one", {"questions": []})
    return [SurveyAnswered(at=at, request=command.request, answers=command.answers)]


def require_open(one: Request, at: datetime) -> None:
    """Raises Rejected when the survey can no longer be answered, or never could."""
    if one.standing == "answered":
        raise Rejected(Code.ANSWERED, "this survey has been answered, and each is answered once; thank you")
    if one.standing == "skipped":
        raise Rejected(Code.NOT_ASKED, "this survey was not sent to anybody, so there is nothing to answer")
    if one.standing == "expired" or _is_over(one, at):
        when = one.expires_at.date().isoformat() if one.expires_at else ""
        says = f"this survey could be answered until {when}; there will be another one"
        raise Rejected(Code.EXPIRED, says, {"expired_at": one.expires_at.isoformat() if one.expires_at else None})


def _is_over(one: Request, at: datetime) -> bool:
    return one.expires_at is not None and at >= one.expires_at


def _found(state: RespondentState, request: SurveyRequestId) -> Request:
    if request not in state.requests:
        raise NotFound(f"nobody was asked {request!r}; `trellis surveys list` shows what was asked")
    return state.requests[request]


RESPONDENT: Decider[SurveyCommand, RespondentState, SurveyEvent] = Decider(EVENTS, INITIAL, decide, evolve)
