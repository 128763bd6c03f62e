"""Links to the forms of surveys: one secret for all processes of an installation."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.survey.links import AlteredLink, SurveyLink
from services.survey_links import PAGE, SurveyLinks
from store.database import Pool

SERVICE = "https://trellis.example.org"
LINK = SurveyLink("ready.l-1-after-s1-1", "learner", "l-1", datetime(2026, 3, 2, 9, tzinfo=UTC))


def token(address: str) -> str:
    return address.removeprefix(f"{SERVICE}{PAGE}")


async def test_every_process_makes_and_reads_the_same(pool: Pool) -> None:
    made = await asyncio.gather(*(SurveyLinks(pool, SERVICE).link(LINK) for _ in range(8)))
    assert len(set(made)) == 1
    assert made[0].startswith("https://trellis.example.org/surveys/")
    assert await SurveyLinks(pool, SERVICE).read(token(made[0])) == LINK


async def test_without_its_secret_no_link_is_valid(pool: Pool) -> None:
    before = await SurveyLinks(pool, SERVICE).link(LINK)
    await pool.execute("delete from trellis.survey_link_secret")
    with pytest.raises(AlteredLink):
        await SurveyLinks(pool, SERVICE).read(token(before))
    later = SurveyLink(LINK.request, LINK.role, LINK.respondent, LINK.expires_at + timedelta(days=1))
    assert await SurveyLinks(pool, SERVICE).link(later) != before
