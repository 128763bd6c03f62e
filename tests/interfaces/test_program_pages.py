"""The pages of programs, mentors, matching and groups over a real database: what they show, and what can be done."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx2
import pytest
from temporalio.testing import WorkflowEnvironment

from domain.cohort.commands import RecordAttendance, ReportTold
from domain.cohort.events import Refusal
from domain.ids import CohortId, LearnerId, SessionId
from domain.kit import Kit
from interfaces.http.pages.cohorts import routes as cohorts
from projections.runner import catch_up
from services import publishing
from services.cohorts import handle
from store import people, sequencer
from store.database import Pool
from store.people import Person
from tests.interfaces.filling import Filling, Forms
from tests.interfaces.visiting import Tables
from tests.projections.stories import KIT, publish
from tests.support.groups import an_hour_before, form, large_groups, members
from tests.support.matching_rounds import Matching
from tests.temporal import worker_on
from workflows.contract import TASK_QUEUE

PAGES = (
    *("/programs", "/programs/ready", "/programs/ready/versions", "/programs/ready/enrollment"),
    *("/mentors", "/mentors?program=ready&find=max&sort=free", "/mentors/m-1", "/mentors/m-1?date=2026-03-02"),
    *("/cohorts", "/cohorts?program=ready&closed=true", "/programs/ready/matching", "/programs/ready/mentors"),
)


@pytest.mark.usefixtures("three_journeys")
async def test_every_page_of_a_program_closes_what_it_opens(browser: httpx2.AsyncClient) -> None:
    for address in PAGES:
        page = await browser.get(address, headers={"accept": "text/html"})
        assert page.status_code == 200, (address, page.text)
        assert Tables(page.text).open == [], address


@pytest.fixture
def filling(browser: httpx2.AsyncClient) -> Filling:
    return Filling(browser)


async def group_of_three(pool: Pool, dsn: str, temporal: WorkflowEnvironment) -> CohortId:
    """Its first session has begun. No worker tells its members."""
    kit = large_groups(f"steps-{uuid4().hex[:8]}")
    group = CohortId(f"{kit.program}.1")
    entrants = await members(pool, kit, 3)
    await handle(pool, temporal.client, group, form(kit, entrants), an_hour_before(), task_queue="nobody")
    await sequencer.drain(dsn)
    await catch_up(dsn)
    return group


async def test_attendance_of_a_group_is_taken_for_all_at_once(
    filling: Filling, pool: Pool, dsn: str, temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cohorts, "_WAIT", timedelta(0))
    mentors = [Person("ana", "mentor", "Ana"), Person("eva", "mentor", "Eva Lin")]
    await people.upsert_many(pool, [*mentors, Person("l-001", "learner", "Bo <i>")])
    group = await group_of_three(pool, dsn, temporal)
    listed = await filling.read("/cohorts")
    assert "attendance to be recorded" in listed
    page = await filling.read(f"/cohorts/{group}")
    assert "Bo &lt;i&gt;" in page
    assert "Who takes over</label>" in page and '<option value="eva">Eva Lin</option>' in page
    assert "has begun, and nobody has said how it went" in page
    action = f"/cohorts/{group}/attendance"
    refused = await filling.fill(page, action, {"notes": "x" * 10_001})
    assert refused.status_code == 422
    assert "x" * 10_001 in refused.text
    done = await filling.done(await filling.fill(page, action, {"of1": "missed_by_learner:l-000", "notes": "rain"}))
    assert "The attendance is recorded for 3 members" in done
    assert "2 of 3" in Tables(done).said
    again = await filling.fill(page, action, {"of1": "late:l-000"})
    assert again.status_code in (409, 422), "what is recorded is not replaced without a reason"
    corrected = await filling.send(f"/cohorts/{group}", action, {"of1": "late:l-000", "reason": "came at ten"})
    assert "3 of 3" in Tables(await filling.done(corrected)).said
    notes = await filling.send(f"/cohorts/{group}", f"/cohorts/{group}/notes", {"answers.what": ""})
    assert "This is needed" in notes.text
    gone = await filling.send(f"/cohorts/{group}", f"/cohorts/{group}/members", {"learner": "nobody"})
    assert (gone.status_code, "no open journey" in gone.text) == (422, True)
    asked = await filling.send(f"/cohorts/{group}", f"/cohorts/{group}/close", {"reason": "over"})
    assert "The group closes for 3 members" in asked.text
    closed = await filling.done(await filling.fill(asked.text, f"/cohorts/{group}/close"))
    assert "This group was closed on" in closed


async def test_what_journeys_of_a_group_refused_is_told_again_or_dismissed(
    filling: Filling, pool: Pool, dsn: str, temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cohorts, "_WAIT", timedelta(0))
    group = await group_of_three(pool, dsn, temporal)
    page, retry, dismiss = f"/cohorts/{group}", f"/cohorts/{group}/members/retry", f"/cohorts/{group}/members/dismiss"
    assert not {retry, dismiss} & {to for to, _ in Forms(await filling.read(page)).found}
    recorded = await handle(
        pool, temporal.client, group, RecordAttendance(session=SessionId("s1")), datetime.now(UTC), task_queue="nobody"
    )
    refusals = tuple(
        Refusal(learner=LearnerId(one), command="record_attendance", code="paused") for one in ("l-000", "l-001")
    )
    told = ReportTold(version=recorded.after.version, refusals=refusals)
    await handle(pool, temporal.client, group, told, datetime.now(UTC), task_queue="nobody")
    assert "refused record attendance: paused" in Tables(await filling.read(page)).said
    monkeypatch.setattr(cohorts, "_WAIT", timedelta(minutes=10))
    async with asyncio.timeout(120):  # nobody needs to be told, and nobody is waited for
        gone = await filling.send(page, dismiss, {"learner": "l-001", "reason": "she was not there"})
    assert "It is off the roster." in await filling.done(gone)
    monkeypatch.setattr(cohorts, "_WAIT", timedelta(0))
    again = await filling.send(page, retry, {"learner": "l-000"})
    assert "The journey has been told again." in await filling.done(again)
    left = Tables(await filling.read(page)).said.count("refused record attendance: paused")
    assert left == 1, "what is told again stays until the journey has taken it"


async def test_a_round_of_matching_from_begin_to_release(
    filling: Filling, pool: Pool, dsn: str, temporal: WorkflowEnvironment
) -> None:
    matching = Matching(temporal, pool, dsn, queue=TASK_QUEUE)
    await matching.published({"rounds": {"every": "7 days", "released_by": "ops"}, "asks": ["mentor"]}, capacity=2)
    await matching.mentors("ana", "ben")
    await matching.shown()
    base = f"/programs/{matching.program}/matching"
    async with worker_on(temporal, pool, TASK_QUEUE), matching.programs():
        nobody = await filling.send(base, f"{base}/begin")
        assert (nobody.status_code, "so there is no round" in nobody.text) == (409, True)
        await matching.waiting(range(3))
        assert "3 learners wait" in await filling.read(base)
        drafted = await filling.done(await filling.send(base, f"{base}/begin"))
        assert "3 learners of 3 get a mentor" in drafted
        explained = await filling.read(f"{base}/1/learners/l-0?mentor=ana")
        assert "What if they had somebody else?" in explained
        forbidden = await filling.fill(explained, f"{base}/forbid", {"mentor": "ana", "reason": "cousins"})
        await filling.done(forbidden)
        stale = await filling.read(base)
        assert "Draft again before you release it" in stale
        assert f'action="{base}/release"' not in stale
        again = await filling.done(await filling.fill(stale, f"{base}/again"))
        asked = await filling.fill(again, f"{base}/release")
        assert "3 learners and their mentors get a proposal" in asked.text
        released = await filling.done(await filling.fill(asked.text, f"{base}/release"))
        assert "Released: 3 proposals on their way" in released


@pytest.mark.usefixtures("three_journeys")
async def test_enrollment_is_opened_and_closed_and_places_are_freed(filling: Filling) -> None:
    base = "/programs/ready/enrollment"
    opened = await filling.done(await filling.send(base, f"{base}/open", {"places": "3"}))
    assert "Enrollment is open for 3 learners" in opened
    wrong = await filling.send(base, f"{base}/open", {"places": "many"})
    assert (wrong.status_code, "This is not a number" in wrong.text, 'value="many"' in wrong.text) == (422, True, True)
    asked = await filling.send(base, f"{base}/remove", {"learner": "l-0", "reason": "moved away"})
    assert "l-0 loses their place" in asked.text
    assert "The learner is removed" in await filling.done(await filling.fill(asked.text, f"{base}/remove"))
    assert "Enrollment is closed" in await filling.done(await filling.send(base, f"{base}/close"))


@pytest.mark.usefixtures("three_journeys")
async def test_versions_are_compared_and_used_and_journeys_moved(filling: Filling, pool: Pool) -> None:
    other = Kit.model_validate(KIT.model_dump(mode="json") | {"version": "later", "title": "Another title"})
    await publish(pool, other)
    base = "/programs/ready/versions"
    compared = Tables(await filling.read(f"{base}?old={KIT.digest}&new={other.digest}"))
    assert any("Another title" in one for one in compared.said)
    await publishing.use(pool, KIT.program_id, "later", "ops")
    asked = await filling.send(base, f"{base}/use", holding=KIT.digest)
    assert "instead of later" in asked.text
    assert f"New journeys follow version {KIT.version} now." in await filling.done(
        await filling.fill(asked.text, f"{base}/use")
    )
    planned = await filling.send(base, f"{base}/move", {"to": other.digest, "reason": "a better one"})
    assert (planned.status_code, planned.headers["location"].startswith("/bulk/")) == (303, True), planned.text
    without = await filling.send(base, f"{base}/move", {"to": other.digest, "reason": ""})
    assert (without.status_code, "This is needed" in without.text) == (422, True)


@pytest.mark.usefixtures("three_journeys")
async def test_leave_and_checks_of_a_mentor(filling: Filling) -> None:
    base = "/mentors/m-1"
    planned = await filling.send(base, f"{base}/leave", {"first_day": "2199-01-02", "last_day": "2199-01-09"})
    page = await filling.done(planned)
    assert "No session is planned in this time" in page
    canceled = await filling.fill(page, f"{base}/leave/cancel", holding="2199-01-02")
    assert "None is planned" in await filling.done(canceled)
    wrong = await filling.fill(page, f"{base}/leave", {"first_day": "2199-01-09", "last_day": "2199-01-02"})
    assert (wrong.status_code, "before the first one" in wrong.text) == (422, True)
    checked = await filling.send(base, f"{base}/checks", {"check": "background", "valid_until": "2020-01-01"})
    assert "background: EXPIRED on 01 Jan 2020" in await filling.done(checked)
    places = await filling.send(base, f"{base}/places", {"places": "4"})
    assert "Recorded: places: 4" in await filling.done(places)
    added = await filling.send("/programs/ready/mentors", "/programs/ready/mentors", {"id": "m-9", "name": "Nia"})
    assert "Nia is a mentor of ready" in await filling.done(added)
