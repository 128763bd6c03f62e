"""The own pages of learners and mentors in a browser: on a phone, without scripts, read aloud."""

from datetime import UTC, datetime

from domain.own_page import OwnRole
from projections.runner import catch_up
from store import people, sequencer
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.browser.looking import PHONE, Looking
from tests.browser.site import Site
from tests.projections.stories import journey, publish, story, tell
from tests.support.own_pages import own_page


async def link(pool: Pool, role: OwnRole, person: str) -> str:
    return await own_page(pool, role, person, datetime.now(UTC))


async def test_every_page_of_theirs(looking: Looking, site: Site, pool: Pool, dsn: str) -> None:
    await publish(pool)
    await tell(EventLog(pool), 1, story(1, 8))
    await people.upsert_many(pool, [Person("l-1", "learner", "Ada Brook"), Person("m-1", "mentor", "Max Stone")])
    await sequencer.drain(dsn)
    await catch_up(dsn)
    learner, mentor = await link(pool, "learner", "l-1"), await link(pool, "mentor", "m-1")
    mine = f"/journeys/{journey(1)}"
    for path in (
        *(learner, f"{learner}{mine}/shared", f"{learner}{mine}/pause", f"{learner}/link"),
        *(mentor, f"{mentor}{mine}", f"{mentor}{mine}/record_attendance?of=s1", f"{mentor}/leave", f"{mentor}x"),
    ):
        await looking.at(f"{site.url}{path}")
    async with looking.page(PHONE) as page:
        await page.goto(f"{site.url}{mentor}/leave")
        await page.get_by_label("First day").fill("2030-03-04")
        await page.get_by_label("Last day").fill("2030-03-02")
        await page.get_by_role("button", name="Plan it").click()
        await page.get_by_role("alert").wait_for()
        await looking.over(page)
        await page.get_by_label("Last day").fill("2030-03-05")
        await page.get_by_role("button", name="Plan it").click()
        await page.get_by_role("status").filter(has_text="Your leave is planned").wait_for()
        await looking.over(page)
