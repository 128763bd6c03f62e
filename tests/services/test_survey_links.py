"""Links to the forms of surveys: one secret for all processes of an installation."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.survey.links import AlteredLink, SurveyLink
from services import survey_links
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


async def test_links_outlive_one_rotation_and_no_revocation(pool: Pool) -> None:
    links = SurveyLinks(pool, SERVICE)
    first = await links.link(LINK)
    await links.rotate(keeping=True)
    second = await links.link(LINK)
    assert second != first
    for one in (first, second):
        assert await links.read(token(one)) == LINK
    await SurveyLinks(pool, SERVICE).rotate(keeping=True)
    with pytest.raises(AlteredLink):
        await SurveyLinks(pool, SERVICE).read(token(first))
    await links.rotate(keeping=False)
    with pytest.raises(AlteredLink):
        await links.read(token(second))
    assert await links.read(token(await links.link(LINK))) == LINK


async def test_another_process_reads_new_links_at_once(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey_links, "_DOUBTED_SECONDS", 0.0)
    links, others = SurveyLinks(pool, SERVICE), SurveyLinks(pool, SERVICE)
    await others.link(LINK)
    await links.rotate(keeping=True)
    assert await others.read(token(await links.link(LINK))) == LINK


async def test_without_its_secret_no_link_is_valid(pool: Pool) -> None:
    before = await SurveyLinks(pool, SERVICE).link(LINK)
    await pool.execute("delete from trellis.survey_link_secret")
    with pytest.raises(AlteredLink):
        await SurveyLinks(pool, SERVICE).read(token(before))
    later = SurveyLink(LINK.request, LINK.role, LINK.respondent, LINK.expires_at + timedelta(days=1))
    assert await SurveyLinks(pool, SERVICE).link(later) != before
