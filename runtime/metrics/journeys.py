"""Journeys: how many stand where, what they wait for, what is overdue, and the open cases."""

from collections.abc import Sequence
from datetime import UTC, datetime

from projections import figures
from runtime.metrics.declaring import Family, Figures, Sample, samples_of
from store.database import Pool

_STANDING = Family(
    "trellis_journeys",
    "Journeys, by stage and status: active, paused, or how they ended.",
    ("program", "stage", "status"),
)
_PAUSED = Family("trellis_journeys_paused", "Journeys that are paused.", ("program", "stage"))
_ATTENTION = Family("trellis_journeys_attention", "Journeys that have an open case.", ("program", "stage"))


async def _journeys(pool: Pool) -> Sequence[Sample]:
    rows = await figures.journeys(pool)
    return [*samples_of(rows, 3, _STANDING, None, None), *_by_stage(rows)]


def _by_stage(rows: figures.Rows) -> list[Sample]:
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for program, stage, _, _, paused, attention in rows:
        before = sums.get((program, stage), (0, 0))
        sums[program, stage] = (before[0] + paused, before[1] + attention)
    return samples_of([(*place, *values) for place, values in sums.items()], 2, _PAUSED, _ATTENTION)


JOURNEYS = Figures(
    "journeys",
    "Journeys",
    "From the view `board`. `status` is `active`, `paused`, or the ending: `completed`, `withdrawn`, `declined`, "
    "`ended_early`. Journeys that count as paused or as having a case are counted in `trellis_journeys` too.",
    (_STANDING, _PAUSED, _ATTENTION),
    _journeys,
)

_WAITING = Family(
    "trellis_waiting",
    "Duties that journeys wait for, by role and age.",
    ("program", "duty", "role", "age"),
)
_WAITING_OLDEST = Family(
    "trellis_waiting_oldest_seconds",
    "Age of the oldest duty that a journey waits for.",
    ("program", "duty", "role"),
)
_OVERDUE = Family(
    "trellis_overdue",
    "Duties that are overdue, by the rule of the kit that set the date.",
    ("program", "duty", "role", "rule"),
)


async def _waiting(pool: Pool) -> Sequence[Sample]:
    now = datetime.now(UTC)
    rows = await figures.waiting(pool, now)
    by_age = [row for row in rows if row[3] is not None]
    oldest = [(*row[:3], row[5]) for row in rows if row[3] is None]
    return [
        *samples_of(by_age, 4, _WAITING, None),
        *samples_of(oldest, 3, _WAITING_OLDEST),
        *samples_of(await figures.overdue(pool, now), 4, _OVERDUE),
    ]


WAITING = Figures(
    "waiting",
    "Waiting and overdue",
    "From the view `attention`: everything that a journey waits for, with the `duty` (such as `intake_review`, "
    "`match`, `milestone_review`, `case`) and the `role` that has it (`learner`, `mentor`, `ops`). `age` is "
    "`under_1d`, `1d_to_3d`, `3d_to_7d`, `7d_to_14d` or `over_14d`. `rule` is the place in the kit; of each program "
    f"the {figures.RULES} rules with most overdue are shown, the others together as `other`. "
    "Learners who wait for a mentor have the duty `match`. Sessions and milestones that lie ahead are awaited since "
    "they were planned (`attendance`, `preparation`, `milestone`).",
    (_WAITING, _WAITING_OLDEST, _OVERDUE),
    _waiting,
)

_CASES = Family("trellis_cases", "Open cases, by severity and age.", ("program", "severity", "age"))
_CASES_OLDEST = Family("trellis_cases_oldest_seconds", "Age of the oldest open case.", ("program", "severity"))


async def _cases(pool: Pool) -> Sequence[Sample]:
    rows = await figures.cases(pool, datetime.now(UTC))
    by_age = [row for row in rows if row[2] is not None]
    oldest = [(*row[:2], row[4]) for row in rows if row[2] is None]
    return [*samples_of(by_age, 3, _CASES, None), *samples_of(oldest, 2, _CASES_OLDEST)]


CASES = Figures(
    "cases",
    "Cases",
    "From the view `attention`. `severity` is `notice`, `warning` or `critical`; `age` as above. Cases that were not "
    'answered in time are in `trellis_overdue{duty="case"}`.',
    (_CASES, _CASES_OLDEST),
    _cases,
)
