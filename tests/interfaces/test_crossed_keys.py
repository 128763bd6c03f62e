"""Keys of other programs and other mentors: what is not theirs is to them as if it did not exist."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.access import KeyRole
from domain.ids import MentorId, ProgramId
from domain.kit import Kit
from domain.mentor.belonging import JoinProgram
from projections.runner import catch_up
from services.mentors import change
from store import people, sequencer
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.interfaces.examples import Operation, operations
from tests.projections.stories import AT, KIT, journey, publish, story, tell

OTHERS = {
    "program": "ready", "journey": journey(1), "mentor": "m-1", "learner": "l-1", "person": "l-1", "session": "s1",
    "case": "case-1",
}  # fmt: skip
"""By the name of the parameter."""
NOBODYS = {
    "program": "never", "journey": "ready.l-9", "mentor": "m-8", "learner": "l-9", "person": "l-9", "session": "s1",
    "case": "case-1",
}  # fmt: skip
"""As long, and of nothing that exists."""
NAMES = ("Ada Brook", "Max Stone", "ada@example.org")
OWNED = ("program", "journey", "mentor", "person")
MARKS = ("ready.l-", "l-1", '"ready"', "m-1", *NAMES)
PERSONAL = ("has a cold", *NAMES)
"""What people wrote, and who they are."""


@dataclass(frozen=True)
class Callers:
    app: FastAPI
    crossed: Mapping[KeyRole, str]
    """For another program; of a mentor, for all programs and without learners."""
    of_all: Mapping[KeyRole, str]


@pytest.fixture
async def callers(pool: Pool, dsn: str, temporal: WorkflowEnvironment) -> AsyncIterator[Callers]:
    await publish(pool)
    await publish(pool, Kit.model_validate(KIT.model_dump(mode="json") | {"program": "other"}))
    for number, length in enumerate((1, 8, None)):
        await tell(EventLog(pool), number, story(number, length))
    known = [Person("l-1", "learner", "Ada Brook", "ada@example.org"), Person("m-1", "mentor", "Max Stone")]
    await people.upsert_many(pool, [*known, Person("m-9", "mentor", "Nobody's")])
    for mentor, program in ((MentorId("m-1"), "ready"), (MentorId("m-9"), "other")):
        await change(pool, [JoinProgram(mentor=mentor, program=ProgramId(program))], AT)
    await sequencer.drain(dsn)
    await catch_up(dsn)
    crossed: dict[KeyRole, str] = {
        role: await key_of(pool, role, programs=["other"]) for role in KeyRole if role != KeyRole.MENTOR
    }
    of_all: dict[KeyRole, str] = {role: await key_of(pool, role) for role in KeyRole if role != KeyRole.MENTOR}
    crossed[KeyRole.MENTOR] = of_all[KeyRole.MENTOR] = await key_of(pool, KeyRole.MENTOR, mentor="m-9")
    yield Callers(guarded_app(pool, JourneyClient(temporal.client)), crossed, of_all)


_LEAVE = {"first_day": "2026-03-02", "last_day": "2026-03-03"}
BODIES = {"plan_leave": _LEAVE, "cancel_leave": _LEAVE, "publish_version": {"files": {"program.yaml": "version: 1"}}}
"""Of operations whose rules the schema cannot say."""
QUERIES: Mapping[str, Mapping[str, Any]] = {
    "list_common_times": {"cohort": "nothing"},
    "list_names": {"id": [OTHERS["learner"], OTHERS["mentor"]]},
}
NOT_FOR_SOME = {"list_people", "put_person", "import_people", "list_events_set_aside"}
"""They take a key for all programs, whatever they are about."""


async def ask(client: httpx2.AsyncClient, one: Operation, ids: Mapping[str, str]) -> httpx2.Response:
    body, query = BODIES.get(one.name, one.body), QUERIES.get(one.name, one.query)
    headers = {"Idempotency-Key": f"{one.name}-{ids['mentor']}"} if one.method != "GET" else {}
    return await client.request(one.method, f"/v1{one.filled(ids)}", json=body, params=query, headers=headers)


def said(answer: httpx2.Response, ids: Mapping[str, str]) -> tuple[int, str]:
    text = answer.text
    for name in ("journey", "program", "mentor", "learner"):
        text = text.replace(ids[name], f"<{name}>")
    return answer.status_code, text


async def test_what_is_not_theirs_does_not_exist(callers: Callers) -> None:
    wrong = []
    for role, key in callers.crossed.items():
        async with calling(callers.app, key) as client:
            for one in operations():
                if role in (one.roles or ()) and any(
                    f"{{{name}}}" in one.path for name in ("program", "journey", "mentor", "person")
                ):
                    theirs, nobodys = await ask(client, one, OTHERS), await ask(client, one, NOBODYS)
                    same = said(theirs, OTHERS) == said(nobodys, NOBODYS)
                    if not same or theirs.status_code != (403 if one.name in NOT_FOR_SOME else 404):
                        wrong.append(f"{role} {one.name}: {said(theirs, OTHERS)} {said(nobodys, NOBODYS)}")
    assert not wrong, "\n".join(wrong)


async def test_listings_leave_out_what_is_not_theirs(callers: Callers) -> None:
    wrong = []
    for role, key in callers.crossed.items():
        async with calling(callers.app, key) as client:
            for one in operations():
                if (
                    role in (one.roles or ())
                    and one.method == "GET"
                    and "{" not in one.path
                    and "stream" not in one.path
                ):
                    answer = await ask(client, one, OTHERS)
                    status = 403 if one.name in NOT_FOR_SOME else 404 if "cohort" in QUERIES.get(one.name, ()) else 200
                    if answer.status_code != status or any(mark in answer.text for mark in MARKS):
                        wrong.append(f"{role} {one.name}: {answer.status_code} {answer.text[:300]}")
    assert not wrong, "\n".join(wrong)


async def test_pages_show_each_caller_what_is_theirs(callers: Callers) -> None:
    page = f"/journeys/{OTHERS['journey']}"
    for role, sees_names in ((KeyRole.OPS, True), (KeyRole.OBSERVER, False)):
        async with calling(callers.app, callers.of_all[role]) as client:
            board = (await client.get("/journeys")).text
            assert OTHERS["journey"] in board and (NAMES[0] in board) is sees_names
            assert (await client.get(page)).status_code == (200 if sees_names else 403)
            assert (await client.get("/funnel")).status_code == 200
    for role in (KeyRole.OPS, KeyRole.MENTOR):
        async with calling(callers.app, callers.crossed[role]) as client:
            for listing in ("/", "/funnel") if role == KeyRole.OPS else ("/",):
                shown = await client.get(listing)
                assert shown.status_code == 200 and not any(mark in shown.text for mark in MARKS), listing
            theirs, nobodys = await client.get(page), await client.get(f"/journeys/{NOBODYS['journey']}")
            assert said(theirs, OTHERS) == said(nobodys, NOBODYS) and theirs.status_code == 404
            other = await client.get("/programs/ready/return")
            assert other.status_code == (404 if role == KeyRole.OPS else 403)


async def test_who_may_not_see_personal_data_sees_none(callers: Callers) -> None:
    wrong = []
    for role in (KeyRole.OBSERVER, KeyRole.INTEGRATION):
        async with calling(callers.app, callers.of_all[role]) as client:
            for one in operations():
                if role in (one.roles or ()) and one.method == "GET" and "stream" not in one.path:
                    answer = await ask(client, one, OTHERS)
                    if any(mark in answer.text for mark in PERSONAL):
                        wrong.append(f"{role} {one.name}: {answer.text[:300]}")
    assert not wrong, "\n".join(wrong)
