"""`trellis up` and its kin, as people use them: the real command, in a data folder of its own, on free ports."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import psutil
import pytest

from interfaces.cli.supervising import migrate
from runtime.embedded.ports import free_port
from runtime.embedded.processes import find_by_pid_file, is_alive, wait_until
from runtime.local import Servers
from settings import Settings
from tests.support.folders import open_to_others
from tests.support.patience import NOTICING_SECONDS, STARTING_SECONDS

TRELLIS = str(Path(sys.executable).parent / "trellis")
PORTS = ("TRELLIS_HTTP_PORT", "TRELLIS_TEMPORAL_PORT", "TRELLIS_TEMPORAL_UI_PORT", "TRELLIS_SDK_METRICS_PORT")


class Place:
    """A data folder with four free ports, and the commands run there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / ".trellis"
        self.ports = {name: str(free_port()) for name in PORTS}
        self.sample = False
        self.running: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.ports, "TRELLIS_SAMPLE": str(self.sample)}

    @property
    def servers(self) -> Servers:
        return Servers(
            Settings(
                data_folder=self.data,
                temporal_port=int(self.ports["TRELLIS_TEMPORAL_PORT"]),
                temporal_ui_port=int(self.ports["TRELLIS_TEMPORAL_UI_PORT"]),
            )
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['TRELLIS_HTTP_PORT']}"

    def get(self, path: str, **options: Any) -> httpx2.Response:
        """With the key that `trellis up` has made."""
        key = (self.data / "key").read_text().strip()
        return httpx2.get(self.url + path, headers={"Authorization": f"Bearer {key}"}, **options)

    def ready(self) -> dict[str, Any]:
        """What `/readyz` says; empty while it says nothing."""
        try:
            said: dict[str, Any] = httpx2.get(f"{self.url}/readyz").json()
        except httpx2.TransportError:
            return {}
        return said

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [TRELLIS, *command], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )

    def up(self, until: str = "Ctrl-C stops") -> "Up":
        """Returns when the command says `until`; by default, when everything is there."""
        output = self.folder / f"up.{len(self.running)}.txt"
        began = time.monotonic()
        with output.open("wb") as file:
            process = subprocess.Popen([TRELLIS, "up"], cwd=self.folder, env=self.environment, stdout=file, stderr=file)
        self.running.append(process)
        assert wait_until(lambda: until in output.read_text() or process.poll() is not None, STARTING_SECONDS)
        assert process.poll() is None, output.read_text()
        return Up(process, output, time.monotonic() - began)

    def worker(self) -> psutil.Process | None:
        return find_by_pid_file(self.data / "worker.pid")

    def is_quiet(self) -> bool:
        servers = self.servers
        assert servers.postgres and servers.temporal
        return not (self.worker() or servers.postgres.is_running() or servers.temporal.is_running())


