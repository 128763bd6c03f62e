"""The pages of ops with 100,000 journeys, for 16 readers at once.

Each reader goes through all pages in an order of their own, one every half second, several times. A page is measured
from the request to the last byte of the answer; the slowest page is that with the largest 95th percentile. The service
is a process of the worker, as in production, with a key. Boards, measures and people are filled in; some journeys have
been told in full, and are what the pages of single journeys show.
"""

import asyncio
import random
import re
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from statistics import median, quantiles
from time import perf_counter
from typing import Any, cast

from bench.api import Caller, service
from bench.console_material import LONGEST, MENTOR, MONTH, fill
from bench.databases import fresh, server
from bench.options import quick
from bench.table import Figure, report
from domain.access import KeyRole
from runtime import ending
from runtime.embedded.ports import free_port
from runtime.embedded.time_skipping import time_skipping_server
from runtime.exits import Exit
from services.keys import KeyWish, make
from services.report_refresh import ReportRefresh
from store.database import open_pool
from tests.interfaces.calling import guarded_app
from workflows.contract import SEARCH_ATTRIBUTES

READERS = 16
_PAUSE_SECONDS = 0.5
_TABLE = (
    "", "program=p-3", "program=p-3&stage=sessions", "search=sara+sto", "search=le&program=p-3", "sort=name",
    "sort=name&program=p-3", "sort=since", "sort=attention", "show=all&program=p-5", "show=paused", "show=ended",
    "mentor=m-7", "waiting_on=mentor&overdue=true", "waiting_for=match", "segment=s-3-1&program=p-3",
    "pathway=main&sort=since", "cohort=c-15", "attention=critical&program=p-3", "search=l-77", "flag=any",
    "flag=wellbeing&program=p-3",
)  # fmt: skip
_PARTS = ("now", "sessions", "messages", "rules", "history", "learner")
_VALUES = {
    "program": "ready", "journey": LONGEST, "mentor": MENTOR, "month": MONTH, "command": "pause", "name": "cases",
}  # fmt: skip
"""Of the parameters of addresses. Pages with others are of things that are not there, and are left out."""
_ELSEWHERE = re.compile(
    r"^/(board$|journeys/{journey}/guides|log|static|live|my|surveys?|time-zone|v1|openapi|metrics|api|[a-z]+z$)"
)
"""Addresses that are no pages of ops, or need a link of their own."""


