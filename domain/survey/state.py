"""How the surveys of one person stand: what is open, when they were asked lately, and how each asking ended."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, assert_never

from pydantic import AwareDatetime

from domain.ids import SurveyRequestId
from domain.survey.about import About
from domain.survey.events import (
    Answers,
    SurveyAnswered,
    SurveyEvent,
    SurveyExpired,
    SurveyReminded,
    SurveyRequested,
    SurveySkipped,
)
from domain.values import Frozen

Standing = Literal["open", "answered", "expired", "skipped"]
REMEMBERED = timedelta(days=366)
"""For how long an asking counts at most. No kit looks further back."""


class Request(Frozen):
    survey: str
    about: About
    standing: Standing
    expires_at: AwareDatetime | None = None
    """None: it was skipped."""
    reminders: int = 0
    answers: Answers | None = None
    answered_at: AwareDatetime | None = None


class RespondentState(Frozen):
    requests: Mapping[SurveyRequestId, Request] = {}
    """An asking is never repeated. As the state is read, these are the one that is looked at and those asked lately."""
    asked_at: tuple[AwareDatetime, ...] = ()
    """When they were asked lately, the oldest first."""

    def asked_since(self, moment: datetime) -> int:
        return sum(one > moment for one in self.asked_at)


INITIAL = RespondentState()


def evolve(state: RespondentState, event: SurveyEvent) -> RespondentState:
    match event:
        case SurveyRequested():
            request = Request(survey=event.survey, about=event.about, standing="open", expires_at=event.expires_at)
            lately = tuple(one for one in state.asked_at if one > event.at - REMEMBERED)
            return RespondentState(requests={**state.requests, event.request: request}, asked_at=(*lately, event.at))
        case SurveySkipped():
            skipped = Request(survey=event.survey, about=event.about, standing="skipped")
            return state.model_copy(update={"requests": {**state.requests, event.request: skipped}})
        case SurveyReminded():
            return _with(state, event.request, {"reminders": event.reminder})
        case SurveyAnswered():
            said = {"answers": event.answers, "answered_at": event.at}
            return _with(state, event.request, {"standing": "answered", **said})
        case SurveyExpired():
            return _with(state, event.request, {"standing": "expired"})
        case _:
            assert_never(event)


def _with(state: RespondentState, request: SurveyRequestId, changes: Mapping[str, object]) -> RespondentState:
    now = state.requests[request].model_copy(update=dict(changes))
    return state.model_copy(update={"requests": {**state.requests, request: now}})
