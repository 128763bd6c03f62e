"""Every page of ops: on a phone and on a desktop, without barriers."""

from datetime import UTC, datetime

import pytest

from domain.monthly_review import NoteReview
from projections.runner import catch_up
from services import monthly_reviews
from store import sequencer
from store.database import Pool
from tests.browser.looking import Looking
from tests.browser.site import Site
from tests.projections.stories import KIT, journey

PAGES = (
    *(
        "/",
        "/journeys",
        "/find?q=to",
        "/time-zone",
        "/funnel",
        "/programs/ready/return",
        "/programs/ready/measures",
        "/programs/ready/associations",
    ),
    *("/programs/ready/feedback", "/programs/ready/complaints", "/programs/ready/proposals", "/programs/ready/reviews"),
    *(f"/journeys/{journey(1)}", "/journeys/nobody"),
)


async def test_logging_in(looking: Looking, site: Site) -> None:
    await looking.at(f"{site.url}/log-in")


@pytest.mark.usefixtures("three_journeys")
async def test_every_page(looking: Looking, site: Site) -> None:
    for address in PAGES:
        await looking.at(f"{site.url}{address}", cookies=site.cookies)


@pytest.mark.usefixtures("three_journeys")
async def test_the_review_of_a_month(looking: Looking, site: Site, pool: Pool, dsn: str) -> None:
    program, now = KIT.program_id, datetime.now(UTC)
    month = await monthly_reviews.latest_month(pool, program, now)
    await monthly_reviews.draft_now(pool, program, month, "ops:ana")
    note = NoteReview(text="Two mentors were <b>ill</b>", by="ops:ana")
    await monthly_reviews.add_note(pool, program, month, note)
    await sequencer.drain(dsn)
    await catch_up(dsn)
    for address in ("/programs/ready/reviews", f"/programs/ready/reviews/{month}"):
        await looking.at(f"{site.url}{address}", cookies=site.cookies)
