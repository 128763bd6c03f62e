"""The start page: what needs a person now, by whom it is read, and what is done about it in place."""

import re
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from client.journeys import JourneyClient
from domain.ids import ProgramId, ProposalId
from domain.journey import events as e
from domain.proposal import DecideProposal, MakeProposal
from projections.runner import catch_up
from queries import today
from queries.today import Part, Place, Scope
from services import proposals
from store import people, sequencer
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.projections.stories import AT, journey

NOW = AT + timedelta(days=60)
PART = Part(None, 10)


@pytest.mark.usefixtures("three_journeys")
async def test_what_needs_a_person_stands_on_the_start_page(browser: httpx2.AsyncClient) -> None:
    page = await browser.get("/")
    assert page.status_code == 200
    assert "1 open case" in page.text
    assert f'id="case-{journey(1)}-case-1"' in page.text
    assert f'action="/journeys/{journey(1)}/resolve_case"' in page.text
    assert 'name="once" value="' in page.text
    assert "<nav" in page.text and 'aria-current="page">Today' in page.text


@pytest.mark.usefixtures("three_journeys")
async def test_a_list_by_itself_and_one_that_there_is_not(browser: httpx2.AsyncClient) -> None:
    for name in ("cases", "intakes", "matches", "mentors", "work", "messages", "decisions"):
        assert (await browser.get(f"/today/{name}?whose=mine")).status_code == 200
    assert (await browser.get("/today/everything")).status_code == 404
    assert (await browser.get("/today/cases?after=bm90aGluZw==")).status_code == 422
    assert (await browser.get("/?program=none")).status_code == 200


@pytest.mark.usefixtures("three_journeys")
async def test_each_role_sees_what_it_may(pool: Pool, journeys: JourneyClient) -> None:
    app = guarded_app(pool, journeys)
    seen = {}
    for role in ("ops", "observer"):
        async with calling(app, await key_of(pool, role)) as client:
            seen[role] = (await client.get("/")).text
    assert "Max Stone" in seen["ops"] and "resolve_case" in seen["ops"]
    assert "Max Stone" not in seen["observer"] and "resolve_case" not in seen["observer"]
    await people.upsert_many(pool, [Person("m-2", "mentor", "Mia Park")])
    async with calling(app, await key_of(pool, "mentor", mentor="m-2")) as client:
        assert "Nothing needs you now" in (await client.get("/")).text


@pytest.mark.usefixtures("three_journeys")
async def test_a_case_that_rests_or_is_taken(pool: Pool, dsn: str) -> None:
    (case,) = await today.open_cases(pool, Scope(), NOW, None, PART)
    log, stream = EventLog(pool), case.stream
    taken = e.CaseAcknowledged(at=NOW, case=case.case or "", respond_by=NOW + timedelta(days=2))
    await log.append(stream, case.version, "t", encode([taken], "t", {"by": "ops:ben"}))
    await show(dsn)
    (case,) = await today.open_cases(pool, Scope(), NOW, None, PART)
    assert await today.takers(pool, [case]) == {(case.journey, case.case): "ops:ben"}
    for who, found in (("ops:ben", 1), ("ops:ana", 0)):
        assert len(await today.open_cases(pool, Scope(), NOW, None, PART, taken_by=who)) == found
    rests = e.CaseSnoozed(at=NOW, case=case.case or "", until=NOW + timedelta(days=1), reason="ill")
    await log.append(stream, case.version, "s", encode([rests], "s"))
    await show(dsn)
    assert await today.open_cases(pool, Scope(), NOW, None, PART) == []
    assert len(await today.open_cases(pool, Scope(["ready"]), NOW + timedelta(days=2), None, PART)) == 1


