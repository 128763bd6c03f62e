"""What is said of surveys that are not asked in time, and of reviews that lapse."""

from datetime import UTC, datetime, timedelta

import pytest

from projections.runner import catch_up
from services.diagnosis.concerns import concerns
from services.diagnosis.quality import review_findings, survey_findings
from store import sequencer, surveys
from store.database import Pool
from store.leading import leadership
from store.locks import Lock
from store.surveys import Due


async def test_surveys_that_nobody_asks(pool: Pool, dsn: str) -> None:
    (alone,) = await survey_findings(pool)
    assert (alone.state, "no process reads the log for surveys" in alone.says) == ("broken", True)
    async with leadership(dsn, Lock.SURVEYS, "test"):
        (well,) = await survey_findings(pool)
        assert (well.state, well.says) == ("ok", "0 events unread; 0 surveys being asked")
        await surveys.enter(pool, [Due("a", datetime.now(UTC) - timedelta(hours=3), "{}")])
        (late,) = await survey_findings(pool)
    assert (late.state, "1 survey due for 3 h" in late.says) == ("broken", True)


@pytest.mark.parametrize(
    ("hours", "waiting", "state", "says"),
    [
        (48, 2, "ok", "1 program with an open round; 2 reviews waiting"),
        (5, 2, "needs a person", "2 sessions of the round wait for a reviewer, and lapse in 5 h"),
        (5, 0, "ok", "0 reviews waiting"),
        (-1, 2, "broken", "should have closed"),
    ],
)
async def test_reviews_that_lapse(pool: Pool, dsn: str, *, hours: int, waiting: int, state: str, says: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)
    closes_at = datetime.now(UTC) + timedelta(hours=hours, minutes=1)
    await pool.execute(
        """insert into views.qa_rounds values ('qa-p-1', 'p-1', 'p', 1, now(), now(), now(), $1, null, 9, 3, 2, 0, 0,
                                               120, 0, 0, 0, $2)""",
        closes_at,
        waiting,
    )
    (found,) = await review_findings(pool)
    assert (found.state, says in found.says) == (state, True), found
    told = await concerns(pool)["reviews"]()
    assert ("trellis qa queue p" in (told or "")) is (state == "needs a person")
