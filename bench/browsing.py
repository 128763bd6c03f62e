"""What a browser sees of the pages of ops with 100,000 journeys: how long the first byte takes, and how long it takes
until what one has done shows.

The browser is Debian's Chromium with nobody else on the service. An interaction is measured from the event to the
second frame after its answer is on the page, so that it has been painted.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping
from itertools import chain
from statistics import median, quantiles

import httpx2
from playwright.async_api import Browser, Page, async_playwright

from bench.api import service
from bench.console_material import fill
from bench.databases import fresh, server
from bench.options import quick
from bench.table import Figure, report
from domain.access import KeyRole
from domain.ids import JourneyId, journey_stream
from domain.journey import events as e
from projections.runner import catch_up
from runtime import ending
from runtime.embedded.ports import free_port
from runtime.embedded.time_skipping import time_skipping_server
from runtime.exits import Exit
from services.keys import KeyWish, make
from store import sequencer
from store.codec import encode
from store.database import Pool, open_pool
from store.event_log import EventLog
from tests.projections.stories import AT, journey
from workflows.contract import SEARCH_ATTRIBUTES

_ROUNDS = 9
_PATIENCE_MS = 120_000
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_BAR = "200"
_SCRIPTS = """
window.painted = () => new Promise(done =>
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))));
window.swapped = () => new Promise(done =>
    document.addEventListener("htmx:afterSettle", () => window.painted().then(done), {once: true}));
window.changed = where => new Promise(done => {
    const seen = new MutationObserver(() => { seen.disconnect(); window.painted().then(done); });
    seen.observe(where, {childList: true, subtree: true, attributes: true, characterData: true});
});
window.afterClick = async selector => {
    const began = performance.now(), done = window.swapped();
    document.querySelector(selector).click();
    return (await done) - began;
};
"""
_FIRST_BYTE = "() => performance.getEntriesByType('navigation')[0].responseStart"
_FILTER = """() => {
    document.querySelector("#filter-stage").value = "sessions";
    return window.afterClick(".filters button");
}"""
_SORT = "() => window.afterClick('thead th a')"
_FORM = "() => window.afterClick('form.act button')"
_PALETTE = """async () => {
    const press = {key: "k", ctrlKey: true, bubbles: true, cancelable: true};
    if (!document.querySelector("dialog[open]")) document.dispatchEvent(new KeyboardEvent("keydown", press));
    const field = document.querySelector("dialog input");
    await new Promise(done => setTimeout(done, 400));
    const began = performance.now(), done = window.changed(document.querySelector("dialog ul"));
    field.value = "sara sto";
    field.dispatchEvent(new Event("input", {bubbles: true}));
    return (await done) - began;
}"""
_LIVE = """async () => {
    const painted = await window.changed(document.querySelector("#main"));
    const asked = performance.getEntriesByType("resource").filter(one => one.initiatorType === "fetch").at(-1);
    return painted - asked.startTime;
}"""


async def browsed(
    url: str, cookies: Mapping[str, str], journey: str, happen: Callable[[int], Awaitable[None]]
) -> list[Figure]:
    """`happen` lets something happen on the journey. Raises SystemExit without Chromium."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        raise SystemExit("Chromium is not installed; on Debian: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program)
        try:
            page = await _page(browser, url, cookies)
            first = await _first_bytes(page, url, journey)
            acts = await _interactions(page, url, journey)
            acts["live update"] = await _live(page, url, journey, happen)
        finally:
            await browser.close()
    return [*_figures("browser_first_byte_ms", first), *_figures("browser_interaction_ms", acts)]


Measured = dict[str, list[float]]
"""Milliseconds, by what was measured."""


async def _page(browser: Browser, url: str, cookies: Mapping[str, str]) -> Page:
    context = await browser.new_context(viewport={"width": 1300, "height": 900}, bypass_csp=True)
    context.set_default_timeout(_PATIENCE_MS)
    await context.add_cookies([{"name": name, "value": one, "url": url} for name, one in cookies.items()])
    await context.add_init_script(_SCRIPTS)
    return await context.new_page()


