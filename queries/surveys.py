"""What was asked of the people of a program, with the form of each asking, and how many answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ids import RespondentId, SurveyRequestId
from domain.kit import Survey
from domain.survey import Standing, respondent_id
from projections.views import survey_answers, survey_requests
from projections.views.survey_answers import Tally
from projections.views.survey_requests import Cursor, ResponseRate, SurveyRequestRow
from store import kits
from store.database import Pool


@dataclass(frozen=True, slots=True)
class Form:
    """An asking, and what is asked."""

    row: SurveyRequestRow
    survey: Survey

    @property
    def request(self) -> SurveyRequestId:
        return SurveyRequestId(self.row.request)

    @property
    def respondent(self) -> RespondentId:
        return respondent_id(self.row.role, self.row.respondent)


@dataclass(frozen=True, slots=True)
class Results:
    """Nothing personal: numbers, and choices in the words of the kit."""

    rates: Sequence[ResponseRate]
    answers: Sequence[Tally]


async def form(pool: Pool, request: str) -> Form | None:
    """None: nobody was asked this. Raises BeingRebuilt, KitNotReadable."""
    row = await survey_requests.request(pool, request)
    if row is None:
        return None
    kit = await kits.load(pool, row.kit)
    return next((Form(row, one) for one in kit.surveys if one.id == row.survey), None)


async def forms(
    pool: Pool,
    *,
    programs: Collection[str] | None = None,
    status: Standing | None = None,
    survey: str | None = None,
    journey: str | None = None,
    after: Cursor | None = None,
    limit: int = 50,
) -> list[Form]:
    """The latest askings first, those behind `after`. Raises BeingRebuilt, KitNotReadable."""
    rows = await survey_requests.requests(
        pool, programs=programs, status=status, survey=survey, journey=journey, after=after, limit=limit
    )
    of = {digest: await kits.load(pool, digest) for digest in {one.kit for one in rows}}
    return [Form(row, one) for row in rows for one in of[row.kit].surveys if one.id == row.survey]


async def results(pool: Pool, program: str, since: datetime | None = None, until: datetime | None = None) -> Results:
    """Rates of what was asked, and tallies of what was answered, in [since, until). Raises BeingRebuilt."""
    return Results(
        await survey_requests.response_rates(pool, program, since, until),
        await survey_answers.tallies(pool, program, since, until),
    )
