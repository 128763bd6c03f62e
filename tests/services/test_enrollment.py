"""`trellis enrollment`, on a real Temporal and a real Postgres."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient, NoSuchJourney
from domain.bulk import BULK, StopBulk
from domain.ids import JourneyId, KitDigest, LearnerId, ProgramId, bulk_stream
from domain.program import CloseEnrollment, Enroll, OpenEnrollment, PublishKit, Start
from runtime.exits import Exit
from services.bulk import Entry, enter
from services.enrolling import Enrollment, Interrupted, enroll_people, steps_of
from services.places import Places, without_journey
from store.database import Pool
from store.people import Person
from store.transact import transact
from tests.commands import Trellis


async def began_by_the_service(places: Places, temporal: WorkflowEnvironment, journey: str) -> None:
    service = asyncio.create_task(places.run())
    try:
        async with asyncio.timeout(30):
            while not await begun(JourneyClient(temporal.client), journey):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        service.cancel()


async def begun(journeys: JourneyClient, journey: str) -> bool:
    try:
        await journeys.status(JourneyId(journey))
    except NoSuchJourney:
        return False
    return True


def people(tmp_path: Path, *ids: str) -> str:
    file = tmp_path / "people.csv"
    file.write_text("id,name\n" + "".join(f"{one},Learner {one}\n" for one in ids))
    return str(file)


async def test_a_program_takes_in_as_many_as_there_are_places_and_the_rest_wait(
    trellis: Trellis, program: str, tmp_path: Path
) -> None:
    file = people(tmp_path, "a", "b", "c")
    closed = await trellis("enrollment", "add", program, file)
    assert (closed.exit, "enrollment is closed; open it first" in closed.err) == (Exit.FAILED, True)

    assert "open, with 2 places" in (await trellis("enrollment", "open", program, "--places", "2")).out
    dry = await trellis("enrollment", "add", program, file, "--dry-run", "--json")
    assert dry.json["enrollment"] == {
        "taken": ["a", "b"],
        "waiting": ["c"],
        "enrolled_before": [],
        "waiting_before": [],
        "ended_before": [],
    }
    assert (await trellis("board", "--json")).json == []

    added = await trellis("enrollment", "add", program, file)
    assert "2 enrolled, 1 put on the waiting list" in added.out
    assert "2 journeys have started" in added.out
    again = (await trellis("enrollment", "add", program, file, "--json")).json
    assert again["enrollment"]["enrolled_before"] == ["a", "b"]
    assert (again["journeys"]["begun"], len(again["journeys"]["running"])) == ([], 2)
    shown = (await trellis("enrollment", "show", program)).out
    assert "open, 0 places left; 2 enrolled, 1 waiting" in shown
    assert "1. c" in shown


async def test_a_free_place_goes_to_who_waits_and_their_journey_begins(
    trellis: Trellis, program: str, tmp_path: Path
) -> None:
    await trellis("enrollment", "open", program, "--places", "1")
    await trellis("enrollment", "add", program, people(tmp_path, "a", "b"))
    removed = await trellis("enrollment", "remove", program, "a", "--reason", "moved away")
    assert "removed: a" in removed.out
    assert "enrolled: b" in removed.out
    assert "1 journey has started" in removed.out
    assert (await trellis("status", f"{program}.b")).exit == Exit.OK
    closed = await trellis("enrollment", "close", program)
    assert (closed.exit, "closed" in closed.out) == (Exit.OK, True)
    assert "Nothing changed" in (await trellis("enrollment", "close", program)).out


async def test_a_journey_that_closes_gives_its_place_back(
    trellis: Trellis, program: str, tmp_path: Path, *, temporal: WorkflowEnvironment, pool: Pool, dsn: str
) -> None:
    await trellis("enrollment", "open", program, "--places", "2")
    await trellis("enrollment", "add", program, people(tmp_path, "a", "b", "c", "d", "e"))
    await trellis("send", f"{program}.a", "submit_intake")
    await trellis("send", f"{program}.a", "review_intake", "-f", "verdict=decline", "-f", "reason=no time")
    shown = (await trellis("enrollment", "show", program)).out
    assert "0 places left; 2 enrolled, 2 waiting, 1 with an ended journey" in shown
    assert "1. d" in shown

    await began_by_the_service(Places(dsn, pool, temporal.client), temporal, f"{program}.c")

    await trellis("send", f"{program}.b", "withdraw", "-f", "reason=moved")
    added = await trellis("enrollment", "add", program, people(tmp_path, "a", "b", "f"))
    assert "0 enrolled, 1 put on the waiting list" in added.out
    assert "2 have an ended journey (use --again to enroll them anew)" in added.out
    assert "1 journey has started" in added.out, "that of d, who waited the longest"
    assert (await trellis("status", f"{program}.d")).exit == Exit.OK


async def test_a_place_that_was_given_before_a_crash_gets_its_journey(
    trellis: Trellis, program: str, *, temporal: WorkflowEnvironment, pool: Pool, dsn: str
) -> None:
    await Enrollment(pool).handle(ProgramId(program), Start(learners=(LearnerId("a"),)), datetime.now(UTC))
    await began_by_the_service(Places(dsn, pool, temporal.client), temporal, f"{program}.a")


async def test_whom_a_bulk_action_still_has_on_its_list_is_left_to_it(
    program: str, temporal: WorkflowEnvironment, pool: Pool
) -> None:
    those = [Person(one, "learner", one) for one in ("a", "b")]
    bulk = await enter(pool, Entry(ProgramId(program), those))
    await Enrollment(pool).handle(ProgramId(program), Start(learners=(LearnerId("c"),)), datetime.now(UTC))

    async def left_behind() -> list[LearnerId]:
        return await without_journey(pool, ProgramId(program), await Enrollment(pool).state(ProgramId(program)))

    assert await left_behind() == ["c"], "it was planned just now"
    await pool.execute("update trellis.bulk_selections set selected_at = selected_at - interval '1 hour'")
    assert await left_behind() == ["a", "b", "c"], "whoever planned it was killed"
    await pool.execute("update trellis.bulk_selections set begun = true where bulk = $1", bulk)
    assert await left_behind() == ["c"], "it is under way, or paused"
    await pool.execute("update trellis.bulk_items set outcome = 'done' where learner = 'a'")
    assert await left_behind() == ["a", "c"]
    await transact(pool, bulk_stream(bulk), BULK, StopBulk(by="ops"), datetime.now(UTC))
    assert await left_behind() == ["a", "b", "c"], "a stopped one gives them back"


async def test_a_file_that_is_refused_on_the_way_says_how_far_it_came(pool: Pool, dsn: str) -> None:
    program, enrollment = ProgramId("p"), Enrollment(pool)
    for command in (PublishKit(kit=KitDigest("k"), version="1"), OpenEnrollment()):
        await enrollment.handle(program, command, datetime.now(UTC))
    learners = [Person(f"l-{nth}", "learner", f"L {nth}") for nth in range(4_500)]
    steps = steps_of(learners, lambda those: Enroll(learners=those))

    async def closing() -> None:
        async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as own:
            await Enrollment(own).handle(program, CloseEnrollment(), datetime.now(UTC))

    done: list[int] = []

    def advance(by: int) -> None:
        done.append(by)
        with ThreadPoolExecutor(1) as thread:  # somebody else closes it, after the first step and before the next
            thread.submit(asyncio.run, closing()).result()

    with pytest.raises(Interrupted, match=r"enrollment is closed.* The first \d,000 of 4,500 had been enrolled"):
        await enroll_people(enrollment, program, steps, advance)
    state = await enrollment.state(program)
    stored = await pool.fetchval("select count(*) from trellis.people")
    assert (len(state.enrolled), stored) == (sum(done), sum(done))


@pytest.mark.usefixtures("in_bulk")
async def test_a_start_obeys_the_places_or_says_that_it_goes_past_them(
    trellis: Trellis, program: str, tmp_path: Path
) -> None:
    await trellis("start", program, "before")
    await trellis("enrollment", "open", program, "--places", "2")
    assert "1 place left; 1 enrolled" in (await trellis("enrollment", "show", program)).out
    refused = await trellis("start", program, "--people", people(tmp_path, "a", "b"))
    assert (refused.exit, "1 of 2 places left, and 2 learners to start" in refused.err) == (Exit.FAILED, True)
    assert len((await trellis("board", "--json")).json) == 1
    past = await trellis("start", program, "--people", people(tmp_path, "a", "b"), "--past-places")
    assert "2 journeys have started" in past.out
    assert "Over the limit: 3 learners now have a place, but there are only 2 places." in past.err


async def test_who_withdrew_comes_back_by_a_word_with_a_journey_of_its_own(trellis: Trellis, program: str) -> None:
    await trellis("start", program, "lea")
    running = await trellis("start", program, "lea", "--again")
    assert "had already started and is still open (--again only applies to journeys that have ended)" in running.out
    await trellis("send", f"{program}.lea", "withdraw", "-f", "reason=moved")
    refused = await trellis("start", program, "lea")
    assert (refused.exit, refused.out) == (Exit.FAILED, "")
    assert f"the journey {program}.lea closed on " in refused.err
    assert f"(withdrawn). To start another one: trellis start {program} lea --again" in refused.err

    assert f"{program}.lea~2 has started" in (await trellis("start", program, "lea", "--again")).out
    assert f"{program}.lea~2 had already started" in (await trellis("start", program, "lea")).out
    rows = (await trellis("board", "--json", "--sort", "journey")).json
    assert [(row["journey"], row["learner"], row["stage"]) for row in rows] == [
        (f"{program}.lea", "lea", "closed"),
        (f"{program}.lea~2", "lea", "intake"),
    ]
    await trellis("send", f"{program}.lea~2", "withdraw", "-f", "reason=again")
    assert f"{program}.lea~3 has started" in (await trellis("start", program, "lea", "--again")).out


async def test_thousands_are_taken_in_together_and_as_the_dry_run_said(
    trellis: Trellis, program: str, tmp_path: Path, pool: Pool
) -> None:
    await trellis("enrollment", "open", program, "--places", "0")
    file = people(tmp_path, *(str(UUID(int=nth)) for nth in range(7_000)))
    dry = (await trellis("enrollment", "add", program, file, "--dry-run", "--json")).json
    assert (len(dry["enrollment"]["waiting"]), await pool.fetchval("select count(*) from trellis.people")) == (7_000, 0)
    done = (await trellis("enrollment", "add", program, file, "--json")).json
    assert done["enrollment"] == dry["enrollment"]
    assert await pool.fetchval("select count(*) from trellis.people") == 7_000
    again = (await trellis("enrollment", "add", program, file, "--json")).json
    assert len(again["enrollment"]["waiting_before"]) == 7_000


async def test_who_is_refused_is_not_stored(trellis: Trellis, program: str, tmp_path: Path, pool: Pool) -> None:
    refused = await trellis("enrollment", "add", program, people(tmp_path, "a", "b"))
    assert (refused.exit, await pool.fetchval("select count(*) from trellis.people")) == (Exit.FAILED, 0)


async def test_no_place_is_taken_by_what_is_no_id(trellis: Trellis, program: str) -> None:
    for learner in ("a b", "ä", "../x", "x" * 121, ""):
        assert (await trellis("start", program, learner)).exit == Exit.BAD_INPUT, learner
    assert "0 enrolled" in (await trellis("enrollment", "show", program)).out


async def test_mistakes_in_ndjson_are_told_with_line_and_field(trellis: Trellis, program: str, tmp_path: Path) -> None:
    file = tmp_path / "people.ndjson"
    file.write_text(
        '{"id": "a", "name": "Ana"}\n'
        '{"id": "b c", "name": "Ben"}\n'
        '{"id": "d", "name": "Dan", "time_zone": "Europe/Nowhere"}\n'
        '{"id": "a", "name": "Ana"}\n'
        '{"id": "e", "name": "Eve", "answers": {"shoe-size": 43}}\n'
        "not json\n"
    )
    await trellis("enrollment", "open", program)
    refused = await trellis("enrollment", "add", program, str(file))
    assert refused.exit == Exit.BAD_INPUT
    for line, what in ((2, "id"), (3, "time_zone"), (4, "id"), (5, "answers.shoe-size"), (6, "this is not JSON")):
        assert f"people.ndjson:{line}:" in refused.err
        assert what in refused.err
    assert "0 enrolled" in (await trellis("enrollment", "show", program)).out
