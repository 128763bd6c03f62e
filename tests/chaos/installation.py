"""An installation of its own, started by `trellis up` and killed in parts."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import psutil

from runtime.embedded.ports import free_port
from settings import Settings

Part = Literal["worker", "Temporal", "Postgres", "up"]
PARTS: tuple[Part, ...] = ("worker", "Temporal", "Postgres", "up")
_ROOT = Path(__file__).parents[2]
_TRELLIS = str(Path(sys.executable).parent / "trellis")
_UP_SECONDS = 240.0


@dataclass
class Installation:
    folder: Path
    ops_address: str
    """Where letters to ops would go; none: there are no letters."""
    environment: dict[str, str] = field(init=False)
    settings: Settings = field(init=False)
    _up: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        ports = {name: str(free_port()) for name in ("HTTP", "TEMPORAL", "TEMPORAL_UI", "SDK_METRICS")}
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TRELLIS_")},
            **{f"TRELLIS_{name}_PORT": port for name, port in ports.items()},
            "TRELLIS_DATA_FOLDER": str(self.folder),
            "TRELLIS_SAMPLE": "false",
            "TRELLIS_OPS_ADDRESS": self.ops_address,
        }
        self.settings = Settings(
            data_folder=self.folder,
            http_port=int(ports["HTTP"]),
            temporal_port=int(ports["TEMPORAL"]),
            temporal_ui_port=int(ports["TEMPORAL_UI"]),
            sdk_metrics_port=int(ports["SDK_METRICS"]),
            sample=False,
        )

    def start_up(self) -> None:
        log = (self.folder / "up.log").open("ab")
        self._up = subprocess.Popen(
            [_TRELLIS, "up"],
            cwd=_ROOT,
            env=self.environment,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ensure_up(self) -> None:
        """Starts `trellis up` unless it runs, or was started and has not come to hold its folder yet."""
        if self._up is None or (self._up.poll() is not None and self.pid_of("up") is None):
            self.start_up()

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [_TRELLIS, *arguments],
            cwd=_ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    async def ready(self) -> None:
        """Raises TimeoutError with the last lines of what `up` said."""
        try:
            async with asyncio.timeout(_UP_SECONDS):
                while not await asyncio.to_thread(self._is_ready):
                    self.ensure_up()
                    await asyncio.sleep(0.2)
        except TimeoutError:
            said = (self.folder / "up.log").read_text()[-3000:]
            raise TimeoutError(f"Trellis did not get ready; `trellis up` said:\n{said}") from None

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.settings.http_url}/readyz", timeout=5):  # noqa: S310 - our own
                return True
        except (OSError, urllib.error.HTTPError):
            return False

    def pid_of(self, part: Part) -> int | None:
        """Of a part that runs now."""
        match part:
            case "worker":
                return _remembered(self.folder / "worker.pid")
            case "Temporal":
                return _remembered(self.folder / "temporal" / "temporal.pid")
            case "Postgres":
                with suppress(OSError, ValueError, IndexError):
                    pid_file = self.settings.postgres_folder / "data" / "postmaster.pid"
                    return _alive(int(pid_file.read_text().split()[0]))
            case "up":
                with suppress(OSError, ValueError):
                    return _alive(int((self.folder / "up.lock").read_text().strip()))
        return None

    def kill(self, part: Part) -> bool:
        """With SIGKILL, alone. Returns whether there was anything to kill."""
        pid = self.pid_of(part)
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return True

    async def lose_temporal(self) -> None:
        """Kills everything, and deletes Temporal's data. Start it again afterwards."""
        for part in ("up", "worker", "Temporal"):
            while pid := self.pid_of(part):
                self.kill(part)
                while psutil.pid_exists(pid) and _alive(pid):  # noqa: ASYNC110 - the system's doing
                    await asyncio.sleep(0.05)
        shutil.rmtree(self.folder / "temporal")

    def stop(self) -> None:
        self.command("down")


def _remembered(file: Path) -> int | None:
    try:
        return _alive(int(json.loads(file.read_text())["pid"]))
    except (OSError, ValueError, KeyError):
        return None


def _alive(pid: int) -> int | None:
    try:
        return pid if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None
