"""What happens to the surveys of one person. The stream is `respondent-`, the role, a dot and the person's id."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import AwareDatetime

from domain.ids import RespondentId, SurveyRequestId
from domain.kit import SurveyAnswer
from domain.survey.about import About
from domain.values import Event, PersonalMark

Unasked = Literal["too_soon", "too_many", "paused", "over", "nobody"]
"""Why somebody is not asked: the last asking was too recent; there were too many; the journey is paused; it is over,
and the survey is about its course; there is nobody to ask."""
Answers = Annotated[Mapping[str, SurveyAnswer], PersonalMark()]


class SurveyRequested(Event):
    """The person is asked. Until it expires the survey can be answered once."""

    type: ClassVar[str] = "survey.requested"
    request: SurveyRequestId
    survey: str
    respondent: RespondentId
    about: About
    expires_at: AwareDatetime


class SurveySkipped(Event):
    """The survey fell due and the person is not asked, for this reason. It is not asked later instead."""

    type: ClassVar[str] = "survey.skipped"
    request: SurveyRequestId
    survey: str
    respondent: RespondentId
    about: About
    because: Unasked


class SurveyReminded(Event):
    """The person is reminded of a survey that is open."""

    type: ClassVar[str] = "survey.reminded"
    request: SurveyRequestId
    reminder: int
    """From 1."""


class SurveyAnswered(Event):
    """The person answered. What they wrote is read by the people who run the program."""

    type: ClassVar[str] = "survey.answered"
    request: SurveyRequestId
    answers: Answers


class SurveyExpired(Event):
    """Nobody answered in time."""

    type: ClassVar[str] = "survey.expired"
    request: SurveyRequestId


SurveyEvent = SurveyRequested | SurveySkipped | SurveyReminded | SurveyAnswered | SurveyExpired
EVENTS: Mapping[str, type[SurveyEvent]] = {one.type: one for one in get_args(SurveyEvent)}
