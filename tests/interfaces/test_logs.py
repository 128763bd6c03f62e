"""Logs: one form for ours and the libraries', ids bound, no people."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from interfaces import logs


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
