"""What the API answers about journeys, mentors and messages, and which parameters it refuses."""

import base64

import httpx2
import pytest
from icalendar import Calendar

from domain.journey import COMMANDS
from projections.runner import catch_up
from store import sequencer
from store.database import Pool
from tests.messaging.told import Remembering, sent
from tests.projections.stories import AT, DAY, journey


@pytest.mark.usefixtures("three_journeys")
async def test_the_board_as_json(browser: httpx2.AsyncClient) -> None:
    everything = (await browser.get("/api/board")).json()
    assert everything["next"] is None
    assert {row["journey"] for row in everything["rows"]} == {journey(0), journey(1), journey(2)}

    escalated = (await browser.get("/api/board", params={"attention": "notice"})).json()["rows"]
    assert [(row["journey"], row["attention"], row["mentor"]) for row in escalated] == [(journey(1), "warning", "m-1")]


@pytest.mark.usefixtures("three_journeys")
async def test_pages_of_the_board_follow_one_another(browser: httpx2.AsyncClient) -> None:
    seen, after = [], None
    for _ in range(3):
        parameters = {"limit": 1, **({"after": after} if after else {})}
        page = (await browser.get("/api/board", params=parameters)).json()
        seen += [row["journey"] for row in page["rows"]]
        after = page["next"]
    assert after is None
    assert sorted(seen) == [journey(0), journey(1), journey(2)]


async def test_what_cannot_be_asked_is_refused(browser: httpx2.AsyncClient) -> None:
    for parameters in ({"limit": 0}, {"sort": "beauty"}, {"after": "!"}, {"after": "e30="}, {"colour": "red"}):
        assert (await browser.get("/api/board", params=parameters)).status_code == 422, parameters


async def test_no_parameter_takes_a_day_at_the_ends_of_time_nor_a_version_that_no_stream_has(
    browser: httpx2.AsyncClient,
) -> None:
    asked = []
    for path, methods in (await browser.get("/openapi.json")).json()["paths"].items():
        for parameter in methods.get("get", {}).get("parameters", ()):
            kinds = [parameter["schema"], *parameter["schema"].get("anyOf", ())]
            wrong = []
            if any(one.get("format") in ("date", "date-time") for one in kinds):
                wrong = ["0001-01-01", "9999-12-31", "1969-12-31", "2200-01-01", "0", "infinity"]
            elif any(one.get("type") == "integer" for one in kinds):
                wrong = [str(2**63), "-1", "1e400", "Infinity"]
            for value in wrong:
                answer = await browser.get(path, params={parameter["name"]: value})
                assert answer.status_code == 422, (path, parameter["name"], value)
            asked += [parameter["name"]] if wrong else []
    assert set(asked) >= {"since", "until", "after", "limit"}


@pytest.mark.parametrize(
    "cursor",
    [
        '[1,"0001-01-01T00:00:00+14:00","a"]',
        '[1,"9999-12-31T23:59:59Z","a"]',
        '[1,1796400000,"a"]',
        '[1,"2026-03-02T09:00:00","a"]',
        '[Infinity,null,"a"]',
        '[1e400,null,"a"]',
        '[1,null,"a\\u0000"]',
        "[1,null,7]",
        '["1",null,"a"]',
        "[" * 5_000,
    ],
)
async def test_a_cursor_that_no_page_gave_is_refused(browser: httpx2.AsyncClient, cursor: str) -> None:
    after = base64.urlsafe_b64encode(cursor.encode()).decode()
    for sort in ("due", "attention", "journey"):
        assert (await browser.get("/api/board", params={"after": after, "sort": sort})).status_code == 422


@pytest.mark.usefixtures("three_journeys")
async def test_a_journey_and_its_timeline(browser: httpx2.AsyncClient) -> None:
    row = (await browser.get(f"/api/journeys/{journey(1)}")).json()
    assert (row["stage"], row["open_cases"]) == ("sessions", 1)

    entries = (await browser.get(f"/api/journeys/{journey(1)}/timeline")).json()
    assert [entry["version"] for entry in entries] == list(range(1, 9))
    assert "Mentor m-1 was matched" in [entry["words"] for entry in entries]
    assert "they fit" not in str(entries), "free text may hold personal data"

    rest = (await browser.get(f"/api/journeys/{journey(1)}/timeline", params={"after": 6})).json()
    assert rest == entries[6:]


