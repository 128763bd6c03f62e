"""`trellis log` and `trellis projections`, as the shell runs them."""

import asyncio
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import from_json

from interfaces.cli import main
from projections.runner import ProjectionStopped, catch_up
from runtime.exits import Exit
from store import sequencer
from store.database import Pool, migrate
from store.event_log import EventLog
from tests.projections.stories import publish, story, tell
from tests.support.following import Fragile

Run = Callable[..., Any]


@pytest.fixture
def run(dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command and returns its exit code and what it printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", dsn)

    async def call(*arguments: str) -> tuple[int, str, str]:
        def command() -> int:
            try:
                return main()
            except SystemExit as leaving:
                return int(leaving.code or 0)

        monkeypatch.setattr(sys, "argv", ["trellis", *arguments])
        code = await asyncio.to_thread(command)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
async def told(pool: Pool, dsn: str) -> None:
    await publish(pool)
    for number in range(4):
        await tell(EventLog(pool), number, story(number, 5))
    await sequencer.drain(dsn)


async def test_verify(told: None, run: Run, dsn: str, pool: Pool) -> None:
    await catch_up(dsn)
    code, out, _ = await run("log", "verify")
    assert code == Exit.OK, out
    assert "✓ positions are dense" in out
    assert "20 events in 4 streams, up to position 20" in out
    await pool.execute("update view_board_1.states set version = 3 where stream = 'journey-ready.l-1'")
    code, out, _ = await run("log", "verify", "--json")
    assert code == Exit.FAILED
    (finding,) = from_json(out)["findings"]
    assert finding["what"] == "board has journey-ready.l-1 at version 3 where its checkpoint says 5"


async def test_tail_export_and_import(
    told: None, run: Run, pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out, _ = await run("log", "tail", "--after", "18", "--json")
    assert [from_json(line)["position"] for line in out.splitlines()] == [19, 20]
    assert (await run("log", "export", "log.ndjson"))[0] == Exit.OK
    assert stat.S_IMODE(Path("log.ndjson").stat().st_mode) == 0o600, "it holds what people wrote"  # noqa: ASYNC240
    code, _, err = await run("log", "import", "log.ndjson")
    assert (code, "this log has events already" in err) == (Exit.FAILED, True)
    await pool.execute("create database imported_log")
    other = dsn.replace(dsn.split("?", maxsplit=1)[0].rpartition("/")[2], "imported_log", 1)
    await migrate(other)
    monkeypatch.setenv("DATABASE_URL", other)
    code, _, err = await run("log", "import", "log.ndjson")
    assert (code, "20 events in 4 streams, 1 kits" in err) == (Exit.OK, True), err
    await pool.execute("drop database imported_log with (force)")


async def test_partitions_are_listed(told: None, run: Run) -> None:
    _, out, _ = await run("log", "partitions", "--json")
    assert from_json(out)[0]["from_seq"] == 1
    code, _, err = await run("log", "detach", from_json(out)[0]["name"], "files")
    assert (code, "it is not full yet" in err) == (Exit.FAILED, True)


async def test_a_stopped_projection_is_seen_and_dealt_with(told: None, run: Run, dsn: str) -> None:
    with pytest.raises(ProjectionStopped):
        await catch_up(dsn, [Fragile()])
    _, out, _ = await run("projections")
    assert "stopped at 13" in out
    assert "ZeroDivisionError: no weeks in the pathway" in out
    code, out, _ = await run("projections", "park", "board", "--reason", "a bad kit", "--as", "ops:ana")
    assert (code, "position 13 (journey-ready.l-2) is parked" in out) == (Exit.OK, True)
    assert "a bad kit" in (await run("projections", "aside", "board"))[1]
    assert "Applied the parked events at positions 13." in (await run("projections", "retry", "board"))[1]
    assert (await run("projections", "skip", "board", "--reason", "x"))[0] == Exit.FAILED
    assert (await run("projections", "skip", "unheard-of", "--reason", "x"))[0] == Exit.BAD_INPUT


async def test_rebuild_and_rollback(told: None, run: Run, dsn: str) -> None:
    await catch_up(dsn)
    code, out, err = await run("projections", "rebuild", "funnel")
    assert (code, "funnel 2.2 is live" in out) == (Exit.OK, True), err
    assert "funnel 2.1 is live again" in (await run("projections", "rollback", "funnel"))[1]
    code, _, err = await run("projections", "rollback", "board")
    assert (code, "no earlier generation of board is kept" in err) == (Exit.FAILED, True)
    states = {(one["name"], one["status"]) for one in from_json((await run("projections", "--json"))[1])}
    assert {("funnel", "live"), ("funnel", "rejected"), ("board", "live")} <= states


async def test_a_retired_generation_is_dropped_and_no_other(told: None, run: Run, dsn: str, pool: Pool) -> None:
    await catch_up(dsn)
    await run("projections", "rebuild", "funnel")

    async def drop(generation: int) -> tuple[int, str]:
        code, out, err = await run("projections", "drop", "funnel", "--generation", str(generation))
        return code, out + err

    await pool.execute("update trellis.projections set status = 'building' where name = 'funnel' and generation = 1")
    code, said = await drop(1)
    assert (code, "it is being built; let its rebuild end first" in said) == (Exit.FAILED, True)
    await pool.execute("update trellis.projections set status = 'retired' where name = 'funnel' and generation = 1")

    code, said = await drop(2)
    assert (code, "it is what readers see" in said) == (Exit.FAILED, True)
    code, said = await drop(1)
    assert (code, "funnel 2.1 has been dropped." in said) == (Exit.OK, True)
    code, said = await drop(1)
    assert (code, "funnel has no generation 1; those that are kept: 2" in said) == (Exit.FAILED, True)
    assert await pool.fetchval("select count(*) from pg_namespace where nspname = 'view_funnel_1'") == 0
    assert (await run("projections", "rollback", "funnel"))[0] == Exit.FAILED


async def test_a_rejected_generation_is_kept(told: None, run: Run, dsn: str) -> None:
    """Without it, the runner would build the rejected form again."""
    await catch_up(dsn)
    await run("projections", "rebuild", "funnel")
    await run("projections", "rollback", "funnel")
    code, _, err = await run("projections", "drop", "funnel", "--generation", "2")
    assert (code, "it is not built again by itself" in err) == (Exit.FAILED, True)
