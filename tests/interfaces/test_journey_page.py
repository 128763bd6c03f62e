"""One journey as a page: where it stands, what can be done with the options that hold now, and what happened."""

import re
from datetime import timedelta
from html import unescape

import httpx2
import pytest

from client.journeys import JourneyClient
from domain.access import KeyRole
from domain.ids import journey_stream
from domain.journey import events as e
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.interfaces.visiting import Tables
from tests.projections.stories import AT, DAY, journey, story, tell

pytestmark = pytest.mark.usefixtures("three_journeys")
_HTML = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}


def section(page: str, name: str) -> str:
    return page.split(f'<section id="{name}"')[1].split("</section>", maxsplit=1)[0]


async def test_what_is_awaited_comes_with_the_forms_that_do_it(browser: httpx2.AsyncClient) -> None:
    page = (await browser.get(f"/journeys/{journey(1)}")).text
    assert Tables(page).open == []
    now = unescape(section(page, "now"))
    assert re.findall(r"<h3>([^<]*) <small>", now) == [
        "The review of a milestone: CV",
        "The answer to a case: Late review",
        "The work for a milestone: Mock",
    ]
    review, case = now.split("<article")[1:3]
    for command in ("resolve_case", "acknowledge_case", "snooze_case", "reassign_case"):
        assert f'action="/journeys/{journey(1)}/{command}"' in case
    assert '<input type="hidden" name="case" value="case-1">' in case
    assert re.findall(r'<option value="(\w+)"', review) == ["passed", "returned", "failed"]
    assert "corrects" not in review, "nothing is recorded yet that could be corrected"


async def test_the_history_is_told_from_the_latest_and_in_pages(browser: httpx2.AsyncClient, pool: Pool) -> None:
    flags = [e.RiskFlagRaised(at=AT + 16 * DAY + timedelta(hours=n), flag="ill", notes=f"note {n}") for n in range(60)]
    refused = e.CommandRejected(at=AT + 20 * DAY, command="pause", reason="no")
    await EventLog(pool).append(journey_stream(journey(1)), 8, "more", encode([*flags, refused], "more"))
    page = (await browser.get(f"/journeys/{journey(1)}?part=history")).text
    told = section(page, "history")
    assert re.findall(r"note \d+", told)[:2] == ["note 59", "note 58"]
    assert "Refused</h2>" in told
    older = re.search(r'href="([^"]*before=\d+)"', told)
    assert older is not None
    rest = section((await browser.get(unescape(older[1]))).text, "history")
    assert re.findall(r"note \d+", rest)[0] == "note 9"
    assert "Mentor Max Stone was matched" in rest, "and not by their id"
    assert "First page" in rest
    assert (await browser.get(f"/journeys/{journey(1)}?before=0")).status_code == 422


async def test_it_says_why_a_rule_has_not_fired(browser: httpx2.AsyncClient) -> None:
    rules = Tables(section((await browser.get(f"/journeys/{journey(1)}?part=rules")).text, "rules")).said
    said = [one for one in rules if one]
    assert "Late review: opens a case for ops when the review of a milestone is late" in said
    assert "fired" in said
    reminder = said.index("reminds the learner 1 day before “First meeting”")
    assert said[reminder + 2 : reminder + 4] == [
        "did not fire",
        "the session is over (attended), and nobody is reminded of it any more",
    ]


async def test_rules_are_found_and_those_that_nearly_fired_come_first(browser: httpx2.AsyncClient) -> None:
    address = f"/journeys/{journey(1)}?part=rules"
    whole = (await browser.get(address)).text
    groups = re.findall(r'<details class="group" id="rules-(\w+)"', whole)
    assert groups == sorted(groups, key=["near", "scheduled", "fired", "others"].index) and "fired" in groups
    found = section((await browser.get(f"{address}&find=late+REVIEW")).text, "rules")
    assert re.findall(r"<tr><td>([^<:]*)", found) == ["Late review"]
    none = section((await browser.get(f"{address}&find=nothing<b>")).text, "rules")
    assert "No rule has these words" in none and "nothing&lt;b&gt;" in none


