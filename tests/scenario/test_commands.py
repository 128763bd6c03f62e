"""`trellis import` and `trellis play`, as they are typed."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from runtime.exits import Exit
from tests.scenario import invented

_INTERRUPTED = 130


async def begin(folder: Path, *arguments: str) -> Process:
    """In a folder of its own, where no settings of the checkout hold; leads a group, as at a terminal."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("TRELLIS_", "DATABASE_URL"))}
    return await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).with_name("trellis")), *arguments),
        cwd=folder,
        env=ours | {"TRELLIS_DATA_FOLDER": str(folder / "data")},
        stdout=PIPE,
        stderr=PIPE,
        start_new_session=True,
    )


async def run(folder: Path, *arguments: str) -> tuple[int | None, str, str]:
    process = await begin(folder, *arguments)
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@pytest.fixture
async def term(tmp_path: Path) -> str:
    """The name of a scenario's folder in `tmp_path`, imported from the invented course."""
    invented.write(tmp_path / "tables")
    code, out, err = await run(
        tmp_path, "import", "oulad", "tables", "--presentation", "AAA/2013J", "--limit", "4", "--to", "term"
    )
    assert (code, err) == (Exit.OK, "")
    assert "learners: 4, mentors: 1, milestones: 3, commands: 27, days of activity: 9" in out
    assert "  submissions left out: after the learner had unregistered (1)" in out
    return "term"


async def test_a_scenario_without_a_place_goes_to_the_data_folder(tmp_path: Path) -> None:
    invented.write(tmp_path / "tables")
    told = await run(tmp_path, "import", "oulad", "tables", "--presentation", "AAA/2013J", "--json")
    assert (told[0], told[2]) == (Exit.OK, "")
    folder = Path(json.loads(told[1])["folder"])
    assert (tmp_path / folder / "program.yaml").exists()
    assert folder.parent.name == "scenarios"


async def test_a_term_is_played_and_told_as_json_and_nothing_stays(tmp_path: Path, term: str) -> None:
    code, out, err = await run(tmp_path, "play", term, "--json")
    assert (code, err) == (Exit.OK, "")
    told = json.loads(out)
    assert (told["journeys"], told["ended"], told["commands"]) == (4, 4, 27)
    assert told["refusals"] == told["disagreements"] == []
    assert [(row["learner"], row["ending"]) for row in told["board"]] == [
        ("11", "completed"),
        ("12", "withdrawn"),
        ("13", "withdrawn"),
        ("14", "completed"),
    ]
    assert list((tmp_path / "data" / "plays").iterdir()) == []


async def test_what_came_out_otherwise_is_told_and_kept(tmp_path: Path, term: str) -> None:
    file = tmp_path / term / "expected.ndjson"
    file.write_text(file.read_text().replace('"score":81.0', '"score":18.0'))
    code, out, err = await run(tmp_path, "play", term, "--keep")
    assert code == Exit.FAILED
    assert "4 journeys: 2 completed, 2 withdrawn" in out
    assert "learner 11: milestone tma-101 is passed with 81, not passed with 18" in out
    kept = tmp_path / "data" / "plays" / "oulad-aaa-2013j-1"
    assert f"TRELLIS_DATA_FOLDER={kept}" in err
    assert (kept / "postgres").is_dir()


async def started_by(process: Process) -> list[psutil.Process]:
    """What a play has started, once the worker is among it."""
    play = psutil.Process(process.pid)
    while not any("worker" in command for command in map(command_of, play.children())):
        assert process.returncode is None
        await asyncio.sleep(0.05)
    return play.children(recursive=True)


def command_of(process: psutil.Process) -> list[str]:
    """Empty when it has ended meanwhile: servers start helpers that live for a moment."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


async def test_an_interrupted_play_leaves_nothing_running(tmp_path: Path, term: str) -> None:
    process = await begin(tmp_path, "play", term)
    started = await started_by(process)
    os.killpg(process.pid, signal.SIGINT)
    await process.communicate()
    assert process.returncode == _INTERRUPTED
    assert psutil.wait_procs(started, timeout=5)[1] == []
    assert list((tmp_path / "data" / "plays").iterdir()) == []


async def test_what_a_killed_play_left_is_cleared_away_by_the_next(tmp_path: Path, term: str) -> None:
    process = await begin(tmp_path, "play", term)
    started = await started_by(process)
    process.kill()
    await process.wait()
    left = " ".join(part for one in started for part in command_of(one))
    try:
        assert "postgres -D" in left
        assert "temporal server" in left
        code, _, err = await run(tmp_path, "play", term)
        assert code == Exit.OK
        assert "what a killed play had left in" in err
        assert psutil.wait_procs(started, timeout=5)[1] == []
    finally:
        for one in started:
            with suppress(psutil.NoSuchProcess):
                one.kill()
    assert list((tmp_path / "data" / "plays").iterdir()) == []


async def test_a_scenario_that_is_not_right_is_told_before_anything_starts(tmp_path: Path, term: str) -> None:
    (tmp_path / term / "commands.ndjson").write_text("{}\n")
    code, _, err = await run(tmp_path, "play", term)
    assert code == Exit.BAD_INPUT
    assert "term/commands.ndjson:1: at: field required" in err
    assert not (tmp_path / "data").exists()


async def test_an_unknown_presentation_is_told(tmp_path: Path) -> None:
    invented.write(tmp_path / "tables")
    code, _, err = await run(tmp_path, "import", "oulad", "tables", "--presentation", "ZZZ/2013J", "--to", "term")
    assert code == Exit.BAD_INPUT
    assert "it has: AAA/2013J, BBB/2014B" in err