@pytest.mark.usefixtures("three_journeys")
async def test_what_is_not_there_is_not_found(browser: httpx2.AsyncClient) -> None:
    for path in ("", "/timeline", "/status", "/why", "/profile", "/sessions", "/calendar.ics"):
        assert (await browser.get(f"/api/journeys/nobody{path}")).status_code == 404


@pytest.mark.usefixtures("three_journeys")
@pytest.mark.parametrize("part", ["", "/timeline", "/why", "/profile", "/sessions", "/calendar.ics"])
async def test_an_id_that_can_be_none_is_not_found(browser: httpx2.AsyncClient, part: str) -> None:
    answer = await browser.get(f"/api/journeys/%00{part}")
    assert answer.status_code == 404, answer.text


@pytest.mark.usefixtures("three_journeys")
async def test_the_training_of_mentors_as_json(browser: httpx2.AsyncClient) -> None:
    told = (await browser.get("/api/programs/ready/training")).json()
    assert told["steps"] == [], "the kit has none"
    assert [(one["mentor"], one["name"]) for one in told["mentors"]] == [("m-1", "Max Stone"), ("m-2", None)]
    assert (await browser.get("/api/programs/nobody/training")).status_code == 404


@pytest.mark.usefixtures("three_journeys")
async def test_mentors_and_their_day_as_json(browser: httpx2.AsyncClient) -> None:
    (listed,) = (await browser.get("/api/programs/ready/mentors")).json()
    assert (listed["mentor"], listed["name"], listed["programs"]) == ("m-1", "Max Stone", None)
    assert (await browser.get("/api/mentors/m-1")).json() == listed
    day = (await browser.get("/api/mentors/m-1/day", params={"date": f"{AT + 5 * DAY:%Y-%m-%d}"})).json()
    assert (day["mentor"], day["learners"], day["time_zone"]) == ("m-1", 1, "UTC")
    assert [(one["duty"], one["late"]) for one in day["owes"]] == [("milestone_review", True)]
    for path in ("/api/programs/nobody/mentors", "/api/mentors/nobody", "/api/mentors/nobody/day"):
        assert (await browser.get(path)).status_code == 404
    assert (await browser.get("/api/mentors/m-1/day", params={"date": "soon"})).status_code == 422


@pytest.mark.usefixtures("three_journeys")
async def test_calendars_to_follow(browser: httpx2.AsyncClient) -> None:
    feed = await browser.get(f"/api/journeys/{journey(1)}/calendar.ics")
    assert feed.headers["content-type"] == "text/calendar; charset=utf-8"
    assert [str(one.summary) for one in Calendar.from_ical(feed.content).events] == [
        "First meeting (Job-ready)",
        "CV due (Job-ready)",
        "Mock due (Job-ready)",
    ]
    mentors = await browser.get("/api/mentors/m-1/calendar.ics")
    assert len(Calendar.from_ical(mentors.content).events) == 3
    assert "First meeting with l-1 (Job-ready)" in mentors.text
    assert (await browser.get("/api/mentors/nobody/calendar.ics")).status_code == 404


async def test_what_the_commands_take(browser: httpx2.AsyncClient) -> None:
    forms = {one["name"]: one for one in (await browser.get("/api/commands")).json()}
    assert list(forms) == list(COMMANDS)
    assert forms["pause"]["input"]["required"] == ["reason"]


async def test_messages_as_json(browser: httpx2.AsyncClient, pool: Pool, dsn: str) -> None:
    deliver, message = await sent(pool, Remembering())
    await sequencer.drain(dsn)
    await catch_up(dsn)
    (row,) = (await browser.get("/api/messages", params={"journey": deliver.journey})).json()
    assert (row["message"], row["when"], row["to"], row["status"]) == (message, "reminder", "learner", "sent")
    assert (await browser.get("/api/messages", params={"status": "bounced"})).json() == []
    assert (await browser.get("/api/messages", params={"status": "lost"})).status_code == 422