class Up:
    def __init__(self, process: subprocess.Popen[bytes], output: Path, seconds: float) -> None:
        self.process = process
        self.output = output
        self.seconds = seconds

    def interrupt(self) -> float:
        """Returns how many seconds it took to end well."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(30) == 0, self.output.read_text()
        return time.monotonic() - began


@pytest.fixture
def place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="trellis-up-") as folder:  # pytest's own would be closed to other users
        place = Place(Path(folder))
        yield place
        for process in place.running:
            if process.poll() is None:
                process.kill()
                process.wait()
        if not place.is_quiet():
            place.run("down")
        assert place.is_quiet()


def test_up_shows_the_board_and_goes_on_where_it_was(place: Place) -> None:
    place.sample = True
    up = place.up()
    url = f"http://127.0.0.1:{place.ports['TRELLIS_HTTP_PORT']}"
    assert url in up.output.read_text()
    for path in ("/", "/readyz", "/metrics"):
        assert place.get(path).status_code == 200
        assert httpx2.get(url + path).status_code == (200 if path == "/readyz" else 401)
    key = (place.data / "key").read_text()
    log_in_by_the_link_that_was_shown(up, url)
    sdk_metrics = httpx2.get(f"http://127.0.0.1:{place.ports['TRELLIS_SDK_METRICS_PORT']}/metrics").text
    assert "temporal_request_latency_seconds" in sdk_metrics
    before = board(place)
    assert len(before) > 20

    second = place.run("up")
    assert second.returncode == 1
    assert f"Trellis is already running (pid {up.process.pid}): the board is at {url}" in second.stderr

    assert up.interrupt() < 10
    assert place.is_quiet()

    again = place.up()
    assert again.seconds < 60, "as on a machine that is busy with other tests; alone it takes 5 s"
    assert "none to apply" in again.output.read_text()
    assert not re.findall(r"✗.*", up.output.read_text() + again.output.read_text())
    assert board(place) == before
    assert (place.data / "key").read_text() == key
    for journey, ending in before.items():
        if not ending:
            assert place.get(f"/api/journeys/{journey}/status").status_code == 200, f"{journey} is not alive"
    try_the_examples_of_the_contract(place)

    assert place.run("down").stdout == "Stopped: trellis up\n"
    assert again.process.wait(10) == 0
    assert place.run("down").stdout == "Nothing was running.\n"


def try_the_examples_of_the_contract(place: Place) -> None:
    """As somebody would who has just read docs/contract.md: in a shell, in their order."""
    page = (Path(__file__).parents[2] / "docs" / "contract.md").read_text()
    section = page.split("## From a terminal\n")[1].split("\n## ")[0]
    examples = re.findall(r"^    (temporal (?:.*\\\n)*.*)$", section, re.MULTILINE)
    assert len(examples) == 6
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    address = f"127.0.0.1:{place.ports['TRELLIS_TEMPORAL_PORT']}"
    environment = {**os.environ, "PATH": path, "TEMPORAL_ADDRESS": address}
    for example in examples:
        done = subprocess.run(example, shell=True, env=environment, capture_output=True, text=True, check=False)  # noqa: S602
        assert done.returncode == 0, (example, done.stdout, done.stderr)
    timeline = place.run("timeline", "job-ready.l-12").stdout
    assert "The journey was paused" in timeline and "The journey went on" in timeline
    assert "refused" not in timeline


def log_in_by_the_link_that_was_shown(up: Up, url: str) -> None:
    link = re.search(rf"Log in +{url}/log-in\?link=(\S+)", up.output.read_text())
    assert link
    with httpx2.Client(base_url=url, headers={"Origin": url}) as browser:
        assert browser.post("/log-in", data={"link": link[1]}).headers["location"] == "/"
        assert "Today" in browser.get("/").text


def board(place: Place) -> dict[str, str | None]:
    """Every journey, with its ending."""
    rows = place.get("/api/board", params={"limit": 500}).json()["rows"]
    return {row["journey"]: row["ending"] for row in rows}


async def test_up_after_a_killed_one_takes_over_and_what_dies_is_started_again(place: Place) -> None:
    killed = place.up()
    left = place.worker()
    killed.process.kill()
    killed.process.wait()
    assert not place.is_quiet()

    up = place.up()
    said = up.output.read_text()
    assert "Stopped a worker that was left running." in said
    assert said.count("already running") == 2
    assert left and not is_alive(left)

    for process, name in (
        (find_by_pid_file(place.data / "temporal" / "temporal.pid"), "Temporal"),
        (psutil.Process(int((place.data / "postgres/data/postmaster.pid").read_text().split()[0])), "Postgres"),
        (place.worker(), "Worker"),
    ):
        worker = place.worker()
        assert process and worker
        process.kill()
        line = rf"\n\d\d:\d\d:\d\d {name} .*; it is started again now \(restart 1\)\n"
        assert wait_until(partial(is_said, up, line), NOTICING_SECONDS), name
        assert wait_until(lambda: place.ready().get("ready", False), STARTING_SECONDS), name
        assert (place.worker() == worker) == (name != "Worker"), "the worker lives through the absence of its servers"
    metrics = place.get("/metrics").text
    for name in ("temporal", "postgres", "worker"):
        assert f'trellis_restarts_total{{process="{name}"}} 1.0' in metrics, up.output.read_text()
    await stop_a_view(place)
    assert up.interrupt() < 15
    assert place.is_quiet()

    up = place.up()
    said = up.output.read_text()
    assert "✗ Views" in said
    assert "board has stopped at position 1 and shows nothing newer (ValueError: made up)" in said
    assert "`trellis projections retry board`" in said
    ready = httpx2.get(f"{place.url}/readyz")
    assert ready.status_code == 200
    assert "board at position 1" in ready.json()["attention"]["views"]
    assert place.run("projections", "retry", "board").returncode == 0
    assert wait_until(lambda: "attention" not in place.ready(), NOTICING_SECONDS)
    assert open_to_others(place.data) == []


def is_said(up: Up, line: str) -> bool:
    return re.search(line, up.output.read_text()) is not None


async def stop_a_view(place: Place) -> None:
    """As a projection does at an event that it cannot apply."""
    assert place.servers.postgres
    connection = await asyncpg.connect(place.servers.postgres.dsn("trellis"))
    try:
        await connection.execute(
            "update trellis.projections set stopped_at = 1, stopped_because = $1 where name = 'board'",
            "ValueError: made up",
        )
    finally:
        await connection.close()


def test_an_interrupt_in_the_middle_of_a_start_leaves_nothing_behind(place: Place) -> None:
    place.sample = True
    for until in ("Postgres", "Worker"):
        up = place.up(until)
        assert up.interrupt() < 10
        assert "Traceback" not in up.output.read_text()
        assert place.is_quiet()


async def test_down_stops_servers_that_nobody_looks_after(place: Place) -> None:
    servers = place.servers
    await asyncio.gather(servers.start_postgres(), servers.start_temporal())

    stopped = await asyncio.to_thread(place.run, "down")

    assert (stopped.returncode, stopped.stdout) == (0, "Stopped: Postgres, Temporal\n")


async def test_postgres_that_is_killed_before_the_migrations_is_started_again(place: Place) -> None:
    servers = place.servers
    assert servers.postgres
    settings = Settings(data_folder=place.data)
    await servers.start_postgres()
    psutil.Process(int((place.data / "postgres/data/postmaster.pid").read_text().split()[0])).kill()
    assert "0001_log" in " ".join(await migrate(settings, servers))
    await servers.stop()


@pytest.mark.parametrize("setting", ["TRELLIS_HTTP_PORT", "TRELLIS_TEMPORAL_PORT"])
def test_a_port_that_a_stranger_holds_is_said_with_its_setting(place: Place, setting: str) -> None:
    with socket.create_server(("127.0.0.1", int(place.ports[setting]))):
        up = place.run("up")
    assert up.returncode == 1
    assert f"port {place.ports[setting]}, needed for " in up.stderr
    assert f"(pid {os.getpid()})" in up.stderr
    assert f"choose another port with {setting}" in up.stderr
    assert place.is_quiet()


def test_a_wrong_setting_is_bad_input(place: Place) -> None:
    place.ports["TRELLIS_HTTP_PORT"] = "http"
    for command in ("up", "worker"):
        done = place.run(command)
        assert done.returncode == 2
        assert "TRELLIS_HTTP_PORT" in done.stderr
    place.ports["TRELLIS_HTTP_PORT"] = str(free_port())


def test_servers_that_are_away_are_unreachable(place: Place) -> None:
    done = place.run("migrate")
    assert done.returncode == 3
    assert "Postgres does not answer" in done.stderr
    assert "`trellis up` starts it" in done.stderr