def addresses(details: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The pages, each with what it is called in the report. `details`: more values of parameters."""
    values = {**_VALUES, **details}
    yield from ((f"/journeys?{one}", f"/journeys?{one}") for one in _TABLE)
    yield from ((f"/journeys/{LONGEST}?part={part}", f"/journeys/J?part={part}") for part in _PARTS)
    yield "/bulk/new?program=p-3&action=message", "/bulk/new"
    yield "/mentors?program=ready&sort=name", "/mentors?sort=name"
    for route in _routes():
        path, methods = getattr(route, "path", ""), getattr(route, "methods", None) or ()
        if "GET" not in methods or getattr(route, "include_in_schema", True) or _ELSEWHERE.match(path):
            continue
        names = re.findall(r"{(\w+)", path)
        if path not in ("/journeys", "/journeys/{journey}", "/bulk/new") and all(one in values for one in names):
            yield re.sub(r"{(\w+)(:path)?}", lambda found: values[found[1]], path), path


def _routes() -> Iterator[Any]:
    nobody = cast("Any", None)
    for one in guarded_app(nobody, nobody).routes:
        included = getattr(one, "original_router", None)
        yield from included.routes if included else [one]


class BrokenPages(Exception):
    def __init__(self, pages: Sequence[str]) -> None:
        super().__init__(f"these pages failed, and a page that fails has no speed: {', '.join(pages)}")


class Reader(Caller):
    async def read(self, path: str) -> tuple[int, float, int]:
        """The status, how many milliseconds the answer took, and its bytes."""
        began = perf_counter()
        head = f"GET {path} HTTP/1.1\r\n{self._head}Accept: text/html\r\n\r\n"
        self._writer.write(head.encode())
        answer = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answer.partition(b"content-length:")[2].partition(b"\r\n")[0])
        await self._reader.readexactly(length)
        return int(answer.split()[1]), 1000 * (perf_counter() - began), length

    async def text(self, path: str) -> bytes:
        head = f"GET {path} HTTP/1.1\r\n{self._head}Accept: text/html\r\n\r\n"
        self._writer.write(head.encode())
        answer = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        return await self._reader.readexactly(int(answer.partition(b"content-length:")[2].partition(b"\r\n")[0]))


Seen = dict[str, list[tuple[int, float, int]]]


async def readings(port: int, key: str, rounds: int, pages: Sequence[tuple[str, str]]) -> Seen:
    """What was measured of each page, by what it is called."""
    seen = Seen()

    async def read(number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - the same order in every run
        reader = Reader(port, key)
        await reader.connect()
        await asyncio.sleep(_PAUSE_SECONDS * number / READERS)
        for _ in range(rounds):
            for path, called in chance.sample(pages, len(pages)):
                one = await reader.read(path)
                seen.setdefault(called, []).append(one)
                await asyncio.sleep(max(0.0, _PAUSE_SECONDS - one[1] / 1000))

    await asyncio.gather(*(read(number) for number in range(READERS)))
    return seen


async def measure() -> list[Figure]:
    journeys, rounds = (10_000, 2) if quick() else (100_000, 6)
    async with server() as postgres, time_skipping_server(search_attributes=SEARCH_ATTRIBUTES, manual=True) as temporal:
        dsn = await fresh(postgres)
        pool = await open_pool(dsn, max_size=4)
        pages = list(addresses(await fill(pool, dsn, journeys)))
        await ReportRefresh(dsn, pool, rest=0).refresh()  # as in an installation that has been running
        wish = KeyWish(name="bench", role=KeyRole.OPS, actor="ops:bench", programs=None, mentor=None)
        key = (await make(pool, wish, by="bench")).text
        address, port = temporal.client.service_client.config.target_host, free_port()
        async with service(dsn, address, "http", port):
            await readings(port, key, 1, pages)
            seen = await readings(port, key, rounds, pages)
            async with _rebuilding(dsn):
                meanwhile = await readings(port, key, 1, pages)
                await _require_note(port, key)
        await pool.close()
    return [*_figures(seen, journeys), _while_rebuilt(meanwhile)]


@asynccontextmanager
async def _rebuilding(dsn: str) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.console_rebuild", dsn)
    try:
        yield
        if process.returncode is not None:
            raise BrokenPages(["nothing was rebuilt meanwhile"])
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _require_note(port: int, key: str) -> None:
    """Pages say what is being rebuilt; between two rebuilds there is nothing to say."""
    reader = Reader(port, key)
    await reader.connect()
    async with asyncio.timeout(60):
        while b"Being rebuilt: board" not in (await reader.text("/programs")):  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.2)


def _while_rebuilt(seen: Seen) -> Figure:
    """Over all pages together: each is read 16 times only. Raises BrokenPages."""
    _require_answers(seen, but=503)
    took = [one[1] for those in seen.values() for one in those]
    given_up = sum(one[0] == 503 for those in seen.values() for one in those)
    slow = {called: median(one[1] for one in those) for called, those in seen.items()}
    slowest = max(slow, key=slow.__getitem__)
    of = f"{given_up} of {len(took)} given up; slowest at the median, {slow[slowest]:.0f} ms: {slowest}"
    return Figure("page_rebuild_p95_ms", quantiles(took, n=20)[18], "ms", None, of)


def _require_answers(seen: Seen, but: int | None = None) -> None:
    """Raises BrokenPages. `but`: a status that is let pass."""
    failed = {called for called, those in seen.items() for status, *_ in those if status >= 500 and status != but}
    if failed:
        raise BrokenPages(sorted(failed))


def _figures(seen: Seen, journeys: int) -> list[Figure]:
    shown = {called: those for called, those in seen.items() if all(status == 200 for status, *_ in those)}
    slow = {called: quantiles([one[1] for one in those], n=20)[18] for called, those in shown.items()}
    large = {called: max(one[2] for one in those) for called, those in shown.items()}
    for called in sorted(slow, key=slow.__getitem__, reverse=True):
        usual = median(one[1] for one in shown[called])
        print(f"{called}: p95 {slow[called]:.0f} ms, median {usual:.0f} ms, {large[called]:,} bytes")
    for called in sorted(seen.keys() - shown.keys()):
        print(f"{called}: not measured, answered {sorted({one[0] for one in seen[called]})}")
    _require_answers(seen)
    slowest, largest = max(slow, key=slow.__getitem__), max(large, key=large.__getitem__)
    of = f"{len(shown)} pages, {journeys:,} journeys, {READERS} readers"
    return [
        Figure("page_p95_ms", slow[slowest], "ms", None, f"{of}; {slowest}", "under 100"),
        Figure("page_bytes_max", large[largest], "bytes", None, largest),
    ]


def main() -> None:
    report("The pages of ops", asyncio.run(measure()))


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
