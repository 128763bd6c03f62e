"""Health, metrics, the API and the pages, over a real database and a real Temporal."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from pathlib import Path

import asyncpg
import httpx2
import psutil
import pytest
from fastapi import FastAPI
from icalendar import Calendar
from prometheus_client import CollectorRegistry
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.ids import KitDigest, journey_stream
from domain.journey import COMMANDS
from domain.journey import events as e
from domain.kit import Kit
from interfaces.http.app import create_app
from projections.runner import catch_up
from runtime.embedded.postgres import PostgresServer
from runtime.metrics import Metrics
from store import people, sequencer
from store.codec import encode
from store.database import Pool, open_pool
from store.event_log import EventLog
from store.people import Person
from tests.messaging.told import Remembering, sent
from tests.projections.stories import AT, DAY, KIT, SEGMENTED, answering, journey, publish, story, tell
from tests.projections.upgraded import half_build, leave_old_board
from tests.support.outages import away

ROOT = Path(__file__).parents[2]


async def well() -> str | None:
    return None


@asynccontextmanager
async def visiting(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.fixture
def journeys(temporal: WorkflowEnvironment) -> JourneyClient:
    return JourneyClient(temporal.client)


@pytest.fixture
async def browser(pool: Pool, journeys: JourneyClient) -> AsyncIterator[httpx2.AsyncClient]:
    async with visiting(create_app(pool, journeys, {"database": well}, registry=CollectorRegistry())) as client:
        yield client


@pytest.fixture
async def three_journeys(pool: Pool, dsn: str) -> None:
    """Waiting for an intake; with an open case; closed."""
    await publish(pool)
    for number, length in enumerate((1, 8, None)):
        await tell(EventLog(pool), number, story(number, length))
    names = [Person("l-0", "learner", "Ada <b>Brook</b>"), Person("m-1", "mentor", "Max Stone")]
    await people.upsert_many(pool, names)
    await sequencer.drain(dsn)
    await catch_up(dsn)


async def test_alive_and_ready(browser: httpx2.AsyncClient) -> None:
    assert (await browser.get("/livez")).json() == {"alive": True}
    ready = await browser.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "problems": {}})


async def test_not_ready_says_what_is_missing(pool: Pool, journeys: JourneyClient) -> None:
    async def away() -> str | None:
        raise ConnectionRefusedError("nobody listens")

    async def missing() -> str | None:
        return "not built yet"

    app = create_app(pool, journeys, {"temporal": away, "views": missing, "postgres": well}, with_views=False)
    async with visiting(app) as browser:
        ready = await browser.get("/readyz")
        alive = await browser.get("/livez")
        board = await browser.get("/api/board")

    assert ready.status_code == 503
    problems = {"temporal": "ConnectionRefusedError: nobody listens", "views": "not built yet"}
    assert ready.json() == {"ready": False, "problems": problems}
    assert alive.status_code == 200
    assert board.status_code == 404, "a process without the role `http` serves health and metrics only"


async def test_what_waits_for_a_person_or_is_being_built_is_told_and_keeps_nothing_from_serving(
    pool: Pool, journeys: JourneyClient
) -> None:
    async def stopped() -> str | None:
        return "stopped at an event"

    async def unknown() -> str | None:
        raise ConnectionRefusedError("nobody listens")

    async def halfway() -> dict[str, float]:
        return {"board": 0.5}

    concerns = {"views": stopped, "messages": unknown, "courier": well}
    app = create_app(
        pool, journeys, {"postgres": well}, concerns=concerns, building=halfway, registry=CollectorRegistry()
    )
    async with visiting(app) as browser:
        ready = await browser.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {
        "ready": True,
        "problems": {},
        "attention": {"views": "stopped at an event"},
        "building": {"board": 0.5},
    }


@pytest.mark.usefixtures("three_journeys")
async def test_the_board_as_json(browser: httpx2.AsyncClient) -> None:
    everything = (await browser.get("/api/board")).json()
    assert everything["next"] is None
    assert {row["journey"] for row in everything["rows"]} == {journey(0), journey(1), journey(2)}

    escalated = (await browser.get("/api/board", params={"attention": "notice"})).json()["rows"]
    assert [(row["journey"], row["attention"], row["mentor"]) for row in escalated] == [(journey(1), "warning", "m-1")]


async def test_the_segments_as_json(browser: httpx2.AsyncClient, pool: Pool, dsn: str) -> None:
    await publish(pool, SEGMENTED)
    await tell(EventLog(pool), 0, answering(0, "a raise", 2))
    await tell(EventLog(pool), 1, answering(1, "a job", 2))
    await sequencer.drain(dsn)
    await catch_up(dsn)
    rows = (await browser.get("/api/board", params={"segment": "risers"})).json()["rows"]
    assert [(row["journey"], row["segment"]) for row in rows] == [(journey(0), "risers")]
    counted = (await browser.get("/api/segments", params={"program": "ready"})).json()
    assert [(one["segment"], one["journeys"], one["open"]) for one in counted] == [
        ("job-seekers", 1, 1),
        ("risers", 1, 1),
    ]


async def test_the_funnel_with_segments_and_questions(browser: httpx2.AsyncClient, pool: Pool, dsn: str) -> None:
    await publish(pool, SEGMENTED)
    await tell(EventLog(pool), 0, answering(0, "a raise", 4))
    await tell(EventLog(pool), 1, answering(1, "a job", 2))
    await tell(EventLog(pool), 2, answering(2, "", 1))
    await sequencer.drain(dsn)
    await catch_up(dsn)
    period = {"since": "2026-01-01", "until": "2026-02-01"}

    told = (await browser.get("/api/funnel", params=period)).json()
    assert [(one["stage"], one["entered"], one["left"]) for one in told["steps"]] == [
        ("intake", 3, 1),
        ("matching", 1, 0),
    ]
    assert [(one["segment"], one["journeys"]) for one in told["segments"]] == [
        ("job-seekers", 1),
        ("risers", 1),
        (None, 1),
    ]
    asked = [(one["question"], one["asked"], one["answered"], one["open"]) for one in told["questions"]]
    assert asked == [("goal", 3, 2, 1), ("hours", 3, 2, 0), ("note", 3, 0, 0)]

    of_risers = (await browser.get("/api/funnel", params={**period, "segment": "risers"})).json()["steps"]
    assert [(one["stage"], one["entered"], one["left"]) for one in of_risers] == [("intake", 1, 1), ("matching", 1, 0)]
    assert (await browser.get("/api/funnel", params={"since": "long ago"})).status_code == 422

    tables = Tables((await browser.get("/funnel", params=period)).text)
    assert tables.open == []
    for expected in ("hours", "risers", "matching", "Intake questions"):
        assert expected in tables.said


@pytest.mark.usefixtures("three_journeys")
async def test_what_was_promised_beside_what_was_delivered(browser: httpx2.AsyncClient) -> None:
    told = (await browser.get("/api/programs/ready/return")).json()
    (version,) = told["versions"]
    assert (version["promise"]["outcome"], version["fulfilled_by"]) == ("a job", None)
    assert (told["delivered"]["completion_rate"], told["cost"]["live_hours"]) == (1, 2)
    later = (await browser.get("/api/programs/ready/return", params={"since": "2027-01-01"})).json()
    assert (later["delivered"]["learners"]["begun"], later["delivered"]["completion_rate"]) == (0, None)
    assert (await browser.get("/api/programs/ready/return", params={"since": "long ago"})).status_code == 422
    assert (await browser.get("/api/programs/nobody/return")).status_code == 404

    page = Tables((await browser.get("/programs/ready/return")).text)
    assert page.open == []
    for expected in (
        "Job-ready: promised and delivered",
        "a job",
        "1 of 1 who have ended completed the program (100%)",
        "not defined in the kit",
    ):
        assert any(expected in one for one in page.said), expected
    assert 'href="/programs/ready/return"' in (await browser.get("/funnel")).text


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


async def test_before_the_views_are_built(browser: httpx2.AsyncClient) -> None:
    answer = await browser.get("/api/board")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "not built yet" in answer.json()["detail"]


class Tables(HTMLParser):
    """The cells of a page, and whether every tag that was opened is closed."""

    VOID = frozenset({"meta", "link", "br"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as the parser calls
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data.strip())


@pytest.mark.usefixtures("three_journeys")
async def test_the_board_as_a_page(browser: httpx2.AsyncClient) -> None:
    page = await browser.get("/")
    assert page.headers["content-type"].startswith("text/html")
    tables = Tables(page.text)
    assert tables.open == []
    for expected in (
        "Ada <b>Brook</b>",
        "Max Stone",
        "completed",
        "warning",
        "3 journeys, earliest due date first",
    ):
        assert expected in tables.said
    assert "http://" not in page.text.replace("http://localhost", ""), "nothing comes from elsewhere"


@pytest.mark.usefixtures("three_journeys")
async def test_a_journey_as_a_page(browser: httpx2.AsyncClient) -> None:
    page = await browser.get(f"/journeys/{journey(1)}")
    tables = Tables(page.text)
    assert tables.open == []
    assert "Mentor m-1 was matched" in tables.said


@pytest.mark.usefixtures("three_journeys")
async def test_what_a_kit_has_to_read_is_a_link_away(browser: httpx2.AsyncClient, pool: Pool) -> None:
    guides = {"checklists": {"first": ("Listen",)}, "texts": {"guides/a b.md": "# <b>Read</b>"}}
    kit = Kit.model_validate(KIT.model_dump() | {"version": "guided"} | guides)
    await publish(pool, kit)
    moved = e.MovedToKit(at=AT + 16 * DAY, kit=KitDigest(kit.digest), reason="a new version")
    await EventLog(pool).append(journey_stream(journey(1)), 8, "moved", encode([moved], "moved"))
    page = await browser.get(f"/journeys/{journey(1)}")
    address = f"/journeys/{journey(1)}/guides/guides/a%20b.md"
    assert f'href="{address}"' in page.text
    assert "&lt;b&gt;Read&lt;/b&gt;" in (await browser.get(address)).text
    assert "- [ ] Listen" in (await browser.get(f"/journeys/{journey(1)}/guides/first")).text
    assert (await browser.get(f"/journeys/{journey(1)}/guides/nothing")).status_code == 404


@pytest.mark.usefixtures("three_journeys")
async def test_metrics(pool: Pool, journeys: JourneyClient) -> None:
    registry, metrics = CollectorRegistry(), Metrics(pool)
    registry.register(metrics)
    await metrics.refresh()
    async with visiting(create_app(pool, journeys, {}, registry=registry)) as browser:
        text = (await browser.get("/metrics")).text
    assert 'trellis_journeys{program="ready",stage="intake",status="active"} 1.0' in text
    assert "trellis_snapshot_up 1.0" in text


async def test_a_frozen_database_is_said_in_time(
    tmp_path: Path, journeys: JourneyClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers no call, nor the request to cancel one."""
    monkeypatch.setattr("runtime.health._SECONDS", 0.2)
    server = PostgresServer(tmp_path, durable=False)
    await server.start()
    pool = await open_pool(server.dsn("postgres"))

    async def postgres() -> str | None:
        await pool.fetchval("select 1")
        return None

    frozen = [one for one in psutil.process_iter(["cwd"]) if str(one.info["cwd"] or "").startswith(str(tmp_path))]
    async with visiting(create_app(pool, journeys, {"postgres": postgres}, registry=CollectorRegistry())) as browser:
        assert (await browser.get("/readyz")).status_code == 200
        for process in frozen:
            process.suspend()
        try:
            async with asyncio.timeout(10):
                answer = await browser.get("/readyz")
        finally:
            for process in frozen:
                process.resume()
            pool.terminate()
            await server.stop()
    assert (answer.status_code, list(answer.json()["problems"])) == (503, ["postgres"])


