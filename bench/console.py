"""The pages of ops with 100,000 journeys, for 16 readers at once.

Each reader goes through all pages in an order of their own, one every half second, several times. A page is measured
from the request to the last byte of the answer; the slowest page is that with the largest 95th percentile. The service
is a process of the worker, as in production, with a key. Boards, measures and people are filled in; some journeys have
been told in full, and are what the pages of single journeys show.
"""

import asyncio
import random
import re
from collections.abc import Iterator, Sequence
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


def addresses() -> Iterator[tuple[str, str]]:
    """The pages, each with what it is called in the report."""
    yield from ((f"/journeys?{one}", f"/journeys?{one}") for one in _TABLE)
    yield from ((f"/journeys/{LONGEST}?part={part}", f"/journeys/J?part={part}") for part in _PARTS)
    yield "/bulk/new?program=p-3&action=message", "/bulk/new"
    for route in _routes():
        path, methods = getattr(route, "path", ""), getattr(route, "methods", None) or ()
        if "GET" not in methods or getattr(route, "include_in_schema", True) or _ELSEWHERE.match(path):
            continue
        names = re.findall(r"{(\w+)", path)
        if path not in ("/journeys", "/journeys/{journey}", "/bulk/new") and all(one in _VALUES for one in names):
            yield re.sub(r"{(\w+)(:path)?}", lambda found: _VALUES[found[1]], path), path


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


Seen = dict[str, list[tuple[int, float, int]]]


async def readings(port: int, key: str, rounds: int) -> Seen:
    """What was measured of each page, by what it is called."""
    pages, seen = list(addresses()), Seen()

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
        await fill(pool, dsn, journeys)
        await ReportRefresh(dsn, pool, rest=0).refresh()  # as in an installation that has been running
        wish = KeyWish(name="bench", role=KeyRole.OPS, actor="ops:bench", programs=None, mentor=None)
        key = (await make(pool, wish, by="bench")).text
        address, port = temporal.client.service_client.config.target_host, free_port()
        async with service(dsn, address, "http", port):
            await readings(port, key, 1)
            seen = await readings(port, key, rounds)
        await pool.close()
    return _figures(seen, journeys)


def _figures(seen: Seen, journeys: int) -> list[Figure]:
    shown = {called: those for called, those in seen.items() if all(status == 200 for status, *_ in those)}
    slow = {called: quantiles([one[1] for one in those], n=20)[18] for called, those in shown.items()}
    large = {called: max(one[2] for one in those) for called, those in shown.items()}
    for called in sorted(slow, key=slow.__getitem__, reverse=True):
        usual = median(one[1] for one in shown[called])
        print(f"{called}: p95 {slow[called]:.0f} ms, median {usual:.0f} ms, {large[called]:,} bytes")
    for called in sorted(seen.keys() - shown.keys()):
        print(f"{called}: not measured, answered {sorted({one[0] for one in seen[called]})}")
    failed = sorted(called for called, those in seen.items() if any(status >= 500 for status, *_ in those))
    if failed:
        raise BrokenPages(failed)
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
