"""What was delivered: sessions and their attendance, follow-ups, milestones, outcomes, promises."""

from collections import Counter
from collections.abc import Sequence

from projections import figures
from runtime.metrics.declaring import Family, Figures, Sample, samples_of
from store.database import Pool

_SESSIONS = Family("trellis_sessions", "Sessions whose attendance is recorded.", ("program", "attendance"))
_FOLLOW_UPS = Family(
    "trellis_follow_ups", "Follow-ups that a session asked for, by what became of them.", ("program", "result")
)
_MILESTONES = Family("trellis_milestones", "Milestones of journeys, by how they stand.", ("program", "standing"))
_OUTCOMES = Family("trellis_outcomes", "Journeys with a recorded outcome of this kind.", ("program", "kind"))
_PROMISES = Family("trellis_promises", "Journeys, by how the promise of the program stands.", ("program", "standing"))


async def _delivered(pool: Pool) -> Sequence[Sample]:
    return [
        *_of_sessions(await figures.sessions(pool)),
        *samples_of(await figures.milestones(pool), 2, _MILESTONES),
        *samples_of(await figures.outcomes(pool), 2, _OUTCOMES),
        *samples_of(await figures.promises(pool), 2, _PROMISES),
    ]


def _of_sessions(rows: figures.Rows) -> list[Sample]:
    attended, followed = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for program, attendance, follow_up, sessions in rows:
        attended[program, attendance] += sessions
        if follow_up is not None:
            followed[program, follow_up] += sessions
    return [
        *samples_of([(*place, many) for place, many in attended.items()], 2, _SESSIONS),
        *samples_of([(*place, many) for place, many in followed.items()], 2, _FOLLOW_UPS),
    ]


DELIVERED = Figures(
    "delivered",
    "Sessions, milestones and outcomes",
    "From the view `delivered`. All since the beginning, and gauges, because a correction can lower them. `attendance` "
    "is `attended`, `late`, `missed_by_learner`, `missed_by_mentor`, `cancelled_in_time` or `cancelled_late`; a "
    "`result` is `owed`, `in_time` or `late`; a milestone is `open`, `unreviewed`, `passed`, `failed` or `waived`; a "
    "promise is `open`, `fulfilled`, `unfulfilled`, `unknown` (nothing is known that decides it) or `unsaid` (the kit "
    "has no rule for it). Kinds of outcomes that the kit does not name are counted together as `other`. "
    "`trellis:attendance:ratio` and `trellis:follow_ups_in_time:ratio` in `observability/rules.yml` are the rates.",
    (_SESSIONS, _FOLLOW_UPS, _MILESTONES, _OUTCOMES, _PROMISES),
    _delivered,
    every_seconds=30.0,
    patience_seconds=20.0,
)
