"""The three ways in which a command reaches the API: over the network, the service on this machine, its own process."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

from client.api import connecting
from client.api.problems import problem_of
from domain.access import KeyRole
from interfaces.cli.address import Address, address
from interfaces.cli.problem_exits import explained
from interfaces.http.limits import USUAL
from runtime.embedded.ports import free_port
from runtime.exits import Exit
from store import people
from store.database import Pool
from store.people import Person
from tests.commands import Trellis
from tests.interfaces.calling import key_of
from tests.interfaces.serving import serving
from tests.support.bulk import InBulk
from tests.workflows.kits import publish


@pytest.fixture
async def served(
    trellis: Trellis, program: str, pool: Pool, temporal: WorkflowEnvironment, own_folder: pytest.MonkeyPatch
) -> AsyncIterator[Trellis]:
    """Commands that know the address of the service alone, and one journey."""
    await trellis("start", program, "lea")
    async with serving(pool, temporal) as url:
        own_folder.setenv("TRELLIS_URL", url)
        own_folder.setenv("TRELLIS_KEY", await key_of(pool, KeyRole.OPS))
        own_folder.delenv("DATABASE_URL")
        yield trellis


async def test_everything_by_address_and_key(
    trellis: Trellis, program: str, pool: Pool, temporal: WorkflowEnvironment, own_folder: pytest.MonkeyPatch
) -> None:
    await trellis("start", program, "lea")
    await people.upsert_many(pool, [Person("lea", "learner", "Lea Brandt")])
    beside = {command: (await trellis(command, f"{program}.lea", "--json")).json for command in ("timeline", "why")}
    async with serving(pool, temporal) as url:
        own_folder.setenv("TRELLIS_URL", url)
        own_folder.setenv("TRELLIS_KEY", await key_of(pool, KeyRole.OPS))
        assert "Lea Brandt" in (await trellis("board", "--program", program)).out
        status = await trellis("status", f"{program}.lea")
        assert (status.exit, "Lea Brandt" in status.out) == (Exit.OK, True), status.err
        sent = await trellis("send", f"{program}.lea", "pause", "-f", "reason=exams", "--if-version", "9")
        assert (sent.exit, "refused: " in sent.err) == (Exit.FAILED, True), "it is at another version"
        sent = await trellis("send", f"{program}.lea", "pause", "-f", "reason=exams")
        assert sent.exit == Exit.OK, sent.err
        for command, told in beside.items():
            remote = (await trellis(command, f"{program}.lea", "--json")).json
            assert remote[: len(told)] == told if isinstance(told, list) else remote.keys() == told.keys()
        assert "not reached by TRELLIS_URL" in (await trellis("send", f"{program}.lea", "resume", "--signal")).err


_TYPED = (
    ("profile", "{journey}"),
    ("sessions", "{journey}"),
    ("funnel", "--program", "{program}"),
    ("return", "{program}"),
    ("capacity", "{program}"),
    ("capacity", "{program}", "--reviews"),
    ("mentor", "add", "{program}", "mentors.csv"),
    ("mentor", "list", "{program}"),
    ("mentor", "set", "ana", "places=3"),
    ("mentor", "check", "ana", "background", "--until", "2030-01-01"),
    ("mentor", "leave", "ana", "--from", "2030-02-01", "--until", "2030-02-07"),
    ("mentor", "join", "{program}", "ana"),
    ("mentor", "show", "ana"),
    ("mentor", "day", "ana"),
    ("mentor", "load", "{program}"),
    ("mentor", "training", "{program}"),
    ("mentor", "office-hours", "list"),
    ("match", "list", "{program}"),
    ("cohort", "list", "{program}"),
    ("messages", "aside"),
    ("program", "use", "{program}", "1"),
    ("program", "diff", "{program}@1", "{program}@1"),
    ("enrollment", "open", "{program}", "--places", "5"),
    ("enrollment", "add", "{program}", "learners.csv", "--dry-run"),
    ("enrollment", "add", "{program}", "learners.csv"),
    ("enrollment", "show", "{program}"),
    ("enrollment", "close", "{program}"),
    ("start", "{program}", "mia"),
    ("start", "{program}", "ben", "--past-places"),
)


async def test_a_remote_service_is_told_the_same_words(served: Trellis, program: str, tmp_path: Path) -> None:
    (tmp_path / "mentors.csv").write_text("id,name,time_zone\nana,Ana Ruiz,Europe/Berlin\n")
    (tmp_path / "learners.csv").write_text("id,name\nmia,Mia\n")
    for command in _TYPED:
        typed = [one.format(program=program, journey=f"{program}.lea") for one in command]
        told = await served(*typed)
        assert (told.exit, bool(told.out)) == (Exit.OK, True), (command, told.err)
        assert (await served(*typed, "--json")).json is not None, command


async def test_stored_answers_go_along_at_a_remote_service(served: Trellis, pool: Pool) -> None:
    await publish(pool)
    mia = f"mia-{uuid4()}"
    await people.upsert_many(pool, [Person(mia, "learner", "Mia", attributes={"answers": {"goal": "job"}})])
    told = (await served("start", "small", mia, "--send-answers", "--json")).json
    assert (told["begun"], told["answered"]) == ([f"small.{mia}"], [f"small.{mia}"])


def test_the_client_waits_for_longer_than_a_service_takes() -> None:
    assert USUAL.seconds < connecting.TIMEOUT


async def test_a_file_starts_in_bulk_at_a_remote_service(
    served: Trellis, program: str, tmp_path: Path, in_bulk: InBulk
) -> None:
    (tmp_path / "learners.csv").write_text("id,name\nmia,Mia\nben,Ben\n")
    told = (await served("start", program, "--people", "learners.csv", "--json")).json
    assert sorted(told["begun"]) == [f"{program}.ben", f"{program}.mia"]
    (tmp_path / "learners.csv").write_text("id,name\nm ia,Mia\n")
    told = await served("start", program, "--people", "learners.csv")
    assert (told.exit, "learners.csv:2: id" in told.err) == (Exit.BAD_INPUT, True), told.err


async def test_who_may_not_see_names_sees_ids(
    trellis: Trellis, program: str, pool: Pool, temporal: WorkflowEnvironment, own_folder: pytest.MonkeyPatch
) -> None:
    await trellis("start", program, "lea")
    await people.upsert_many(pool, [Person("lea", "learner", "Lea Brandt")])
    async with serving(pool, temporal) as url:
        own_folder.setenv("TRELLIS_URL", url)
        own_folder.setenv("TRELLIS_KEY", await key_of(pool, KeyRole.OBSERVER))
        board = await trellis("board", "--program", program)
        assert (board.exit, "lea" in board.out, "Brandt" in board.out) == (Exit.OK, True, False)
        refused = await trellis("send", f"{program}.lea", "pause", "-f", "reason=exams")
        assert (refused.exit, "role observer" in refused.err) == (Exit.FAILED, True)
        own_folder.setenv("TRELLIS_KEY", "trellis_0000000000_" + "0" * 64)
        nobody = await trellis("board")
        assert (nobody.exit, "does not accept the key in TRELLIS_KEY" in nobody.err) == (Exit.BAD_INPUT, True)


async def test_nobody_at_the_address(trellis: Trellis, own_folder: pytest.MonkeyPatch) -> None:
    own_folder.setenv("TRELLIS_URL", f"http://127.0.0.1:{free_port()}")
    told = await trellis("board")
    assert (told.exit, "cannot be reached" in told.err) == (Exit.UNREACHABLE, True)
    own_folder.setenv("TRELLIS_URL", "trellis.example.org")
    told = await trellis("board")
    assert (told.exit, "must begin with http:// or https://" in told.err) == (Exit.BAD_INPUT, True)


@pytest.mark.parametrize(
    ("status", "code", "exit_code"),
    [
        (503, "view_being_rebuilt", Exit.LATER),
        (503, "postgres_away", Exit.UNREACHABLE),
        (503, "not_answering", Exit.FAILED),
        (404, "no_such_program", Exit.BAD_INPUT),
        (404, None, Exit.FAILED),
        (409, "paused", Exit.FAILED),
        (422, None, Exit.BAD_INPUT),
    ],
)
def test_the_exit_code_of_a_problem(status: int, code: str | None, exit_code: Exit) -> None:
    known = explained(problem_of(status, {"detail": "because", "code": code}, {}))
    assert known.exit == exit_code
    assert (known.refusal is not None) == (status == 409)
    assert known.words.endswith("because")


def test_the_local_service_is_found_by_its_key_and_its_port(own_folder: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "TRELLIS_URL", "TRELLIS_DATA_FOLDER"):
        own_folder.delenv(name, raising=False)
    assert address() is None, "no key"
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "key").write_text("trellis_key\n")
    (tmp_path / ".env").write_text("TRELLIS_DATA_FOLDER='own'\n")
    own_folder.setenv("TRELLIS_HTTP_PORT", str(free_port()))
    assert address() is None, "nobody listens"
    with asyncio.Runner() as runner:
        server = runner.run(asyncio.start_server(lambda *_: None, "127.0.0.1", 0))
        port = server.sockets[0].getsockname()[1]
        own_folder.setenv("TRELLIS_HTTP_PORT", str(port))
        assert address() == Address(f"http://127.0.0.1:{port}", "trellis_key", "own/key")
        own_folder.setenv("DATABASE_URL", "postgresql://elsewhere/trellis")
        assert address() is None, "whatever listens may be for another database"
        server.close()


async def test_what_works_only_beside_the_servers_says_so(trellis: Trellis, own_folder: pytest.MonkeyPatch) -> None:
    own_folder.setenv("TRELLIS_URL", "https://trellis.example.org")
    own_folder.delenv("DATABASE_URL", raising=False)
    told = await trellis("projections")
    assert (told.exit, "works beside the servers" in told.err) == (Exit.BAD_INPUT, True), told.err