@pytest.mark.usefixtures("three_journeys")
async def test_why_a_journey_stands_where_it_does(browser: httpx2.AsyncClient) -> None:
    told = (await browser.get(f"/api/journeys/{journey(0)}/why")).json()
    assert (told["stage"], told["waits"][0]["duty"], told["last"]["by"]) == ("intake", "intake", None)
    page = (await browser.get(f"/journeys/{journey(0)}")).text
    assert "Waiting for</caption>" in page
    assert f"trellis send {journey(0)} submit_intake" in page
    assert (await browser.get("/api/journeys/nobody/why")).status_code == 404


@pytest.mark.usefixtures("three_journeys")
async def test_the_learner_and_the_sessions_of_a_journey(browser: httpx2.AsyncClient, pool: Pool) -> None:
    profile = (await browser.get(f"/api/journeys/{journey(1)}/profile")).json()
    assert (profile["mentor"], profile["progress"]["sessions"]["held"]) == ({"id": "m-1", "name": "Max Stone"}, 1)
    sessions = (await browser.get(f"/api/journeys/{journey(1)}/sessions")).json()
    assert [(one["title"], one["attendance"]) for one in sessions["sessions"]] == [("First meeting", "attended")]

    await people.upsert_many(pool, [Person("l-1", "learner", "Eve <i>", time_zone="Asia/Tokyo")])
    flag = e.RiskFlagRaised(at=AT + 16 * DAY, flag="ill", notes="<script>")
    await EventLog(pool).append(journey_stream(journey(1)), 8, "flag", encode([flag], "flag"))
    tables = Tables((await browser.get(f"/journeys/{journey(1)}")).text)
    assert tables.open == []
    for expected in ("Eve <i> (l-1)", "Intake answers", "First meeting", "21 Jan 2026: <script>"):
        assert expected in tables.said


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


