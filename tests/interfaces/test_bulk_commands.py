"""`trellis bulk`, on a real Temporal and a real Postgres."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.kit import Kit
from kits.loading import publish
from runtime.exits import Exit
from store import people
from store.database import Pool
from store.people import Person
from tests.commands import Trellis
from tests.support.bulk import InBulk
from tests.support.groups import large_groups, members
from workflows.contract import PROGRAM_TASK_QUEUE, TASK_QUEUE


@pytest.fixture
async def in_bulk(temporal: WorkflowEnvironment, pool: Pool, dsn: str, trellis: Trellis) -> AsyncIterator[InBulk]:
    one = InBulk(pool, temporal.client, dsn, TASK_QUEUE, PROGRAM_TASK_QUEUE)
    async with one.worker():
        yield one


@pytest.fixture
def kit() -> Kit:
    return large_groups(f"steps-{uuid4().hex[:8]}")


async def test_a_dry_run_does_nothing_and_its_digest_confirms_it(trellis: Trellis, in_bulk: InBulk, kit: Kit) -> None:
    those = await members(in_bulk.pool, kit, 3)
    order = ("bulk", "send", "pause", "-f", "reason=holidays", "--filter", f"program={kit.program}")
    planned = (await trellis(*order, "--dry-run", "--json")).json
    assert (planned["journeys"], planned["expected"]) == (3, {"done": 3, "unchanged": 0, "refused": 0})
    unsaid = await trellis(*order)
    assert unsaid.exit == Exit.BAD_INPUT
    assert "confirm it with --yes and the digest" in unsaid.err
    assert "pause for 3 journeys" in unsaid.out
    assert not await in_bulk.recorded("journey.paused")

    other = await trellis("bulk", "send", "resume", "--filter", f"program={kit.program}", "--yes", planned["digest"])
    assert other.exit == Exit.FAILED
    assert "a plan for something else" in other.err
    done = (await trellis(*order, "--yes", planned["digest"], "--json")).json
    assert (done["status"], done["outcomes"]["done"]) == ("finished", 3)
    assert await in_bulk.recorded("journey.paused") == Counter(one.journey for one in those)
    again = (await trellis(*order, "--yes", planned["digest"], "--json")).json
    assert again["version"] == done["version"]

    assert "finished" in (await trellis("bulk", "list")).out
    shown = (await trellis("bulk", "show", done["id"], "--json")).json
    assert [(one["journey"], one["outcome"], one["events"]) for one in shown["journeys"]] == [
        (one.journey, "done", ["journey.paused"]) for one in those
    ]
    over = await trellis("bulk", "pause", done["id"])
    assert (over.exit, "finished already" in over.err) == (Exit.FAILED, True)


async def test_journeys_go_to_the_mentors_who_have_room(trellis: Trellis, in_bulk: InBulk, kit: Kit) -> None:
    those = await members(in_bulk.pool, kit, 4)
    await people.upsert_many(
        in_bulk.pool, [Person("ben", "mentor", "Ben", attributes={"capacity": 1}), Person("cara", "mentor", "Cara")]
    )
    order = ("bulk", "reassign", "--to", "ben", "--to", "cara", "--reason", "ana leaves")
    where = ("--filter", f"program={kit.program}", "--filter", "mentor=ana")
    planned = (await trellis(*order, *where, "--dry-run", "--json")).json
    assert (planned["expected"]["done"], planned["expected"]["refused"]) == (4, 0)
    done = (await trellis(*order, *where, "--yes", planned["digest"], "--json")).json
    assert done["outcomes"]["done"] == 4
    rows = (await trellis("board", "--program", kit.program, "--json")).json
    assert Counter(row["mentor"] for row in rows) == {"ben": 1, "cara": 3}
    assert {row["journey"] for row in rows} == {one.journey for one in those}


async def test_everybody_in_a_file_starts(trellis: Trellis, in_bulk: InBulk, kit: Kit, tmp_path: Path) -> None:
    await publish(in_bulk.pool, kit)
    file = tmp_path / "learners.csv"
    file.write_text("id,name,goal\n" + "".join(f"n-{nth},Name {nth},job\n" for nth in range(5)))
    order = ("bulk", "start", kit.program, str(file), "--send-answers")
    planned = (await trellis(*order, "--dry-run", "--json")).json
    assert (planned["action"], planned["journeys"], planned["expected"]["done"]) == ("start", 5, 5)
    done = (await trellis(*order, "--yes", planned["digest"], "--json")).json
    assert (done["status"], done["outcomes"]["done"]) == ("finished", 5)
    assert await in_bulk.recorded("journey.intake_submitted") == Counter(f"{kit.program}.n-{nth}" for nth in range(5))
    again = (await trellis(*order, "--dry-run", "--json")).json
    assert again["expected"] == {"done": 0, "unchanged": 5, "refused": 0}


MISTAKES: list[tuple[tuple[str, ...], str]] = [
    (
        ("send", "pause", "-f", "reason=r", "--filter", "open=true", "--dry-run"),
        "needs a filter that says which journeys",
    ),
    (("send", "pause", "-f", "reason=r", "--filter", "colour=red", "--dry-run"), "the names are program, stage"),
    (("send", "pause", "-f", "reason=r", "--filter", "paused=maybe", "--dry-run"), "paused is true or false"),
    (("send", "paws", "--filter", "program=p", "--dry-run"), "Did you mean pause?"),
    (("send", "pause", "-f", "until=never", "--filter", "program=p", "--dry-run"), "until: "),
    (("reassign", "--to", "a b", "--reason", "r", "--filter", "program=p", "--dry-run"), "to.0: "),
    (("show", "none"), "there is no bulk action 'none'"),
    (("stop", "none"), "there is no bulk action 'none'"),
    (
        ("send", "pause", "-f", "reason=r", "--filter", "program=p", "--yes", "0123"),
        "there is no plan with the digest '0123'",
    ),
]


async def test_what_cannot_be_done_is_said(trellis: Trellis) -> None:
    for typed, said in MISTAKES:
        answer = await trellis("bulk", *typed)
        assert answer.exit in (Exit.FAILED, Exit.BAD_INPUT)
        assert said in answer.err
