"""Processes written down and found again, and logs that do not grow without end."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from runtime.embedded.processes import find_by_pid_file, is_alive, last_lines, open_log, terminate, write_pid_file

_DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


STUBBORN = [sys.executable, "-c", _DEAF]


@pytest.fixture
def stubborn() -> Iterator[subprocess.Popen[bytes]]:
    """A process that does not hear SIGTERM."""
    with subprocess.Popen(STUBBORN, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        yield process
        process.kill()


def test_what_was_written_down_is_found_until_it_ends(tmp_path: Path, stubborn: subprocess.Popen[bytes]) -> None:
    file = tmp_path / "some.pid"
    write_pid_file(file, stubborn.pid, STUBBORN)
    found = find_by_pid_file(file)
    assert found and found.pid == stubborn.pid
    stubborn.kill()
    stubborn.wait()
    assert find_by_pid_file(file) is None


@pytest.mark.parametrize("written", ["", "123", "[]", '{"pid": "x", "command": []}', '{"command": []}'])
def test_a_file_that_says_nothing_names_nobody(tmp_path: Path, written: str) -> None:
    file = tmp_path / "some.pid"
    assert find_by_pid_file(file) is None
    file.write_text(written)
    assert find_by_pid_file(file) is None


def test_a_number_that_was_given_to_a_stranger_names_nobody(tmp_path: Path) -> None:
    file = tmp_path / "some.pid"
    file.write_text(json.dumps({"pid": os.getpid(), "command": ["temporal", "server"]}))
    assert find_by_pid_file(file) is None


def test_who_does_not_hear_is_killed(stubborn: subprocess.Popen[bytes]) -> None:
    process = psutil.Process(stubborn.pid)
    terminate(process, [(signal.SIGTERM, 0.1)])
    assert not is_alive(process)
    assert stubborn.wait() == -signal.SIGKILL


def test_a_large_log_steps_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.embedded.processes._LOG_LIMIT_BYTES", 10)
    log = tmp_path / "server.log"
    for line in ("first of all\n", "second\n", "third\n"):
        with open_log(log) as file:
            file.write(line.encode())
    assert (tmp_path / "server.log.old").read_text() == "first of all\n"
    assert last_lines(log, 1) == "third"
