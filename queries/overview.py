"""A program at a glance: where its journeys are now, and how far those came that began in a period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from domain.ids import ProgramId
from projections.standings import Reached, Standing, reached, standings
from store.database import Pool

Stage = Literal["intake", "matching", "sessions", "wrap_up"]
STAGES: Sequence[Stage] = ("intake", "matching", "sessions", "wrap_up")
WEEKS = 26
"""The default period of the funnel."""


@dataclass(frozen=True, slots=True)
class FunnelStep:
    stage: Stage | Literal["completed"]
    reached: int
    of_begun: float | None
    """The share of all who began. None: nobody did."""
    of_before: float | None
    """The share of those who reached the stage before."""
    here: int
    """Those who are still in this stage."""
    left: int
    """Those whose journey ended in this stage, and not by completing it."""


@dataclass(frozen=True, slots=True)
class ProgramFunnel:
    since: date
    until: date
    """Exclusive."""
    steps: Sequence[FunnelStep]


async def program_standings(pool: Pool, program: ProgramId) -> list[Standing]:
    return await standings(pool, program, datetime.now(UTC))


def period(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """As the funnel has it where nothing else is asked for."""
    last = until or today + timedelta(days=1)
    return since or last - timedelta(weeks=WEEKS), last


async def program_funnel(pool: Pool, program: ProgramId, since: date, until: date) -> ProgramFunnel:
    """Of the journeys that began in [since, until), with all that has come of them until now. Raises BeingRebuilt."""
    return ProgramFunnel(since, until, funnel_steps(await reached(pool, program, since, until)))


def funnel_steps(found: Iterable[Reached]) -> list[FunnelStep]:
    rows = list(found)
    begun = sum(one.journeys for one in rows)
    before, steps = begun, list[FunnelStep]()
    for number, stage in enumerate(STAGES, start=1):
        here = [one for one in rows if one.furthest == number]
        many = sum(one.journeys for one in rows if one.furthest >= number)
        steps.append(
            FunnelStep(
                stage=stage,
                reached=many,
                of_begun=_share(many, begun),
                of_before=_share(many, before),
                here=sum(one.journeys for one in here if one.ending is None),
                left=sum(one.journeys for one in here if one.ending not in (None, "completed")),
            )
        )
        before = many
    completed = sum(one.journeys for one in rows if one.ending == "completed")
    steps.append(FunnelStep("completed", completed, _share(completed, begun), _share(completed, before), 0, 0))
    return steps


def _share(many: int, of: int) -> float | None:
    return many / of if of else None