async def test_a_view_that_is_being_rebuilt_is_to_be_asked_again(
    pool: Pool, dsn: str, browser: httpx2.AsyncClient
) -> None:
    await leave_old_board(pool, dsn)
    await half_build(pool)
    for path in ("/", "/api/board", "/api/segments", "/api/journeys/ready.l-1"):
        answer = await browser.get(path)
        assert answer.status_code == 503, path
        assert 30 <= int(answer.headers["Retry-After"]) <= 120, "35 s, and more on a slow machine"
        assert "the view board is being rebuilt: 300 of 1,000 events, about " in answer.json()["detail"]


async def test_a_postgres_that_takes_no_connections_is_to_be_asked_again(
    browser: httpx2.AsyncClient, pool: Pool, postgres: PostgresServer
) -> None:
    async with away(postgres, pool):
        for path in ("/", "/api/board", "/api/journeys/ready.l-1/why"):
            for _ in range(3):  # the pool has lost connections, and cannot make others
                answer = await browser.get(path)
                assert (answer.status_code, "Postgres is not responding" in answer.text) == (503, True), path
                assert "Retry-After" in answer.headers


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (asyncpg.CannotConnectNowError, 503),
        (asyncpg.TooManyConnectionsError, 503),
        (asyncpg.AdminShutdownError, 503),
        (asyncpg.InternalClientError, 503),
        (asyncpg.QueryCanceledError, 500),
        (asyncpg.DivisionByZeroError, 500),
    ],
)
async def test_only_a_server_that_is_away_is_to_be_asked_again(
    pool: Pool, journeys: JourneyClient, error: type[Exception], status: int
) -> None:
    app = create_app(pool, journeys, {}, with_views=True)

    @app.get("/fails")
    async def fails() -> None:
        raise error("of Postgres")

    async with visiting(app) as browser:
        assert (await browser.get("/fails")).status_code == status


def test_no_template_of_a_page_turns_escaping_off() -> None:
    templates = list((ROOT / "interfaces/http/templates").glob("*.html"))
    assert len(templates) > 5
    assert not [one.name for one in templates if re.search(r"\bsafe\b|autoescape", one.read_text())]