async def test_what_was_recorded_of_a_session_can_be_taken_back(browser: httpx2.AsyncClient) -> None:
    address = f"/journeys/{journey(1)}/take_back_attendance"
    page = (await browser.get(f"/journeys/{journey(1)}?part=sessions")).text
    assert f'href="{address}?session=s1"' in page
    form = (await browser.get(f"{address}?session=s1")).text
    assert "Take back what was recorded" in form and '<input type="hidden" name="session" value="s1">' in form
    told = await browser.post(address, data={"session": "s1", "reason": "it was Bo"}, headers=_HTML)
    assert told.status_code == 200
    assert "What was recorded of First meeting was taken back (recorded before: attended)" in unescape(told.text)
    wordless = await browser.post(address, data={"session": "s1"}, headers=_HTML)
    assert (wordless.status_code, "This is needed" in wordless.text) == (422, True)


async def test_a_form_by_itself_has_the_options_that_hold_now(browser: httpx2.AsyncClient) -> None:
    page = (await browser.get(f"/journeys/{journey(1)}/waive_milestone?milestone=mock&back_to=/journeys")).text
    assert '<input type="hidden" name="milestone" value="mock">' in page
    assert '<input type="hidden" name="back_to" value="/journeys">' in page
    choosing = (await browser.get(f"/journeys/{journey(1)}/waive_milestone?reason=so")).text
    assert re.findall(r'<option value="(\w+)"', choosing) == ["cv", "mock"]
    assert ">so</textarea>" in choosing
    correcting = (await browser.get(f"/journeys/{journey(1)}/record_attendance?session=s1")).text
    assert 'name="corrects"' in correcting
    assert (await browser.get(f"/journeys/{journey(1)}/no_such_thing")).status_code == 404
    assert (await browser.get("/journeys/nobody/pause")).status_code == 404
    elsewhere = (await browser.get(f"/journeys/{journey(1)}/pause?back_to=//evil.example")).text
    assert "evil.example" not in elsewhere.split("<main")[1].split("</main>")[0]


async def test_before_a_grave_act_it_is_said_what_it_does(browser: httpx2.AsyncClient) -> None:
    browser.headers.update(_HTML)
    address = f"/journeys/{journey(1)}/withdraw"
    asks = await browser.post(address, data={"reason": "moved away"})
    assert (asks.status_code, "What will happen" in asks.text) == (200, True)
    assert "1 open case will be closed: case-1." in asks.text
    empty = await browser.post(address, data={"reason": ""})
    assert (empty.status_code, "This is needed." in empty.text) == (422, True)
    refused = await browser.post(f"/journeys/{journey(2)}/withdraw", data={"reason": "late"})
    assert refused.status_code == 409
    assert ">late</textarea>" in refused.text


async def test_a_mentor_does_what_mentors_may(pool: Pool, journeys: JourneyClient) -> None:
    async with calling(guarded_app(pool, journeys), await key_of(pool, KeyRole.MENTOR, mentor="m-1")) as mentor:
        mentor.headers.update(_HTML)
        page = (await mentor.get(f"/journeys/{journey(1)}")).text
        assert ("/review_milestone" in page, "/withdraw" in page, "/waive_milestone" in page) == (True, False, False)
        assert (await mentor.get(f"/journeys/{journey(1)}/withdraw")).status_code == 403
        assert (await mentor.post(f"/journeys/{journey(1)}/withdraw", data={"reason": "x"})).status_code == 403
        assert (await mentor.get(f"/journeys/{journey(0)}")).status_code == 404


async def test_a_journey_at_every_step_has_a_page(browser: httpx2.AsyncClient, pool: Pool) -> None:
    for length in (1, 3, 4, 7, 11, 14):
        await tell(EventLog(pool), 20 + length, story(20 + length, length))
        page = await browser.get(f"/journeys/{journey(20 + length)}")
        assert page.status_code == 200, length
        assert Tables(page.text).open == []
        for part in ("sessions", "messages", "rules", "history", "learner"):
            assert (await browser.get(f"/journeys/{journey(20 + length)}?part={part}")).status_code == 200, part
        if length in (3, 7, 14):
            for address in set(re.findall(rf'href="(/journeys/{journey(20 + length)}/[a-z_]+)"', page.text)):
                assert (await browser.get(address)).status_code == 200, address