@pytest.mark.usefixtures("three_journeys")
async def test_mine_is_what_one_has_taken_or_leads(pool: Pool, dsn: str, journeys: JourneyClient) -> None:
    (case,) = await today.open_cases(pool, Scope(), NOW, None, PART)
    taken = e.CaseAcknowledged(at=NOW, case=case.case or "", respond_by=NOW + timedelta(days=2))
    await EventLog(pool).append(case.stream, case.version, "t", encode([taken], "t", {"by": "ops:test"}))
    wanted = {"program": ProgramId("ready"), "title": "Shorten it"}
    mine = await proposals.make(pool, MakeProposal(**wanted, by="ops:test"), NOW)
    decided = DecideProposal(decision="accepted", reason="yes", by="ops:ben")
    await proposals.handle(pool, ProposalId(mine.id), decided, NOW)
    await proposals.make(pool, MakeProposal(**{**wanted, "title": "Lengthen it"}, by="ops:ben"), NOW)
    await show(dsn)
    app, address = guarded_app(pool, journeys), "/?whose=mine"
    async with calling(app, await key_of(pool, "ops")) as ops, calling(app, await key_of(pool, "observer")) as other:
        page, theirs = (await ops.get(address)).text, (await other.get(address)).text
        assert (await ops.get("/today/decisions?whose=mine")).status_code == 200
    assert f"case-{case.journey}-{case.case}" in page and "Shorten it" in page and "Lengthen it" not in page
    assert "Intakes to review" not in page and case.journey not in theirs
    async with calling(app, await key_of(pool, "ops", programs=["ready"])) as lead:
        page = (await lead.get(address)).text
    assert "Shorten it" not in page and "Lengthen it" in page, "what is to be decided in the program that they lead"


@pytest.mark.usefixtures("three_journeys")
async def test_pages_of_a_list_go_on_where_they_ended(pool: Pool) -> None:
    whole = [
        *await today.duties(pool, Scope(), "learner", PART),
        *await today.duties(pool, Scope(), "mentor", PART),
        *await today.open_cases(pool, Scope(), NOW, None, PART),
    ]
    assert whole
    last = today.place_of(whole[-1])
    assert await today.open_cases(pool, Scope(), NOW, None, Part(last, 10)) == []
    before = Place(9, datetime(1970, 1, 1, tzinfo=UTC), "", "")
    assert len(await today.open_cases(pool, Scope(), NOW, None, Part(before, 10))) == 1


@pytest.mark.usefixtures("three_journeys")
async def test_the_time_zone_of_the_reader(browser: httpx2.AsyncClient) -> None:
    assert "Times in UTC." in (await browser.get("/")).text
    wrong = await browser.post("/time-zone", content="zone=Nowhere&back=/")
    assert (wrong.status_code, 'value="Nowhere"' in wrong.text) == (422, True)
    done = await browser.post("/time-zone", content="zone=Asia%2FTokyo&back=//evil.example", follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    page = await browser.get("/")
    assert "Times in Asia/Tokyo." in page.text
    assert "Times are shown in Asia/Tokyo." in page.text
    assert re.search(r"\d\d:\d\d JST", page.text)
    assert "Times are shown in" not in (await browser.get("/")).text, "a message is said once"


@pytest.mark.usefixtures("three_journeys")
async def test_finding_a_page_or_a_person(browser: httpx2.AsyncClient) -> None:
    async def found(asked: str) -> str:
        page = await browser.get("/find", params={"q": asked}, headers={"X-Refresh": "1"})
        return page.text

    assert f'<a href="/journeys/{journey(0)}">Ada &lt;b&gt;Brook' in await found("ada")
    assert f'href="/journeys/{journey(1)}"' in await found("l-1")
    assert 'href="/mentors/m-1"' in await found("sto")
    assert 'href="/cohorts"' in await found("coh")
    assert f'href="/journeys/{journey(0)}/pause"' in await found("pau ada")
    assert "Nothing is called like this" in await found("xyzzy")
    alone = await browser.get("/find?q=move+ada", follow_redirects=False)
    assert (alone.status_code, alone.headers["location"]) == (303, f"/journeys/{journey(0)}/reschedule_session")


async def show(dsn: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)
