"""Logs: one form for ours and the libraries', ids bound, no people."""

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from runtime import logs
from runtime.temporal_sdk import temporal_runtime
from settings import Settings
from workflows.notification import DeliverMessage


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    handlers, level = logging.root.handlers, logging.root.level
    yield
    logging.root.handlers = handlers
    logging.root.setLevel(level)
    structlog.reset_defaults()


def test_json_for_machines_with_what_is_bound(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(log_format="auto", level="info")
    with structlog.contextvars.bound_contextvars(journey="ready.l-1"):
        structlog.get_logger("trellis.test").info("recorded", version=3)
        logging.getLogger("temporalio.worker").warning("slow by %d ms", 40, extra={"queue": "journeys"})
    ours, theirs = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (ours["event"], ours["journey"], ours["version"], ours["level"]) == ("recorded", "ready.l-1", 3, "info")
    assert (theirs["event"], theirs["journey"], theirs["queue"]) == ("slow by 40 ms", "ready.l-1", "journeys")


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(log_format="json", level="warning")
    structlog.get_logger("trellis.test").info("small")
    logging.getLogger("asyncpg").info("small")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_people_are_withheld(capsys: pytest.CaptureFixture[str], log_format: logs.Format) -> None:
    logs.configure(log_format=log_format, level="info")
    note = "I cannot sleep"
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.get_logger("trellis.test").exception("failed", email="ada@example.org", notes=note)
    written = capsys.readouterr().err
    assert "broken" in written
    assert "ada@" not in written
    assert note not in written, "nor as a local variable in a traceback"


async def test_what_the_core_of_the_sdk_says_is_a_line_like_any_other(
    temporal: WorkflowEnvironment, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(log_format="json", level="info")
    runtime = temporal_runtime(Settings(sdk_metrics_port=0))
    target = temporal.client.service_client.config.target_host
    client = await Client.connect(target, namespace="nowhere", runtime=runtime)
    with pytest.raises(RuntimeError):
        await Worker(client, task_queue="none", workflows=[DeliverMessage]).run()
    written = ""
    async with asyncio.timeout(10):
        while "temporalio.core" not in written:
            await asyncio.sleep(0.02)
            written += capsys.readouterr().err
    line = next(one for one in map(json.loads, written.splitlines()) if one["logger"] == "temporalio.core")
    assert line["event"] == "Network error while describing namespace for heartbeat capabilities"
    assert (line["level"], line["target"]) == ("warning", "temporalio_sdk_core::worker::heartbeat")
    assert "Namespace nowhere is not found." in line["error"]
    assert "object at 0x" not in written


def test_what_an_outage_brings_with_each_attempt_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(log_format="json", level="info")
    for error in (ConnectionRefusedError(111, "refused"), ValueError("another thing")):
        try:
            raise error
        except (OSError, ValueError):
            logging.getLogger("asyncpg.pool").warning("Failed to restore the pool connection floor", exc_info=True)
    try:
        raise asyncio.CancelledError
    except asyncio.CancelledError:
        logging.getLogger("temporalio.activity").warning("Completing activity as failed", exc_info=True)
    (line,) = capsys.readouterr().err.splitlines()
    assert "another thing" in line
