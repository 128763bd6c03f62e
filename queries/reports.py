"""The questions about whole programs that take long to answer, each asked in one way wherever its answer is shown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.ids import ProgramId
from projections.capacity import Capacity, capacity
from projections.standings import Standing, on_versions
from queries import findings, quality
from queries.feedback.report import Feedback, feedback
from queries.findings import Drift
from queries.funnel import Overview, overview
from queries.growth import GrowthReadiness, growth_readiness
from queries.measures.associations import Associations, associations
from queries.measures.report import Filter, ProgramMeasures, program_measures
from queries.overview import ProgramFunnel, period, program_funnel, program_standings
from queries.quality import QualityFigures
from queries.recent import Kind, Question
from queries.returns import Return, program_return
from store.database import Pool

DRIFT_OVER = timedelta(days=91)
"""How long mentors are looked at."""
_STANDINGS: Kind[list[Standing]] = Kind("standings", list[Standing])
_FUNNEL: Kind[ProgramFunnel] = Kind("funnel", ProgramFunnel)
_OVERVIEW: Kind[Overview] = Kind("overview", Overview)
_RETURN: Kind[Return] = Kind("return", Return)
_MEASURES: Kind[ProgramMeasures] = Kind("measures", ProgramMeasures)
_ASSOCIATIONS: Kind[Associations] = Kind("associations", Associations)
_CAPACITY: Kind[Capacity] = Kind("capacity", Capacity)
_VERSIONS: Kind[dict[str, int]] = Kind("versions", dict[str, int])
_FEEDBACK: Kind[Feedback] = Kind("feedback", Feedback)
_QUALITY: Kind[QualityFigures] = Kind("quality", QualityFigures)
_DRIFT: Kind[list[Drift]] = Kind("drift", list[Drift])
_GROWTH: Kind[GrowthReadiness] = Kind("growth", GrowthReadiness)


def standings_of(pool: Pool, program: ProgramId) -> Question[list[Standing]]:
    return Question(("standings", program), lambda: program_standings(pool, program), _STANDINGS)


def funnel_of(
    pool: Pool, program: ProgramId, since: date | None = None, until: date | None = None
) -> Question[ProgramFunnel]:
    """Without dates, of the usual period until the day on which it is counted."""

    async def make() -> ProgramFunnel:
        return await program_funnel(pool, program, *period(since, until, datetime.now(UTC).date()))

    return Question(("funnel", program, since, until), make, _FUNNEL)


def overview_of(
    pool: Pool,
    program: str | None = None,
    segment: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Question[Overview]:
    key = ("overview", program, segment, since, until)
    return Question(key, lambda: overview(pool, program, segment, since, until), _OVERVIEW)


def return_of(pool: Pool, program: ProgramId, since: date | None = None, until: date | None = None) -> Question[Return]:
    return Question(("return", program, since, until), lambda: program_return(pool, program, since, until), _RETURN)


def measures_of(pool: Pool, program: ProgramId, wanted: Filter) -> Question[ProgramMeasures]:
    key = ("measures", program, wanted)
    return Question(key, lambda: program_measures(pool, program, wanted), _MEASURES)


def associations_of(pool: Pool, program: ProgramId) -> Question[Associations]:
    return Question(("associations", program), lambda: associations(pool, program), _ASSOCIATIONS)


def capacity_of(pool: Pool, program: ProgramId) -> Question[Capacity]:
    """Without names, which are kept with people alone."""

    async def make() -> Capacity:
        found = await capacity(pool, program, datetime.now(UTC))
        return replace(found, mentors=[replace(one, name=None) for one in found.mentors])

    return Question(("capacity", program), make, _CAPACITY)


def versions_of(pool: Pool, program: ProgramId) -> Question[dict[str, int]]:
    """How many open journeys follow each version, by its digest."""
    return Question(("versions", program), lambda: on_versions(pool, program), _VERSIONS)


def growth_of(pool: Pool, program: ProgramId) -> Question[GrowthReadiness]:
    return Question(("growth", program), lambda: growth_readiness(pool, program), _GROWTH)


def feedback_of(
    pool: Pool, program: ProgramId, since: date | None = None, until: date | None = None, *, mentors: bool
) -> Question[Feedback]:
    """`mentors`: whether figures of single mentors are in it."""
    key = ("feedback", program, since, until, mentors)
    return Question(key, lambda: feedback(pool, program, since, until, mentors=mentors), _FEEDBACK)


def quality_of(pool: Pool, program: ProgramId) -> Question[QualityFigures]:
    return Question(("quality", program), lambda: quality.figures(pool, program), _QUALITY)


def drift_of(pool: Pool, program: ProgramId) -> Question[list[Drift]]:
    return Question(("drift", program), lambda: findings.drift(pool, program, datetime.now(UTC), DRIFT_OVER), _DRIFT)


def usual(pool: Pool, program: ProgramId) -> Sequence[Question[Any]]:
    """What the pages of a program ask when they are opened."""
    return (
        standings_of(pool, program),
        funnel_of(pool, program),
        return_of(pool, program),
        capacity_of(pool, program),
        measures_of(pool, program, Filter(by="cohort")),
        versions_of(pool, program),
        growth_of(pool, program),
        quality_of(pool, program),
        overview_of(pool, program),
        associations_of(pool, program),
        feedback_of(pool, program, mentors=True),
        drift_of(pool, program),
    )
