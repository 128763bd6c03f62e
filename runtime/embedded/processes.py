"""Processes that outlive their starter: their logs, and how to end them."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import psutil

from runtime.embedded.private import open_private

_LOG_LIMIT_BYTES = 10_000_000


def open_log(path: Path) -> BinaryIO:
    """Opens a log for appending, readable by its owner only. A log beyond 10 MB is renamed to `NAME.old` first."""
    if path.exists() and path.stat().st_size > _LOG_LIMIT_BYTES:
        path.replace(path.with_name(path.name + ".old"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600), "ab")


def last_lines(log: Path, count: int = 12) -> str:
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])


def write_pid_file(pid_file: Path, pid: int, command: Sequence[str]) -> None:
    """Records a process that was started with `command`, so that others find it with `find_by_pid_file`."""
    # Not the command that the system reports: for a moment after the start that is still its parent's.
    with open_private(pid_file) as file:
        json.dump({"pid": pid, "command": list(command)}, file)


def find_by_pid_file(pid_file: Path) -> psutil.Process | None:
    """The recorded process if it still runs; never another process that got the same number."""
    try:
        written = json.loads(pid_file.read_text())
        process = psutil.Process(written["pid"])
        return process if is_alive(process) and process.cmdline() == written["command"] else None
    except (FileNotFoundError, ValueError, KeyError, TypeError, psutil.Error):
        return None


def describe_exit(child: subprocess.Popen[bytes] | None) -> str:
    """How a dead process ended. Known only of our own children."""
    if child:
        with suppress(subprocess.TimeoutExpired):
            child.wait(1.0)  # it is dead, but its last threads may take a moment
    code = child.returncode if child else None
    if code is None:
        return "has ended"
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def is_alive(process: psutil.Process) -> bool:
    """True while it runs. A zombie does not count."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def terminate(process: psutil.Process, signals: Iterable[tuple[signal.Signals, float]]) -> None:
    """Sends the signals in turn, waiting for the given seconds after each, until the process is dead; finally SIGKILL.

    Does not reap the process: that is up to its parent.
    """
    for number, seconds in (*signals, (signal.SIGKILL, 5.0)):
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
        if wait_until(lambda: not is_alive(process), seconds):
            return


def wait_until(happened: Callable[[], bool], seconds: float) -> bool:
    """Polls twenty times a second; False when the time is up. Blocks: call it in a thread."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if happened():
            return True
        time.sleep(0.05)
    return happened()
