"""The own pages of learners and mentors: who reaches them, what they show, and what is done there."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx2
import pytest
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.ids import JourneyId, LearnerId, journey_stream
from domain.kit.own_pages import OwnPages
from domain.own_page import page_until, token_of
from interfaces.http.pages.own.deeds import deed
from interfaces.http.pages.own.forms import Impossible
from interfaces.http.pages.own.models import Addresses
from interfaces.http.pages.own.parts import learner_part, mentor_part
from projections.runner import catch_up
from queries.own_page import own_journeys
from services.sending import send
from store import own_pages, people, sequencer
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.interfaces.asked import ASKING_KIT, ask
from tests.interfaces.calling import ADDRESS, calling, guarded_app, key_of
from tests.projections.stories import journey, publish, story, tell
from tests.projections.upgraded import half_build
from tests.support.own_pages import own_page
from tests.temporal import worker_on
from tests.workflows.kits import SMALL
from tests.workflows.kits import publish as publish_small
from workflows.contract import TASK_QUEUE, Begin

FORM = {"Accept": "text/html"}


@pytest.fixture
async def anybody(pool: Pool, journeys: JourneyClient) -> AsyncIterator[httpx2.AsyncClient]:
    async with calling(guarded_app(pool, journeys), None) as client:
        client.headers.update(FORM)
        yield client


@pytest.fixture
async def told(pool: Pool, dsn: str) -> None:
    """A learner whose mentor reviewed their work, and one who was closed."""
    await publish(pool)
    await publish(pool, ASKING_KIT)
    await tell(EventLog(pool), 1, story(1, 8))
    await tell(EventLog(pool), 2, story(2))
    await ask(pool)
    those = [Person("l-1", "learner", "Ada <b>Brook</b>", time_zone="Asia/Kolkata"), Person("l-2", "learner", "Bo")]
    await people.upsert_many(pool, [*those, Person("m-1", "mentor", "Max Stone"), Person("m-2", "mentor", "Eve Lin")])
    await sequencer.drain(dsn)
    await catch_up(dsn)


@pytest.mark.usefixtures("told")
async def test_everybody_sees_their_own_and_nobody_what_is_not_theirs(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    await _a_learner_sees_what_comes_next_and_who_can_see_what(anybody, pool)
    await _a_mentor_sees_their_learners_and_what_they_owe(anybody, pool)
    await _nobody_reaches_what_is_not_theirs(anybody, pool)


async def _a_learner_sees_what_comes_next_and_who_can_see_what(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    mine = await own_page(pool, "learner", "l-1")
    shown = await anybody.get(mine)
    assert shown.status_code == 200
    assert "Hello Ada &lt;b&gt;Brook&lt;/b&gt;" in shown.text
    assert "Your mentor is Max Stone" in shown.text
    (survey,) = re.findall(r'href="[^"]*(/surveys/[^"]+)">Two minutes after the session', shown.text)
    assert (await anybody.get(survey)).status_code == 200
    assert "Times in Asia/Kolkata" in shown.text
    for command in ("ask_for_help", "pause"):
        assert f"/journeys/{journey(1)}/{command}" in shown.text
    assert "<script" not in shown.text
    sees = (await anybody.get(f"{mine}/journeys/{journey(1)}/shared")).text
    assert "Max Stone, and the people who run" in sees
    assert "Your mentor sees your name" in sees


@pytest.mark.usefixtures("told")
async def test_a_page_says_that_its_views_are_being_rebuilt(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    await half_build(pool)
    for role, person in (("learner", "l-1"), ("mentor", "m-1")):
        shown = await anybody.get(await own_page(pool, role, person))  # type: ignore[arg-type]  # one of the two roles
        assert (shown.status_code, "being brought up to date (30% done)" in shown.text) == (200, True)


@pytest.mark.usefixtures("told")
async def test_what_a_kit_leaves_out_is_neither_shown_nor_done(pool: Pool) -> None:
    left_out = OwnPages(learners_without=("pause", "submit_milestone"), mentors_without=("review_milestone",))
    to, now = Addresses("/my/x"), datetime(2026, 1, 8, tzinfo=UTC)
    for role, person, lacks, has in (
        ("learner", "l-1", ("pause", "submit_milestone"), "ask_for_help"),
        ("mentor", "m-1", ("review_milestone",), "record_attendance"),
    ):
        (one,) = await own_journeys(pool, role, person, [journey(1)])  # type: ignore[arg-type]  # one of the two roles
        kit = one.kit.model_copy(update={"own_pages": left_out})
        narrow = replace(one, record=replace(one.record, kit=kit))
        part = learner_part if role == "learner" else mentor_part
        full, shown = repr(part(one, person, to, now)), repr(part(narrow, person, to, now))
        for command in lacks:
            assert (f"/{command}" in full, f"/{command}" in shown) == (True, False), command
            with pytest.raises(Impossible, match="by the people who run it"):
                deed(narrow, role, command, "", "/")  # type: ignore[arg-type]
        assert f"/{has}" in shown
        assert narrow.offers(role, "resume") is (role == "mentor")  # type: ignore[arg-type]


async def _a_mentor_sees_their_learners_and_what_they_owe(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    mine = await own_page(pool, "mentor", "m-1")
    shown = await anybody.get(mine)
    assert "Two minutes after the session" not in shown.text, "nobody asked the mentor"
    assert "Ada &lt;b&gt;Brook&lt;/b&gt;" in shown.text
    page = await anybody.get(f"{mine}/journeys/{journey(1)}")
    assert f"/journeys/{journey(1)}/record_attendance?of=s1" in page.text, "what was recorded can be corrected"
    form = await anybody.get(f"{mine}/journeys/{journey(1)}/record_attendance?of=s1")
    assert 'value="attended" checked' in form.text
    assert "Why what was recorded is corrected" in form.text
    assert (await anybody.get(f"{mine}/leave")).status_code == 200


async def _nobody_reaches_what_is_not_theirs(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    learner, mentor = await own_page(pool, "learner", "l-1"), await own_page(pool, "mentor", "m-2")
    for path in (
        f"{learner}/journeys/{journey(2)}",
        f"{learner}/journeys/{journey(2)}/pause",
        f"{learner}/journeys/{journey(1)}/record_attendance?of=s1",
        f"{learner}/journeys/no.such",
        f"{learner}/leave",
        f"{learner}/groups/ready.1/s1/attendance",
        f"{mentor}/journeys/{journey(1)}",
        f"{mentor}/journeys/{journey(1)}/shared",
        f"{mentor}/groups/ready.1/s1/attendance",
        f"{mentor}/journeys/{journey(2)}/withdraw",
    ):
        answer = await anybody.get(path)
        assert (answer.status_code, "Ada" in answer.text) == (404, False), path


@pytest.mark.usefixtures("told")
async def test_links_that_are_altered_expired_or_revoked_say_so(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    mine = await own_page(pool, "learner", "l-1")
    for wrong in (mine[:-1], f"{mine[:-2]}xx", "/my/x", "/my/x.y", f"/my/{'a' * 5_000}"):
        answer = await anybody.get(wrong)
        assert (answer.status_code, "This link does not work" in answer.text) == (404, True), wrong
    old = await anybody.get(await own_page(pool, "learner", "l-1", datetime.now(UTC) - timedelta(days=61)))
    assert (old.status_code, "This link has expired" in old.text) == (410, True)
    unknown = token_of(page_until("learner", "l-99", datetime.now(UTC)), b"x" * 32)
    assert (await anybody.get(f"/my/{unknown}")).status_code == 404
    assert await own_pages.known_secret(pool, "l-99") is None, "asking makes no secret"

    assert "works until" in (await anybody.get(f"{mine}/link")).text
    other = await own_page(pool, "mentor", "m-1")
    revoked = await anybody.post(f"{mine}/link", data={"once": "1"})
    assert (revoked.status_code, "do not work any more" in revoked.text) == (200, True)
    assert (await anybody.get(mine)).status_code == 404
    assert (await anybody.get(other)).status_code == 200
    assert (await anybody.get(await own_page(pool, "learner", "l-1"))).status_code == 200


@pytest.mark.usefixtures("told")
async def test_whoever_has_logged_in_as_somebody_else_looks_and_does_nothing(
    anybody: httpx2.AsyncClient, pool: Pool
) -> None:
    mine = await own_page(pool, "learner", "l-1")
    login = {"key": await key_of(pool, "ops")}
    assert (await anybody.post("/log-in", data=login, headers={"Origin": ADDRESS})).status_code == 303
    assert "You are logged in as ops:test" in (await anybody.get(mine)).text
    sent = await anybody.post(f"{mine}/journeys/{journey(1)}/ask_for_help", data={"notes": "x"})
    assert (sent.status_code, "somebody else" in sent.text) == (403, True)


@pytest.mark.usefixtures("told")
async def test_a_mentor_plans_and_cancels_leave(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    mine = await own_page(pool, "mentor", "m-1")
    wrong = await anybody.post(f"{mine}/leave", data={"first_day": "2199-03-02", "last_day": "2199-02-02"})
    assert (wrong.status_code, "the last day is before" in wrong.text.lower()) == (422, True)
    assert 'value="2199-03-02"' in wrong.text, "what was typed is kept"
    empty = await anybody.post(f"{mine}/leave", data={})
    assert (empty.status_code, "This is needed" in empty.text) == (422, True)
    days = {"first_day": "2030-03-02", "last_day": "2030-03-04"}
    assert (await anybody.post(f"{mine}/leave", data=days)).status_code == 303
    shown = (await anybody.get(f"{mine}/leave")).text
    assert "2030-03-02" in shown
    cancel = dict(re.findall(r'name="(starts_at|ends_at)" value="([^"]+)"', shown))
    assert (await anybody.post(f"{mine}/leave", data=cancel)).status_code == 303
    assert "No leave is planned" in (await anybody.get(f"{mine}/leave")).text
    pool.terminate()
    unsaved = await anybody.post(f"{mine}/leave", data=days)
    assert (unsaved.status_code, 'name="first_day" value="2030-03-02"' in unsaved.text) == (503, True), (
        "nothing is lost"
    )


async def test_what_is_sent_is_recorded_once_as_said_by_the_person(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str, journeys: JourneyClient
) -> None:
    await publish_small(pool)
    learner = f"l-{uuid4().hex[:12]}"  # the tests share a Temporal server
    mine = JourneyId(f"small.{learner}")
    await people.upsert_many(pool, [Person(learner, "learner", "Ada Brook"), Person("m-1", "mentor", "Max Stone")])
    async with worker_on(temporal, pool, TASK_QUEUE), calling(guarded_app(pool, journeys), None) as anybody:
        started = await journeys.begin_and_send(
            Begin(program=SMALL.program_id, learner=LearnerId(learner)), "ask_for_help", {"notes": "hello"}, mine
        )
        assert started.version == 2
        await sequencer.drain(dsn)
        await catch_up(dsn)
        own = await own_page(pool, "learner", learner)
        assert "Fill in the intake of A small program" in (await anybody.get(own)).text
        intake = f"{own}/journeys/{mine}/submit_intake"
        empty = await anybody.post(intake, data={"once": "a"})
        assert (empty.status_code, "This is needed" in empty.text) == (422, True)
        for _ in range(2):
            sent = await anybody.post(intake, data={"once": "b", "answers.goal": "job"})
            assert (sent.status_code, sent.headers["location"]) == (303, own), sent.text
            assert "Your answers have arrived" in (await anybody.get(own)).text
        for command, fields in (("review_intake", {"verdict": "approve"}), ("approve_match", {"mentor": "m-1"})):
            await send(pool, journeys, mine, command, {**fields, "by": "ops:test"})

        help_ = f"{own}/journeys/{mine}/ask_for_help"
        assert (await anybody.post(help_, data={"once": "c", "notes": "I am stuck"})).status_code == 303
        mentors = await own_page(pool, "mentor", "m-1")
        moved = await anybody.post(
            f"{mentors}/journeys/{mine}/reschedule_session?of=kickoff",
            data={"once": "d", "starts_at": "2020-01-01T10:00"},
        )
        assert (moved.status_code, "lies in the past" in moved.text) == (422, True)
        assert 'value="2020-01-01T10:00"' in moved.text, "what was typed is kept"
        recorded = await EventLog(pool).read_stream(journey_stream(mine))
        said = {one.type: one.meta["by"] for one in recorded}
        assert said["journey.intake_submitted"] == said["journey.help_asked"] == f"learner:{learner}"
        asked = [one for one in recorded if one.type == "journey.help_asked"][-1]
        assert (asked.meta["origin"]["actor"], asked.meta["origin"]["channel"]) == ("link", "page")
        assert sum(one.type == "journey.intake_submitted" for one in recorded) == 1
