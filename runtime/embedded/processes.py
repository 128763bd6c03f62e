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
    """Opens a log to append to, for its owner alone; one that has grown beyond 10 MB steps aside, as `NAME.old`."""
    if path.exists() and path.stat().st_size > _LOG_LIMIT_BYTES:
        path.replace(path.with_name(path.name + ".old"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600), "ab")


def last_lines(log: Path, count: int = 12) -> str:
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])


def remember(pid_file: Path, pid: int, command: Sequence[str]) -> None:
    """Writes down a process that was started with `command`, so that any other can find it with `recall`."""
    # Not what the system says is its command: for a moment after the start that is still its parent's.
    with open_private(pid_file) as file:
        json.dump({"pid": pid, "command": list(command)}, file)


def recall(pid_file: Path) -> psutil.Process | None:
    """The process that was written down, if it still runs; never another that was given the same number."""
    try:
        written = json.loads(pid_file.read_text())
        process = psutil.Process(written["pid"])
        return process if is_alive(process) and process.cmdline() == written["command"] else None
    except (FileNotFoundError, ValueError, KeyError, TypeError, psutil.Error):
        return None


def ended(child: subprocess.Popen[bytes] | None) -> str:
    """How a process that is dead came to its end, as far as that is known: only of its own children a process knows."""
    if child:
        with suppress(subprocess.TimeoutExpired):
            child.wait(1.0)  # dead already; its last threads may take a moment to go
    code = child.returncode if child else None
    if code is None:
        return "has ended"
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def is_alive(process: psutil.Process) -> bool:
    """True while it runs; a dead process that nobody has reaped yet does not count."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def end(process: psutil.Process, signals: Iterable[tuple[signal.Signals, float]]) -> None:
    """Sends each signal in turn, giving it that many seconds, until the process is dead; at last SIGKILL.

    Its parent, if it still lives, is left to reap it.
    """
    for number, seconds in (*signals, (signal.SIGKILL, 5.0)):
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
        if wait_until(lambda: not is_alive(process), seconds):
            return


def wait_until(happened: Callable[[], bool], seconds: float) -> bool:
    """Looks twenty times a second; False when the time is up. Blocks: call it in a thread."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if happened():
            return True
        time.sleep(0.05)
    return happened()
