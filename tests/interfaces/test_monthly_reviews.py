"""The monthly review by commands, by the API, and as a page: one text of all of them."""

from datetime import UTC, datetime

import httpx2
import pytest

from domain.ids import KitDigest
from domain.kit import Kit
from domain.monthly_review.period import last_whole_month, month_of, period
from domain.program import PROGRAM, PublishKit, program_stream
from projections.runner import catch_up
from runtime.exits import Exit
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from store.transact import transact
from tests.commands import Trellis
from tests.interfaces.filling import Filling
from tests.interfaces.visiting import Tables
from tests.projections.stories import DAY, KIT, publish, tell
from tests.support.deliveries import LONG, SHORT, STORIES

READY = KIT.program_id
MONTH = last_whole_month(datetime.now(UTC), "UTC")
SHORT_TO_LONG = Kit.model_validate(LONG.model_dump(mode="json") | {"version": "longer", "monthly_review": {"least": 2}})


@pytest.fixture
async def told(pool: Pool, dsn: str) -> None:
    """Five journeys, and two changes of the version, the second of them in the last month."""
    since = period(MONTH, "UTC").since
    for kit in (KIT, LONG, SHORT, SHORT_TO_LONG):
        await publish(pool, kit, since + 3 * DAY)
    for number, events in enumerate(STORIES):
        await tell(EventLog(pool), number, events)
    for kit, at in ((KIT, since - 400 * DAY), (LONG, since - 300 * DAY), (SHORT_TO_LONG, since + 3 * DAY)):
        command = PublishKit(kit=KitDigest(kit.digest), version=kit.version, by="ops:ana")
        await transact(pool, program_stream(READY), PROGRAM, command, at, meta={"by": "ops:ana"})
    await sequencer.drain(dsn)
    await catch_up(dsn)


@pytest.mark.usefixtures("told")
async def test_from_draft_to_release_by_commands(trellis: Trellis) -> None:
    missing = await trellis("review", "ready")
    assert (missing.exit, f"trellis review ready --month {MONTH} --draft" in missing.err) == (Exit.FAILED, True), (
        missing
    )
    drafted = await trellis("review", "ready", "--draft")
    assert drafted.exit == Exit.OK, drafted.err
    assert "# Job-ready: review of" in drafted.out
    assert "new journeys follow version longer instead of long, decided by ops:ana." in drafted.out
    assert "Why: no proposal names this version." in drafted.out
    assert "What came of the change to version long" in drafted.out
    assert "too early to say" in drafted.out
    assert "No round of reviews began this month." in drafted.out
    assert "Detectors found nothing in what was written." in drafted.out
    noted = await trellis("review", "ready", "--note", "Two mentors were ill", "--by", "ops:ana")
    assert "Two mentors were ill (ops:ana)" in noted.out
    released = await trellis("review", "ready", "--release", "--by", "ops:ana", "--json")
    assert (released.json["draft"], released.json["released_by"]) == (1, "ops:ana")
    assert (await trellis("review", "ready", "--draft")).exit == Exit.FAILED
    assert "Released by ops:ana" in (await trellis("review", "ready")).out


@pytest.mark.usefixtures("told")
async def test_a_month_that_is_not_over_is_not_released(trellis: Trellis) -> None:
    now = month_of(datetime.now(UTC), "UTC")
    assert "the month is not over" in (await trellis("review", "ready", "--month", now, "--draft")).out
    refused = await trellis("review", "ready", "--month", now, "--release")
    assert (refused.exit, "was not over when this was drafted" in refused.err) == (Exit.FAILED, True)
    ahead = await trellis("review", "ready", "--month", "2199-01", "--draft")
    assert (ahead.exit, "2199-01 has not begun" in ahead.err) == (Exit.FAILED, True)
    early = await trellis("review", "ready", "--month", "2019-12", "--draft")
    assert (early.exit, "so there is nothing to review of 2019-12" in early.err) == (Exit.FAILED, True), early
    wrong = await trellis("review", "ready", "--month", "November")
    assert (wrong.exit, "not a month; write it as 2026-11" in wrong.err) == (Exit.BAD_INPUT, True), wrong


@pytest.mark.usefixtures("told")
async def test_the_page_reads_like_the_command(browser: httpx2.AsyncClient, trellis: Trellis, dsn: str) -> None:
    empty = await browser.get("/programs/ready/reviews")
    assert f"trellis review ready --month {MONTH} --draft" in empty.text
    assert (await browser.get(f"/programs/ready/reviews/{MONTH}")).status_code == 404
    await trellis("review", "ready", "--draft", "--note", "<b>Ill</b> mentors")
    await sequencer.drain(dsn)
    await catch_up(dsn)
    assert f"/programs/ready/reviews/{MONTH}" in (await browser.get("/programs/ready/reviews")).text
    page = await browser.get(f"/programs/ready/reviews/{MONTH}")
    tables = Tables(page.text)
    assert tables.open == []
    assert "<b>Ill</b> mentors (ops)" in tables.said
    assert "What it did to those who came next" in tables.said
    assert (await browser.get("/programs/nowhere/reviews")).status_code == 404
    assert (await browser.get("/programs/ready/reviews/2026-13")).status_code == 422
    told = (await browser.get("/v1/programs/ready/reviews")).json()
    assert [(one["month"], one["draft"], one["released_at"]) for one in told["reviews"]] == [(MONTH, 1, None)]


@pytest.mark.usefixtures("told")
async def test_a_review_is_drafted_noted_and_released_on_its_page(browser: httpx2.AsyncClient) -> None:
    filling, base = Filling(browser), "/programs/ready/reviews"
    drafted = await filling.send(base, f"{base}/{MONTH}/draft")
    page = f"{base}/{MONTH}"
    await filling.browser.post(f"{page}/draft", headers={"sec-fetch-site": "same-origin"})
    assert (drafted.status_code, drafted.headers["location"]) == (303, page)
    noted = await filling.done(await filling.send(page, f"{page}/notes", {"text": "Two mentors were ill"}))
    assert "Two mentors were ill (ops)" in noted
    empty = await filling.fill(noted, f"{page}/notes", {"text": "  "})
    assert (empty.status_code, "This is needed" in empty.text) == (422, True)
    outdated = await filling.fill(noted.replace('name="draft" value="2"', 'name="draft" value="1"'), f"{page}/release")
    refused = await filling.fill(outdated.text, f"{page}/release")
    assert (refused.status_code, "Please check" in refused.text) == (409, True)
    asked = await filling.send(page, f"{page}/release")
    assert "changes no more" in asked.text
    released = await filling.done(await filling.fill(asked.text, f"{page}/release"))
    assert "Released by ops" in released
    assert "Add a note" not in released


async def test_the_version_before_the_first_that_the_program_knows_of(trellis: Trellis, pool: Pool, dsn: str) -> None:
    since = period(MONTH, "UTC").since
    for kit, at in ((KIT, since - DAY), (LONG, since + DAY)):
        await publish(pool, kit, at)
    command = PublishKit(kit=KitDigest(LONG.digest), version=LONG.version)
    await transact(pool, program_stream(READY), PROGRAM, command, since + 2 * DAY)
    await sequencer.drain(dsn)
    await catch_up(dsn)
    assert "new journeys follow version long instead of 1" in (await trellis("review", "ready", "--draft")).out


async def test_a_program_without_a_past_is_drafted_too(trellis: Trellis, pool: Pool, dsn: str) -> None:
    await publish(pool, KIT)
    await catch_up(dsn)
    drafted = await trellis("review", "ready", "--draft")
    assert "No other version of the kit was taken into use this month." in drafted.out