async def _first_bytes(page: Page, url: str, journey: str) -> Measured:
    paths = {
        "/": "/", "/journeys": "/journeys", "/journeys?program": "/journeys?program=p-3&sort=name",
        "/journeys/J": f"/journeys/{journey}", "/mentors": "/mentors?program=p-3", "/cohorts": "/cohorts",
        "/programs/P": "/programs/p-3", "/bulk": "/bulk",
    }  # fmt: skip
    found = Measured()
    for _ in range(_ROUNDS):
        for called, path in paths.items():
            await page.goto(f"{url}{path}")
            found.setdefault(called, []).append(await page.evaluate(_FIRST_BYTE))
    return found


async def _interactions(page: Page, url: str, journey: str) -> Measured:
    done = {
        "filter": ("/journeys?program=p-3", _FILTER),
        "sort": ("/journeys?program=p-3", _SORT),
        "form": (f"/journeys/{journey}/pause", _FORM),
        "palette": ("/", _PALETTE),
    }
    found = Measured()
    for _ in range(_ROUNDS):
        for called, (path, script) in done.items():
            await page.goto(f"{url}{path}")
            found.setdefault(called, []).append(await page.evaluate(script))
    return found


async def _live(page: Page, url: str, journey: str, happen: Callable[[int], Awaitable[None]]) -> list[float]:
    """From the question for the present state to its paint. A page asks at most once a second."""
    await page.goto(f"{url}/journeys/{journey}?part=history")
    found = []
    for nth in range(_ROUNDS):
        await page.wait_for_timeout(1_500)
        seen = await page.evaluate_handle(f"() => {{ window.seen = ({_LIVE})(); return null }}")
        await happen(nth)
        found.append(float(await page.evaluate("() => window.seen")))
        await seen.dispose()
    return found


def _figures(name: str, found: Measured) -> list[Figure]:
    for called, those in found.items():
        high = quantiles(those, n=20)[18]
        print(f"{name} {called}: median {median(those):.0f} ms, p95 {high:.0f} ms")
    slowest = max(found, key=lambda one: median(found[one]))
    of = f"median of the slowest: {slowest}; of all {median(chain(*found.values())):.0f}"
    return [Figure(name, median(found[slowest]), "ms", None, of, f"under {_BAR}")]


async def measure() -> list[Figure]:
    journeys = 10_000 if quick() else 100_000
    async with server() as postgres, time_skipping_server(search_attributes=SEARCH_ATTRIBUTES, manual=True) as temporal:
        dsn = await fresh(postgres)
        pool = await open_pool(dsn, max_size=4)
        try:
            await fill(pool, dsn, journeys)
            return await _measure(pool, dsn, temporal.client.service_client.config.target_host)
        finally:
            await pool.close()


async def _measure(pool: Pool, dsn: str, temporal: str) -> list[Figure]:
    wish = KeyWish(name="bench", role=KeyRole.OPS, actor="ops:bench", programs=None, mentor=None)
    key = (await make(pool, wish, by="bench")).text
    port, one = free_port(), journey(7)

    async def happen(nth: int) -> None:
        await _raise_flag(pool, dsn, one, nth)

    async with service(dsn, temporal, "http", port):
        url = f"http://127.0.0.1:{port}"
        return await browsed(url, await _logged_in(url, key), one, happen)


async def _logged_in(url: str, key: str) -> Mapping[str, str]:
    async with httpx2.AsyncClient() as client:
        await client.post(f"{url}/log-in", data={"key": key}, headers={"Origin": url})
        return dict(client.cookies)


async def _raise_flag(pool: Pool, dsn: str, one: JourneyId, nth: int) -> None:
    log, stream = EventLog(pool), journey_stream(one)
    version = len(await log.read_stream(stream))
    raised = e.RiskFlagRaised(at=AT, flag=f"f-{nth}", notes="")
    await log.append(stream, version, f"flag-{nth}", encode([raised], f"flag-{nth}"))
    await sequencer.drain(dsn)
    await catch_up(dsn)


def main() -> None:
    report("The pages of ops in a browser", asyncio.run(measure()))


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
