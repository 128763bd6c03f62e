"""A page on both screens and in both color schemes, by axe and by its width, in all states it can be brought into."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser, Page

from tests.browser.looking import AXE, DESKTOP, PHONE, RULES, RULES_OF_LOOKS, SCREENS, TOO_WIDE, VIOLATIONS, Scheme

_OPEN = "() => document.querySelectorAll('details').forEach(one => { one.open = true })"
_SEND_EMPTY = """nth => {
    const form = [...document.querySelectorAll("form")].filter(one => one.method === "post")[nth];
    for (const one of form.elements) {
        if (one.type === "hidden" || one.tagName === "BUTTON" || one.tagName === "FIELDSET") continue;
        if (one.type === "checkbox" || one.type === "radio") one.checked = false;
        else if (one.tagName !== "SELECT") one.value = "";
        else if (one.options[0]?.value === "") one.selectedIndex = 0;
    }
    HTMLFormElement.prototype.submit.call(form);
}"""
_SEND_FILLED = """nth => {
    const form = [...document.querySelectorAll("form")].filter(one => one.method === "post")[nth];
    const then = new Date(Date.now() + 5 * 86400000).toISOString();
    const ticked = new Set();
    for (const one of form.elements) {
        if (one.type === "hidden" || one.tagName === "BUTTON" || one.tagName === "FIELDSET") continue;
        if (one.type === "checkbox" || one.type === "radio") {
            one.checked = !ticked.has(one.name);
            ticked.add(one.name);
        }
        else if (one.tagName === "SELECT") { if (!one.value) one.selectedIndex = Math.min(1, one.options.length - 1); }
        else if (one.type === "file") continue;
        else if (one.value) continue;
        else if (one.type === "datetime-local") one.value = then.slice(0, 16);
        else if (one.type === "date") one.value = then.slice(0, 10);
        else if (one.inputMode === "decimal" || one.inputMode === "numeric") one.value = "3";
        else one.value = one.name.includes("email") ? "eve@example.org" : "somewhat";
    }
    HTMLFormElement.prototype.submit.call(form);
}"""
SEND = {"empty": _SEND_EMPTY, "filled": _SEND_FILLED}
_SECONDS = 180


@dataclass(slots=True)
class Seeing:
    browser: Browser
    url: str
    cookies: Mapping[str, str]
    found: list[str] = field(default_factory=list)
    """What is wrong, in words."""
    looks: int = 0

    async def page(self, address: str) -> None:
        async with self.opened(address) as page:
            await self.over(page, address)

    async def sent(self, address: str, nth: int, how: str) -> None:
        """What comes of a form of the page that is sent."""
        async with self.opened(address) as page:
            if await page.locator('form[method="post"]').count() <= nth:
                return  # what was sent before has taken it away
            async with page.expect_navigation():
                await page.evaluate(SEND[how], nth)
            await self.over(page, f"{address}, form {nth} sent {how}")

    async def over(self, page: Page, called: str) -> None:
        """With all that can be unfolded: everything once, and what depends on them for each screen and scheme."""
        async with asyncio.timeout(_SECONDS):
            await page.evaluate(_OPEN)
            await page.evaluate(f"() => {{ {AXE.read_text()} }}")
            schemes: tuple[Scheme, ...] = ("light", "dark")
            for width in (DESKTOP, PHONE):
                await page.set_viewport_size(SCREENS[width])
                wide = await page.evaluate(TOO_WIDE)
                self._say(f"{called}, {width} pixels: wider than the screen", wide)
                for scheme in schemes:
                    await page.emulate_media(color_scheme=scheme)
                    rules = list(RULES if (width, scheme) == (PHONE, "light") else RULES_OF_LOOKS)
                    self._say(f"{called}, {width} pixels, {scheme}", await page.evaluate(VIOLATIONS, rules))
                    self.looks += 1

    @asynccontextmanager
    async def opened(self, address: str) -> AsyncIterator[Page]:
        async with self.context() as page:
            await page.goto(f"{self.url}{address}")
            yield page

    @asynccontextmanager
    async def context(self) -> AsyncIterator[Page]:
        context = await self.browser.new_context(bypass_csp=True, viewport=SCREENS[DESKTOP])
        try:
            those = {**self.cookies, "trellis-zone": "Europe/Berlin"}
            await context.add_cookies([{"name": name, "value": one, "url": self.url} for name, one in those.items()])
            page = await context.new_page()
            page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))
            yield page
        finally:
            await context.close()

    def _say(self, where: str, what: list[str]) -> None:
        self.found += [f"{where}: {one}" for one in what]
        for one in what:
            sys.stdout.write(f"\n{where}: {one[:300]}\n")
