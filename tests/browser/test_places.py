"""The pages of programs, mentors, matching and groups: on a phone and on a desktop, without barriers or scripts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.ids import CohortId
from interfaces.http.pages.cohorts import routes as cohorts
from projections.runner import catch_up
from services.cohorts import handle
from store import people, sequencer
from store.database import Pool
from store.people import Person
from tests.browser.looking import Looking
from tests.browser.site import Site
from tests.support.groups import an_hour_before, form, large_groups, members

PAGES = (
    *("/programs/ready", "/programs/ready/versions", "/programs/ready/matching"),
    *("/mentors?program=ready", "/mentors/m-1"),
)


@pytest.mark.usefixtures("three_journeys")
async def test_every_page_of_a_program(looking: Looking, site: Site) -> None:
    for address in PAGES:
        await looking.at(f"{site.url}{address}", cookies=site.cookies)


@pytest.fixture
async def group(pool: Pool, dsn: str, temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch) -> CohortId:
    """Its first session began an hour ago, and nobody has said how it went. Nobody tells its members."""
    monkeypatch.setattr(cohorts, "_WAIT", timedelta(0))
    kit = large_groups(f"steps-{uuid4().hex[:8]}")
    group = CohortId(f"{kit.program}.1")
    entrants = await members(pool, kit, 3)
    names = [Person("ana", "mentor", "Ana"), Person("l-001", "learner", "Bo")]
    await people.upsert_many(pool, names)
    await handle(pool, temporal.client, group, form(kit, entrants), an_hour_before(), task_queue="nobody")
    await sequencer.drain(dsn)
    await catch_up(dsn)
    return group


@pytest.mark.usefixtures("group")
async def test_attendance_is_taken_in_three_steps(looking: Looking, site: Site) -> None:
    async with looking.page(url=site.url, cookies=site.cookies) as page:
        await page.goto(site.url)
        await page.get_by_role("link", name="Cohorts").click()
        await looking.over(page)
        await page.get_by_role("link", name="Group 1").first.click()
        await page.get_by_label("Bo", exact=False).first.select_option(label="missed it")
        await looking.over(page)
        await page.get_by_role("button", name="Record the attendance").dblclick()
        await page.get_by_text("The attendance is recorded for 3 members").wait_for()
        await looking.over(page)
