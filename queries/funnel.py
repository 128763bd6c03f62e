"""The funnel of a program: stages by week, segments, and the intake question by question."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from domain.words import plain
from projections.views import board, funnel, intake
from projections.views.board import SegmentCount
from projections.views.funnel import Step
from projections.views.intake import Asked
from queries.listing import Listing
from store.database import Pool

WEEKS = 12
"""The default period."""


@dataclass(frozen=True, slots=True)
class Overview:
    since: date
    until: date
    """Exclusive: the first day after the period."""
    steps: list[Step]
    """How many learners entered and left each stage, by the week in which they entered it."""
    segments: list[SegmentCount]
    """All learners as of now, whenever they started."""
    questions: list[Asked]
    """Of the learners who started in this period, in any segment: segments are derived from the answers."""


async def overview(
    pool: Pool,
    program: str | None = None,
    segment: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Overview:
    """Of one program or of all. `segment` filters the stages only. Without `until`, the period ends today."""
    until = until or datetime.now(UTC).date() + timedelta(days=1)
    since = since or until - timedelta(weeks=WEEKS)
    return Overview(
        since=since,
        until=until,
        steps=await funnel.steps(pool, since, until, program, segment),
        segments=await board.segments(pool, program),
        questions=await intake.questions(pool, since, until, program),
    )


def listings(found: Overview) -> tuple[Listing, ...]:
    return (
        Listing(
            "Stages, by week of entry",
            ("program", "pathway", "week of", "stage", "entered", "left", "median", "90th percentile"),
            [(*_of_step(one), _hours(one.hours_median), _hours(one.hours_p90)) for one in found.steps],
        ),
        Listing(
            "Segments, currently",
            ("program", "segment", "journeys", "open", "paused", "attention", "completed"),
            list(map(_of_segment, found.segments)),
        ),
        Listing(
            "Intake questions",
            ("program", "question", "asked", "answered", "currently here", "gave up here"),
            list(map(_of_question, found.questions)),
        ),
    )


def _of_step(one: Step) -> tuple[object, ...]:
    return one.program, one.pathway or "", one.week, plain(one.stage), one.entered, one.left


def _hours(many: float | None) -> str:
    return "" if many is None else f"{many:.0f} h"


def _of_segment(one: SegmentCount) -> tuple[object, ...]:
    segment = one.segment or "none yet, or no match"
    return one.program, segment, one.journeys, one.open, one.paused, one.attention, one.completed


def _of_question(one: Asked) -> tuple[object, ...]:
    question = one.question or "After the last required question"
    return one.program, question, one.asked, one.answered, one.open, one.abandoned
