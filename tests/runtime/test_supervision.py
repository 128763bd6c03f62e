"""Processes kept alive: how soon they are started again, what is said of it, and when it is given up."""

import asyncio
import errno
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from runtime.concerns import needs_person
from runtime.embedded.errors import EmbeddedServerError, PortTakenError, ServerFailedError
from runtime.exits import Exit
from runtime.metrics import Metrics
from runtime.restarts import Restarts, RestartsCollector
from runtime.server_problems import UnreachableError
from runtime.supervision import Backoff, GaveUpError, keep_alive, start_with_retries
from store.database import Pool


def test_the_first_start_again_is_at_once_and_the_next_ones_ever_later() -> None:
    backoff = Backoff()
    assert [backoff.died(1.0) for _ in range(8)] == [0, 1, 2, 4, 8, 16, 30, 30]
    assert backoff.died(31.0) == 0, "a long life makes a new beginning"
    assert backoff.died(29.0) == 1


def test_the_log_is_quoted_ever_more_rarely() -> None:
    backoff = Backoff()
    quoted = []
    for _ in range(24):
        backoff.died(0.0)
        quoted.append(backoff.should_quote_log())
    assert [death for death, is_quoted in enumerate(quoted, start=1) if is_quoted] == [3, 6, 12, 24]


def failing(*errors: Exception) -> Callable[[], Awaitable[int]]:
    """A start that fails so often, and then returns how many attempts there were."""
    left = list(errors)

    async def start() -> int:
        if left:
            raise left.pop(0)
        return len(errors) + 1

    return start


async def test_what_dies_while_it_starts_is_started_three_times(tmp_path: Path) -> None:
    died = ServerFailedError("the server ended", tmp_path / "log", "")
    away = UnreachableError("Postgres", "here", "refused", "Start it.")
    assert await start_with_retries(failing(died, away)) == 3
    with pytest.raises(ServerFailedError):
        await start_with_retries(failing(died, away, died))


async def test_what_another_attempt_cannot_mend_is_raised_at_once(tmp_path: Path) -> None:
    with pytest.raises(PortTakenError):
        await start_with_retries(failing(PortTakenError(8600, "HTTP", None)))
    with pytest.raises(ServerFailedError):
        await start_with_retries(failing(ServerFailedError("bad", tmp_path / "log", "")), is_permanent=lambda: True)


class Mortal:
    """Dies as soon as it is started, or does not start, until it has had the trouble that it was made with."""

    name = "Server"

    def __init__(self, folder: Path, *troubles: Exception | None, cause: Exception | None = None) -> None:
        self.log = folder / "server.log"
        self.log.write_text("first line\nlast words\n")
        self.alive = False
        self.settled = asyncio.Event()
        self._troubles = list(troubles)
        self._cause = cause

    def death(self) -> str | None:
        return None if self.alive else "was killed by SIGKILL"

    def cause(self) -> Exception | None:
        return self._cause

    async def start(self) -> None:
        trouble = self._troubles.pop(0) if self._troubles else None
        if trouble:
            raise trouble
        self.alive = not self._cause and not self._troubles
        if self.alive:
            self.settled.set()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.supervision._LONGEST_PAUSE_SECONDS", 0.01)


class Told(list[str]):
    """What was said, and how often something was started again."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def count(self, name: str) -> int:
        self.counts[name] += 1
        return self.counts[name]


@pytest.mark.usefixtures("impatient")
async def test_what_dies_is_started_again_in_one_line_each_and_after_three_deaths_its_log_is_quoted(
    tmp_path: Path,
) -> None:
    no_memory, full = ServerFailedError("no memory", tmp_path, ""), OSError(errno.ENOSPC, "full")
    mortal, told = Mortal(tmp_path, None, no_memory, full, RuntimeError()), Told()
    keeping = asyncio.create_task(keep_alive([mortal], told.append, told.count))
    async with asyncio.timeout(5):
        await mortal.settled.wait()
    keeping.cancel()
    assert told[0] == "Server was killed by SIGKILL; it is started again now (restart 1)"
    assert told[1].startswith("Server was killed by SIGKILL; it is started again in 0 s")
    assert told[2].startswith(f"Server did not start: no memory ({tmp_path}); it is started again")
    assert told[3].startswith("That was 3 times in a row.") and told[3].endswith("first line\nlast words")
    assert told[4].startswith("Server did not start: full; it is started again")
    assert told[5].startswith("Server did not start: RuntimeError; it is started again"), "whatever it was"
    assert told.counts == {"server": 5}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "trouble",
    [
        PortTakenError(7233, "Temporal", "nc (pid 1)"),
        EmbeddedServerError("written by PostgreSQL 17 and this is 18"),
        PermissionError(errno.EACCES, "Permission denied", "data"),
        GaveUpError("the data have gone"),
    ],
    ids=lambda trouble: type(trouble).__name__,
)
async def test_what_does_not_go_away_by_itself_is_given_up(tmp_path: Path, trouble: Exception) -> None:
    mortal, told = Mortal(tmp_path, trouble, trouble, trouble), Told()
    with pytest.raises(type(trouble)) as caught:
        await keep_alive([mortal, Mortal(tmp_path)], told.append, told.count)
    assert caught.value is trouble


@pytest.mark.usefixtures("impatient")
async def test_a_process_that_cannot_work_with_its_settings_is_given_up_with_the_code_for_bad_input(
    tmp_path: Path,
) -> None:
    told = Told()
    cause = GaveUpError("TRELLIS_LOG_LEVEL: no such level", Exit.BAD_INPUT)
    with pytest.raises(GaveUpError) as caught:
        await keep_alive([Mortal(tmp_path, cause=cause)], told.append, told.count)
    assert caught.value.exit == Exit.BAD_INPUT
    assert told.counts == {"server": 2}


def shown(registry: CollectorRegistry) -> list[str]:
    lines = generate_latest(registry).decode().splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_restarts_are_shown_from_the_beginning_and_begin_anew_with_each_supervisor(tmp_path: Path) -> None:
    file, registry = tmp_path / "restarts.json", CollectorRegistry()
    registry.register(RestartsCollector(file))
    assert shown(registry) == []
    restarts = Restarts(file, ["worker", "postgres"])
    assert restarts.count("postgres") == 1
    assert restarts.count("postgres") == 2
    assert shown(registry) == [
        'trellis_restarts_total{process="worker"} 0.0',
        'trellis_restarts_total{process="postgres"} 2.0',
    ]
    Restarts(file, ["worker"])
    assert shown(registry) == ['trellis_restarts_total{process="worker"} 0.0']


async def test_what_waits_for_a_person_is_a_metric_and_what_cannot_be_asked_is_missing(pool: Pool) -> None:
    answer: str | Exception | None = None

    async def views() -> str | None:
        if isinstance(answer, Exception):
            raise answer
        return answer

    registry, metrics, seen = CollectorRegistry(), Metrics(pool, (needs_person({"views": views}),)), []
    registry.register(metrics)
    for answer in ("stopped", ConnectionRefusedError("nobody listens"), None):  # noqa: B007 - `views` reads it
        await metrics.refresh()
        seen.append(registry.get_sample_value("trellis_needs_person", {"about": "views"}))
    assert seen == [1, None, 0]
