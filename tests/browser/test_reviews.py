"""The pages of monthly reviews: on a phone and on a desktop, without barriers."""

from datetime import UTC, datetime

import pytest

from domain.ids import KitDigest
from domain.monthly_review import NoteReview
from domain.monthly_review.period import last_whole_month, period
from domain.program import PROGRAM, PublishKit, program_stream
from projections.runner import catch_up
from services.monthly_reviews import add_note, draft_now
from store import sequencer
from store.database import Pool
from store.transact import transact
from tests.browser.looking import Looking
from tests.browser.site import Site
from tests.projections.stories import DAY, KIT, publish
from tests.support.deliveries import LONG

MONTH = last_whole_month(datetime.now(UTC), "UTC")


@pytest.mark.usefixtures("three_journeys")
async def test_the_review_of_a_month(looking: Looking, site: Site, pool: Pool, dsn: str) -> None:
    await looking.at(f"{site.url}/programs/ready/reviews", cookies=site.cookies)
    since = period(MONTH, "UTC").since
    await publish(pool, LONG, since + 2 * DAY)
    for kit, at in ((KIT, since - 40 * DAY), (LONG, since + 2 * DAY)):
        command = PublishKit(kit=KitDigest(kit.digest), version=kit.version)
        await transact(pool, program_stream(KIT.program_id), PROGRAM, command, at)
    await draft_now(pool, KIT.program_id, MONTH, "ops:ana")
    await add_note(pool, KIT.program_id, MONTH, NoteReview(text="Two mentors were ill"))
    await sequencer.drain(dsn)
    await catch_up(dsn)
    await looking.at(f"{site.url}/programs/ready/reviews", cookies=site.cookies)
    await looking.at(f"{site.url}/programs/ready/reviews/{MONTH}", cookies=site.cookies)
