"""The contracts of the activities of surveys. activities/surveys.py implements them."""

from typing import Annotated

from domain.ids import SLUG, JourneyId, ProgramId, SurveyRequestId
from domain.survey import Ask, Standing
from domain.values import Frozen, Instant


class RunSurvey(Frozen):
    """What the workflow of one survey is started with."""

    ask: Ask
    ask_at: Instant


class Asked(Frozen):
    """How the asking stands."""

    standing: Standing
    expires_at: Instant | None = None
    """None: it was skipped."""
    reminders: int = 0
    """Sent before."""
    version: int = 0
    """Of the journey's stream: the letter is about the journey as it is at that version."""


class RemindOf(Frozen):
    ask: Ask
    reminder: int


class AskPulses(Frozen):
    """What a round of pulses is started with."""

    program: Annotated[ProgramId, SLUG]
    after: JourneyId | None = None
    """It goes on behind this journey. None: from the first."""
    due: int = 0
    """Found so far."""


class PulsesFound(Frozen):
    """What a part of the program's journeys came to."""

    after: JourneyId | None
    """The last of them. None: there are no more."""
    due: int


def survey_workflow(request: SurveyRequestId) -> str:
    return f"survey-{request}"


ASK_SURVEY = "ask_survey"
REMIND_OF_SURVEY = "remind_of_survey"
EXPIRE_SURVEY = "expire_survey"
FIND_PULSES = "find_pulses"
"""The names of the activities. They are stored in histories and never change."""
