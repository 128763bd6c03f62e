"""How programs look at themselves: surveys that are to be asked, and sessions that wait for a reviewer."""

from collections.abc import Sequence

from projections import figures
from runtime.metrics.declaring import Family, Figures, Sample, samples_of
from store.database import Pool, query

_DUE = Family("trellis_surveys_due", "Surveys that should be asked by now, and about which the log says nothing yet.")
_DUE_SECONDS = Family("trellis_surveys_due_seconds", "For how long the first of them; 0 if there is none.")
_WAITING = Family(
    "trellis_reviews_waiting", "Sessions of open rounds of reviews that nobody has reviewed yet.", ("program",)
)
_CLOSES = Family("trellis_reviews_close_timestamp_seconds", "When the first open round closes.", ("program",))


async def _surveys(pool: Pool) -> Sequence[Sample]:
    state = await pool.fetchrow(query("survey_state"))
    assert state is not None, "the migration that made the table filled it"
    return [Sample(_DUE, (), float(state["due"])), Sample(_DUE_SECONDS, (), state["due_seconds"])]


async def _reviews(pool: Pool) -> Sequence[Sample]:
    rows = [(program, waiting, closes_at.timestamp()) for program, waiting, closes_at in await figures.reviews(pool)]
    return samples_of(rows, 1, _WAITING, _CLOSES)


SURVEYS = Figures(
    "surveys",
    "Surveys",
    "How far surveys are behind what programs ask for ([surveys.md](surveys.md)). How far the log is read for them is "
    "`trellis_follower_lag_events` of the follower `surveys`.",
    (_DUE, _DUE_SECONDS),
    _surveys,
)
REVIEWS = Figures(
    "reviews",
    "Reviews of sessions",
    "From the view `qa_samples` ([quality.md](quality.md)), of programs with an open round.",
    (_WAITING, _CLOSES),
    _reviews,
)
