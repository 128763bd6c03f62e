"""Segments, the funnel, and what was promised beside what was delivered, over HTTP and as pages."""

import httpx2
import pytest

from projections.runner import catch_up
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.interfaces.visiting import Tables
from tests.projections.stories import SEGMENTED, answering, journey, publish, tell


async def test_the_segments_as_json(browser: httpx2.AsyncClient, pool: Pool, dsn: str) -> None:
    await publish(pool, SEGMENTED)
    await tell(EventLog(pool), 0, answering(0, "a raise", 2))
    await tell(EventLog(pool), 1, answering(1, "a job", 2))
    await sequencer.drain(dsn)
    await catch_up(dsn)
    rows = (await browser.get("/api/board", params={"segment": "risers"})).json()["rows"]
    assert [(row["journey"], row["segment"]) for row in rows] == [(journey(0), "risers")]
    counted = (await browser.get("/api/segments", params={"program": "ready"})).json()
    assert [(one["segment"], one["journeys"], one["open"]) for one in counted] == [
        ("job-seekers", 1, 1),
        ("risers", 1, 1),
    ]


async def test_the_funnel_with_segments_and_questions(browser: httpx2.AsyncClient, pool: Pool, dsn: str) -> None:
    await publish(pool, SEGMENTED)
    await tell(EventLog(pool), 0, answering(0, "a raise", 4))
    await tell(EventLog(pool), 1, answering(1, "a job", 2))
    await tell(EventLog(pool), 2, answering(2, "", 1))
    await sequencer.drain(dsn)
    await catch_up(dsn)
    period = {"since": "2026-01-01", "until": "2026-02-01"}

    told = (await browser.get("/api/funnel", params=period)).json()
    assert [(one["stage"], one["entered"], one["left"]) for one in told["steps"]] == [
        ("intake", 3, 1),
        ("matching", 1, 0),
    ]
    assert [(one["segment"], one["journeys"]) for one in told["segments"]] == [
        ("job-seekers", 1),
        ("risers", 1),
        (None, 1),
    ]
    asked = [(one["question"], one["asked"], one["answered"], one["open"]) for one in told["questions"]]
    assert asked == [("goal", 3, 2, 1), ("hours", 3, 2, 0), ("note", 3, 0, 0)]

    of_risers = (await browser.get("/api/funnel", params={**period, "segment": "risers"})).json()["steps"]
    assert [(one["stage"], one["entered"], one["left"]) for one in of_risers] == [("intake", 1, 1), ("matching", 1, 0)]
    assert (await browser.get("/api/funnel", params={"since": "long ago"})).status_code == 422

    tables = Tables((await browser.get("/funnel", params=period)).text)
    assert tables.open == []
    for expected in ("How many hours a week?", "risers", "matching", "Intake questions"):
        assert expected in tables.said


@pytest.mark.usefixtures("three_journeys")
async def test_what_was_promised_beside_what_was_delivered(browser: httpx2.AsyncClient) -> None:
    told = (await browser.get("/api/programs/ready/return")).json()
    (version,) = told["versions"]
    assert (version["promise"]["outcome"], version["fulfilled_by"]) == ("a job", None)
    assert (told["delivered"]["completion_rate"], told["cost"]["live_hours"]) == (1, 2)
    later = (await browser.get("/api/programs/ready/return", params={"since": "2027-01-01"})).json()
    assert (later["delivered"]["learners"]["begun"], later["delivered"]["completion_rate"]) == (0, None)
    assert (await browser.get("/api/programs/ready/return", params={"since": "long ago"})).status_code == 422
    assert (await browser.get("/api/programs/nobody/return")).status_code == 404

    page = Tables((await browser.get("/programs/ready/return")).text)
    assert page.open == []
    for expected in (
        "Job-ready: promised and delivered",
        "a job",
        "1 of 1 who have ended completed the program (100%)",
        "not defined in the kit",
    ):
        assert any(expected in one for one in page.said), expected
    assert 'href="/programs/ready/return"' in (await browser.get("/funnel")).text
