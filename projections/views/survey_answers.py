"""What people answered to surveys, in numbers and choices. Their words stay in the log."""

from dataclasses import dataclass
from datetime import datetime

from domain.survey.events import SurveyAnswered, SurveyExpired, SurveyRequested
from projections.projection import SqlProjection
from projections.reading import View
from projections.sql import query
from store.database import Pool


class SurveyAnswers(SqlProjection):
    """What a question is comes from the kit that the journey followed when it was asked."""

    name = "survey_answers"
    version = 2
    handles = frozenset({SurveyRequested.type, SurveyAnswered.type, SurveyExpired.type})
    statements = ("survey_answers_awaited", "survey_answers_given", "survey_answers_settled")


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one question; of a choice, of one option."""

    survey: str
    role: str
    question: str
    kind: str
    tells: str | None
    choice: str | None
    answers: int
    mean: float | None
    """Of a scale; of yes_no, the share of yes."""
    least: float | None
    most: float | None


_ANSWERS = View(survey_answers=1)


async def tallies(
    pool: Pool, program: str, since: datetime | None = None, until: datetime | None = None
) -> list[Tally]:
    """Of what was answered in [since, until), by survey, role and question. Raises BeingRebuilt."""
    rows = await _ANSWERS.fetch(pool, query("survey_answers_tallies"), program, since, until)
    return [Tally(*row) for row in rows]
