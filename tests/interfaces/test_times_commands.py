"""`trellis times` and `trellis mentor office-hours`, typed and over HTTP."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from httpx2 import ASGITransport, AsyncClient

from domain.ids import MentorId
from domain.mentor import MENTOR, mentor_stream
from domain.mentor.profile import ProfileChanges, UpdateProfile
from domain.scheduling.week import read_window
from interfaces.http.app import create_app
from runtime.exits import Exit
from store import people
from store.database import Pool
from store.people import Person
from store.transact import transact
from tests.commands import Trellis
from tests.support.small_kit import SMALL

ANA = MentorId("ana")
ASKS = """
intake:
  questions:
    - {id: hours, ask: When can you meet?, tells: availability}
"""
RULES = """
quiet_hours: {after: "22:00", until: "07:00"}
"""


@pytest.fixture
async def program(trellis: Trellis, pool: Pool, tmp_path: Path) -> str:
    name = f"times-{uuid4()}"
    (tmp_path / "program.yaml").write_text(SMALL.replace("program: small", f"program: {name}") + ASKS + RULES)
    assert (await trellis("publish", str(tmp_path))).exit == Exit.OK
    hours = ProfileChanges(availability=(read_window("daily 17:00-20:00"),), time_zone="Europe/Berlin")
    await transact(pool, mentor_stream(ANA), MENTOR, UpdateProfile(mentor=ANA, changes=hours), datetime.now(UTC))
    await people.upsert_many(
        pool,
        [
            Person("ana", "mentor", "Ana Lee", time_zone="Europe/Berlin"),
            Person("lea", "learner", "Lea Sun", time_zone="America/New_York"),
            Person("max", "learner", "Max Moon", time_zone="Asia/Tokyo"),
        ],
    )
    return name


async def matched(trellis: Trellis, program: str, learner: str, hours: str) -> str:
    journey = f"{program}.{learner}"
    assert (await trellis("start", program, learner)).exit == Exit.OK
    await trellis("send", journey, "submit_intake", "-f", f"answers.hours={hours}")
    await trellis("send", journey, "review_intake", "-f", "verdict=approve")
    await trellis("send", journey, "approve_match", "-f", "mentor=ana")
    return journey


async def test_times_are_offered_on_both_clocks_and_one_is_booked(trellis: Trellis, program: str) -> None:
    journey = await matched(trellis, program, "lea", "daily 08:00-14:00")
    said = await trellis("times", journey, "s1")
    assert said.exit == Exit.OK, said.err
    assert "mon-sun 17:00-20:00, Europe/Berlin" in said.out
    assert "America/New_York" in said.out
    found = (await trellis("times", "show", journey, "s1", "--many", "3", "--json")).json
    assert len(found["offered"]) == 3
    assert found["remarks"] == []
    start = found["offered"][0]["for_mentor"]

    booked = await trellis("times", "book", journey, "s1", start, "--by", "learner:lea", "--json")
    assert (booked.exit, booked.json["new"]) == (Exit.OK, True)
    again = await trellis("times", "book", journey, "s1", start)
    assert "Was booked before: Goals with ana" in again.out
    timeline = (await trellis("timeline", journey)).out
    assert "rescheduled" in timeline or "moved" in timeline

    early = (datetime.fromisoformat(start) - timedelta(hours=9)).isoformat()
    refused = await trellis("times", "book", journey, "s1", early, "--json")
    assert refused.exit == Exit.FAILED
    assert "mentor.hours" in refused.out + refused.err


async def test_why_there_is_none_is_said(trellis: Trellis, program: str) -> None:
    journey = await matched(trellis, program, "lea", "daily 15:00-18:00")
    said = await trellis("times", journey, "s1")
    assert "No time until" in said.out
    assert "the hours of the learner: excludes" in said.out
    assert "without this alone" in said.out
    night = await matched(trellis, program, "max", "daily 08:00-12:00")
    assert "no time would suit if any one of these were dropped" in (await trellis("times", night, "s1")).out


async def test_bad_input_is_refused_with_what_is_wrong(trellis: Trellis, program: str) -> None:
    journey = await matched(trellis, program, "lea", "daily 08:00-14:00")
    for arguments, exit_code, says in (
        (("times", journey, "s9"), Exit.FAILED, "it has: s1"),
        (("times", f"{program}.nobody", "s1"), Exit.FAILED, "no journey"),
        (("times", "book", journey, "s1", "tomorrow"), Exit.BAD_INPUT, "write it as 2026-03-02T09:00:00Z"),
        (("times", "book", journey, "s1", "2026-03-02T09:00:00"), Exit.BAD_INPUT, "WHEN"),
        (("times", "book", journey, "s1", "2026-03-02T09:00:00Z", "--by", "?"), Exit.BAD_INPUT, "--by"),
        (("times", "common"), Exit.BAD_INPUT, "give either --cohort, or --learners with --program"),
        (("times", "common", "--cohort", "none"), Exit.FAILED, "there is no group 'none'"),
        (("times", "common", "--learners", "zoe", "--program", program), Exit.FAILED, "'zoe' has no open journey"),
        (("mentor", "office-hours", "book", "ana", "x", journey), Exit.FAILED, "no office hours 'x'"),
    ):
        said = await trellis(*arguments)
        assert (said.exit, says in said.err) == (exit_code, True), (arguments, said.err)


async def test_a_common_time_says_whom_it_does_not_suit(trellis: Trellis, program: str) -> None:
    await matched(trellis, program, "lea", "daily 08:00-14:00")
    await matched(trellis, program, "max", "daily 08:00-12:00")
    learners = ("--learners", "lea", "--learners", "max")
    said = await trellis("times", "common", *learners, "--program", program, "--mentor", "ana")
    assert said.exit == Exit.OK, said.err
    assert "(Europe/Berlin): suits" in said.out
    assert "Max Moon (max): never: outside their hours (12)" in said.out
    found = await trellis(
        *("times", "common", "--learners", "lea", "--program", program, "--mentor", "ana", "--many", "1", "--json")
    )
    (best,) = found.json["times"]
    assert (best["suits"], best["members"], len(best["meetings"])) == (2, 2, 12)


async def test_office_hours_are_offered_listed_booked_and_canceled(trellis: Trellis, program: str, pool: Pool) -> None:
    journey = await matched(trellis, program, "lea", "daily 08:00-14:00")
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    offer = ("mentor", "office-hours", "offer", "ana", program, f"{day}T18:00+01:00", "--seats", "1")
    offered = await trellis(*offer, "--weeks", "2", "--purpose", "Ask anything", "--json", "--any-hours")
    assert offered.exit == Exit.OK, offered.err
    first, _ = [one["office_hours"] for one in offered.json]
    assert "Nothing changed" in (await trellis(*offer, "--any-hours")).out

    listed = (await trellis("mentor", "office-hours", "list", "--journey", journey, "--json")).json
    assert [(one["left"], one["suits"]) for one in listed] == [(1, True), (1, True)]
    book = ("mentor", "office-hours", "book", "ana", first)
    assert "Booked a seat" in (await trellis(*book, journey)).out
    assert "has a seat already" in (await trellis(*book, journey)).out
    other = await matched(trellis, program, "max", "daily 08:00-12:00")
    full = await trellis(*book, other, "--json")
    assert (full.exit, "no_seat_left" in full.out + full.err) == (Exit.FAILED, True)
    assert "0 of 1" in (await trellis("mentor", "office-hours", "list", "--program", program)).out
    assert "Released" in (await trellis("mentor", "office-hours", "release", "ana", first, journey)).out
    assert "Booked a seat" in (await trellis(*book, other)).out
    gone = await trellis("mentor", "office-hours", "cancel", "ana", first, "--reason", "ill", "--json")
    assert gone.json["journeys"] == [other]
    assert len((await trellis("mentor", "office-hours", "list", "--mentor", "ana", "--json")).json) == 1


async def test_the_api_answers_the_same(trellis: Trellis, program: str, pool: Pool) -> None:
    journey = await matched(trellis, program, "lea", "daily 08:00-14:00")
    told = (await trellis("times", journey, "s1", "--json")).json
    transport = ASGITransport(create_app(pool, None, {}))  # type: ignore[arg-type]
    async with AsyncClient(transport=transport, base_url="http://localhost") as client:
        found = await client.get(f"/api/journeys/{journey}/sessions/s1/times")
        assert found.json()["offered"] == told["offered"]
        assert (await client.get(f"/api/journeys/{journey}/sessions/s9/times")).status_code == 404
        assert (await client.get("/api/office-hours", params={"mentor": "ana"})).json() == []
        await trellis("send", journey, "pause", "-f", "reason=ill")
        paused = await client.get(f"/api/journeys/{journey}/sessions/s1/times")
        assert (paused.status_code, "paused" in paused.json()["detail"]) == (409, True)
