"""A group on the own pages of its mentors: any of them may say how it went, and write for all."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import httpx2
import pytest
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.cohort.commands import FormCohort, RecordAttendance
from domain.cohort.events import CameOtherwise
from domain.ids import CohortId, LearnerId, MentorId
from domain.journey.terms import Attendance
from projections.runner import catch_up
from queries.cohorts import snapshot
from services.ledger_following import LedgerFollowing
from store import people, sequencer
from store.database import Pool
from store.people import Person
from tests.interfaces.calling import calling, guarded_app
from tests.support.groups import ANA, S1, an_hour_before, form, groups_on, large_groups, members, recorded
from tests.support.own_pages import own_page
from tests.temporal import worker_on
from workflows.contract import PROGRAM_TASK_QUEUE, TASK_QUEUE

BEN = MentorId("ben")


@pytest.fixture
async def anybody(pool: Pool, temporal: WorkflowEnvironment) -> AsyncIterator[httpx2.AsyncClient]:
    async with calling(guarded_app(pool, JourneyClient(temporal.client)), None) as client:
        yield client


async def _came(
    pool: Pool, group: CohortId, following: LedgerFollowing, dsn: str
) -> dict[LearnerId, Attendance | None]:
    await sequencer.drain(dsn)
    await following.catch_up()
    state = (await snapshot(pool, group)).state
    meeting = state.meeting(S1)
    assert meeting
    return {one: meeting.went(one) for one in state.members}


async def test_the_second_mentor_writes_for_all_and_a_roster_follows_its_journeys(
    anybody: httpx2.AsyncClient, pool: Pool, dsn: str, temporal: WorkflowEnvironment
) -> None:
    kit = large_groups(f"pairs-{uuid4()}", mentors=2)
    group = CohortId(f"{kit.program}.1")
    those = await members(pool, kit, 2)
    await people.upsert_many(pool, [Person(one, "mentor", one.title()) for one in (ANA, BEN)])
    forming = FormCohort.model_validate(form(kit, those).model_dump() | {"mentors": (ANA, BEN)})
    page = await own_page(pool, "mentor", BEN, datetime.now(UTC) + timedelta(days=30))
    address = f"{page}/groups/{group}/{S1}/notes"
    async with (
        worker_on(temporal, pool, TASK_QUEUE),
        groups_on(temporal.client, pool, TASK_QUEUE, PROGRAM_TASK_QUEUE) as groups,
    ):
        await groups.do(group, forming, an_hour_before())
        await groups.do(group, RecordAttendance(session=S1, by="mentor:ana"))
        await groups.told(group)
        await sequencer.drain(dsn)
        await catch_up(dsn)
        shown = (await anybody.get(address)).text
        (field,) = re.findall(r'name="(answers[^"]*)"', shown)
        written = await anybody.post(address, data={field: "They chose a project."})
        assert written.status_code == 303, written.text
        await groups.told(group)

        following = LedgerFollowing(dsn, pool, temporal.client)
        (ida, _), lea = those, those[0].learner
        of_ana = await own_page(pool, "mentor", ANA, datetime.now(UTC) + timedelta(days=30))
        standing = await anybody.get(f"{of_ana}/journeys/{ida.journey}")
        (deed,) = re.findall(r'href="([^"]*take_back_attendance[^"]*)"', standing.text)
        given = {"session": S1, "reason": "it was another learner"}
        asked = await anybody.post(unescape(deed), data=given)
        assert (asked.status_code, "What will happen" in asked.text) == (200, True)
        assert (await anybody.post(unescape(deed), data={**given, "confirmed": "yes"})).status_code == 303
        assert await _came(pool, group, following, dsn) == {lea: None, those[1].learner: "attended"}

        late = CameOtherwise(learner=lea, attendance="late")
        correction = RecordAttendance(session=S1, exceptions=(late,), corrects=True, reason="she was there", by="ops")
        await groups.do(group, correction)
        await groups.told(group)
        assert await _came(pool, group, following, dsn) == {lea: "late", those[1].learner: "attended"}
        assert not (await snapshot(pool, group)).state.refusals
    assert len(await recorded(pool, "journey.notes_written")) == len(those)
