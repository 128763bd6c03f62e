"""Every survey that fell due, of whom it was asked, and how each asking ended."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from domain.kit import Role
from domain.survey import EVENTS, Standing, respondent_id, respondent_stream
from projections.projection import SqlProjection
from projections.reading import View
from projections.sql import query
from store.database import Pool


class SurveyRequests(SqlProjection):
    name = "survey_requests"
    version = 1
    handles = frozenset(EVENTS)
    statements = ("survey_requests_asked", "survey_requests_moved")


@dataclass(frozen=True, slots=True)
class SurveyRequestRow:
    request: str
    survey: str
    program: str
    kit: str
    """The digest of the version that the journey followed then."""
    kit_version: str
    journey: str
    role: Role
    respondent: str
    """The id of the person; of ops, the program."""
    after: str | None
    """The occasion. None: it is a pulse."""
    stage: str
    session: str | None
    milestone: str | None
    pathway: str | None
    template: str | None
    """Of the notes of the session."""
    mentor: str | None
    cohort: str | None
    segment: str | None
    occurrence: int
    status: Standing
    requested_at: datetime
    """When the person was asked; of one that was skipped, when it was."""
    reminded_at: datetime | None
    expires_at: datetime | None
    answered_at: datetime | None
    reason: str | None
    """Why it was skipped."""


@dataclass(frozen=True, slots=True)
class OpenRequest:
    request: str
    stream: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page."""

    requested_at: datetime
    request: str


@dataclass(frozen=True, slots=True)
class ResponseRate:
    """Of one survey by one version of a kit."""

    survey: str
    role: Role
    kit_version: str
    asked: int
    """Without those that were skipped."""
    answered: int
    open: int
    expired: int
    skipped: int
    reminded: int
    """Of those asked."""
    answered_after_reminder: int
    median_wait: timedelta | None
    """From the asking to the answer. None: nobody has answered."""

    @property
    def settled(self) -> int:
        """The denominator of a rate: those that were answered, or can no longer be."""
        return self.answered + self.expired

    @property
    def rate(self) -> float | None:
        """None: all that were asked still can answer, or nobody was."""
        return self.answered / self.settled if self.settled else None


_SURVEYS = View(survey_requests=1)


async def requests(
    pool: Pool,
    *,
    programs: Collection[str] | None = None,
    status: Standing | None = None,
    survey: str | None = None,
    journey: str | None = None,
    respondent: str | None = None,
    after: Cursor | None = None,
    limit: int = 50,
) -> list[SurveyRequestRow]:
    """The latest first, those behind `after`. `respondent`: the id of the person in any role; of ops, the program.

    Raises BeingRebuilt.
    """
    behind = (after.requested_at, after.request) if after else (None, None)
    where = (
        list(programs) if programs is not None else None,
        status,
        survey,
        journey,
        _streams(respondent),
        *behind,
        limit,
    )
    return [SurveyRequestRow(*row) for row in await _SURVEYS.fetch(pool, query("survey_requests_page"), *where)]


def _streams(respondent: str | None) -> list[str] | None:
    return [respondent_stream(respondent_id(role, respondent)) for role in get_args(Role)] if respondent else None


async def request(pool: Pool, request_id: str) -> SurveyRequestRow | None:
    """The latest of this id. Raises BeingRebuilt."""
    row = await _SURVEYS.fetchrow(pool, query("survey_requests_one"), request_id)
    return SurveyRequestRow(*row) if row else None


async def known(pool: Pool, requests: Sequence[str]) -> set[str]:
    """Those of them that the view has. Raises BeingRebuilt."""
    return {row["request"] for row in await _SURVEYS.fetch(pool, query("survey_requests_known"), list(requests))}


async def still_open(pool: Pool, until: datetime | None, after: str, limit: int) -> list[OpenRequest]:
    """A page, by id, of those that nobody has answered and that have not expired in the log. `until`: only those that
    could be answered until before then. Raises BeingRebuilt."""
    rows = await _SURVEYS.fetch(pool, query("survey_requests_open"), until, after, limit)
    return [OpenRequest(*row) for row in rows]


async def response_rates(
    pool: Pool, program: str, since: datetime | None = None, until: datetime | None = None
) -> list[ResponseRate]:
    """Of what was asked in [since, until), by survey, role and version of the kit. Raises BeingRebuilt."""
    rows = await _SURVEYS.fetch(pool, query("survey_requests_rates"), program, since, until)
    return [ResponseRate(*row) for row in rows]
