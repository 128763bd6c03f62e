"""How the program ends: its exit code, whatever becomes of its output, and whatever interrupts it."""

import asyncio
import os
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from runtime.exits import Exit
from tests.temporal import Running, own_id
from tests.workflows.kits import publish
from workflows.contract import Begin

TRELLIS = str(Path(sys.executable).with_name("trellis"))

_INTERRUPTED_WHILE = {
    "nothing hinders it": "await asyncio.sleep(60)",
    "the cancellation is swallowed": "with suppress(asyncio.CancelledError): await asyncio.sleep(60)",
    "the cancellation becomes another error": """
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        raise ConnectionError('the server has gone') from None
""",
    "the work ends the process with a code of its own": """
    try:
        await asyncio.sleep(60)
    finally:
        raise SystemExit(1)
""",
}
_COMMAND = """
import asyncio, signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background ignores it, and hands that on
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from contextlib import suppress
import interfaces.cli, interfaces.cli.commands

async def work():
    print("begun", flush=True)
    {}

interfaces.cli.commands.app = lambda: asyncio.run(work())
interfaces.cli.run()
"""


@pytest.mark.parametrize(
    ("work", "number"),
    [
        *((work, signal.SIGINT) for work in _INTERRUPTED_WHILE),
        ("the cancellation is swallowed", signal.SIGTERM),
        ("nothing hinders it", signal.SIGHUP),
    ],
)
async def test_interruption_has_one_meaning(work: str, number: signal.Signals) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _COMMAND.format(_INTERRUPTED_WHILE[work])), stdout=PIPE, stderr=PIPE
    )
    assert process.stdout
    assert await process.stdout.readline() == b"begun\n"
    process.send_signal(number)
    assert await process.communicate() == (b"", b"")
    assert process.returncode == Exit.INTERRUPTED


async def test_what_a_script_began_in_the_background_can_be_ended() -> None:
    work = _COMMAND.format(_INTERRUPTED_WHILE["nothing hinders it"])
    ignoring = work.replace("signal.SIGINT, signal.default_int_handler", "signal.SIGINT, signal.SIG_IGN")
    assert ignoring != work
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", ignoring, stdout=PIPE, stderr=PIPE)
    assert process.stdout
    assert await process.stdout.readline() == b"begun\n"
    process.send_signal(signal.SIGINT)
    process.terminate()
    assert await process.communicate() == (b"", b"")
    assert process.returncode == Exit.INTERRUPTED


@pytest.mark.parametrize("arguments", [("commands",), ("--help",)])
def test_a_reader_that_has_gone_is_no_reason_for_words(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([TRELLIS, *arguments], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (Exit.UNREAD, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("arguments", [("commands",), ("commands", "--json")])
def test_output_that_cannot_be_written_is_a_failure_in_words(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([TRELLIS, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == Exit.FAILED
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_closed_streams_are_no_failure() -> None:
    done = subprocess.run(["/bin/sh", "-c", f"exec {TRELLIS} commands --json >&- 2>&- <&-"], check=False)
    assert done.returncode == Exit.OK


async def test_a_command_that_spoke_to_temporal_ends_as_it_should(
    running: Running, temporal: WorkflowEnvironment, dsn: str, tmp_path: Path
) -> None:
    """The SDK's threads live on when a command is done, and must not meet an interpreter that is being torn down."""
    await publish(running.pool)
    journey = own_id("asked")
    await running.client.begin(Begin(program="small", learner="l-1"), journey)
    await running.client.status(journey)
    servers = {"TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host, "DATABASE_URL": dsn}
    at_once = asyncio.Semaphore(4)

    async def ask() -> tuple[int | None, bytes, bytes]:
        async with at_once:
            process = await asyncio.create_subprocess_exec(
                *(TRELLIS, "status", journey), stdout=PIPE, stderr=PIPE, cwd=tmp_path, env=os.environ | servers
            )
            said, complained = await process.communicate()
            return process.returncode, said[: len(journey)], complained

    assert set(await asyncio.gather(*(ask() for _ in range(4)))) == {(Exit.OK, journey.encode(), b"")}
