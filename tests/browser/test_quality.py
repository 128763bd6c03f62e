"""The pages of those who review sessions: on a phone and on a desktop, without barriers and without scripts."""

from datetime import UTC, datetime

from activities.quality import QualityRounds
from domain.ids import ProgramId
from projections.runner import catch_up
from store import sequencer
from store.database import Pool
from tests.browser.looking import Looking
from tests.browser.site import Site
from tests.support.reviews import LONG_OPEN, tell_held, with_terms
from workflows.quality_activities import BeginReviews


async def test_a_review_from_the_queue_to_the_score(looking: Looking, site: Site, pool: Pool, dsn: str) -> None:
    await tell_held(pool, with_terms(**LONG_OPEN))
    await show(dsn)
    await QualityRounds(pool).begin(BeginReviews(program=ProgramId("ready"), run="r", at=datetime.now(UTC)))
    await show(dsn)
    await looking.at(f"{site.url}/programs/ready/quality", cookies=site.cookies)
    async with looking.page(url=site.url, cookies=site.cookies) as page:
        await page.goto(f"{site.url}/programs/ready/quality")
        for what in ("tbody a >> nth=0", "text=Take this review"):
            async with page.expect_navigation():
                await page.click(what)
            await looking.over(page)
        await page.select_option("#question-next", "yes")
        await page.select_option("#dimension-clarity", "4")
        await page.fill("#notes", "There is a date.")
        await page.click("text=Record the score")
        await page.wait_for_url("**/quality")
    found = await pool.fetchval("select data ->> 'notes' from trellis.events where type = 'quality.session_scored'")
    assert found == "There is a date."


async def show(dsn: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)
