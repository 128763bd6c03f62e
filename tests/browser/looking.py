"""Looks at a page as people do: on a phone by day and on a desktop by night, and with what reads it aloud.

    async def test_the_page_of_x(looking: Looking, site: Site) -> None:
        await looking.at(f"{site.url}/x", cookies=site.cookies)

Scripts are off in these browsers unless a test wants them, so that a page that needs them fails. With
SCREENSHOTS=FOLDER in the environment, what was seen is kept there as pictures.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from playwright.async_api import Browser, ConsoleMessage, Page, Request, ViewportSize

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
_STYLE = Path(__file__).parents[2] / "interfaces" / "http" / "static" / "page.css"
PHONE, DESKTOP = 390, 1300
"""Pixels."""
SCREENS: Mapping[int, ViewportSize] = {
    PHONE: {"width": PHONE, "height": 844},
    DESKTOP: {"width": DESKTOP, "height": 900},
}
Scheme: TypeAlias = Literal["light", "dark"]
_SCHEMES: Mapping[int, Scheme] = {PHONE: "light", DESKTOP: "dark"}
"""Colors do not depend on the width, nor the layout on the colors: each is seen once."""
_SECONDS = 30
_REFUSED = "Failed to load resource: the server responded with a status of"
"""A page that says why something was refused is a page like others."""
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RULES_OF_LOOKS = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")
"""What may differ between screens and color schemes."""
VIOLATIONS = """async (rules) => {
    const some = rules.includes("color-contrast") ? {} : {"target-size": {enabled: true}};
    const found = await axe.run(document, {runOnly: rules, rules: some, resultTypes: ["violations"]});
    return found.violations.map(one => `${one.id}: ${one.help}: ${one.nodes.map(node => node.html).join(" ")}`);
}"""
TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.body.querySelectorAll("*")]
        .filter(one => one.getBoundingClientRect().right > width + 1).map(one => one.outerHTML.slice(0, 120));
}"""


@dataclass(frozen=True, slots=True)
class Looking:
    browser: Browser
    reader: Page
    """With scripts, which axe needs, and with axe."""

    @classmethod
    async def with_(cls, browser: Browser) -> "Looking":
        reader = await browser.new_page()
        await reader.evaluate(f"() => {{ {AXE.read_text()} }}")
        return cls(browser, reader)

    async def at(self, url: str, *, cookies: Mapping[str, str] | None = None) -> None:
        """Raises AssertionError for what axe finds, for a page that is wider than the screen, for what comes from
        elsewhere, and for what the browser complains of."""
        async with self.page(PHONE, url=url, cookies=cookies) as page:
            await page.goto(url)
            await self.over(page)
            await page.set_viewport_size(SCREENS[DESKTOP])
            await self.over(page, RULES_OF_LOOKS)

    async def over(self, page: Page, rules: Sequence[str] = RULES) -> None:
        """The same for what a page shows now, on its screen."""
        wide = await page.evaluate(TOO_WIDE)
        assert wide == [], f"wider than the screen: {wide}"
        width = (page.viewport_size or SCREENS[PHONE])["width"]
        async with asyncio.timeout(_SECONDS):
            await self.reader.set_viewport_size(SCREENS[width])
            await self.reader.emulate_media(color_scheme=_SCHEMES[width])
            await self.reader.set_content(await page.content())
            await self.reader.add_style_tag(content=_STYLE.read_text())  # its address leads nowhere from here
            found = await self.reader.evaluate(VIOLATIONS, list(rules))
        assert not found, "\n".join((f"{page.url}, {width} pixels, {_SCHEMES[width]}:", *found))
        await _keep(self.reader, page.url, width)

    @asynccontextmanager
    async def page(
        self,
        width: int = PHONE,
        *,
        url: str | None = None,
        cookies: Mapping[str, str] | None = None,
        scripts: bool = False,
    ) -> AsyncIterator[Page]:
        """A browser of its own, which nobody has used before. `cookies` are those of the site at `url`."""
        phone = width == PHONE
        context = await self.browser.new_context(
            viewport=SCREENS[width],
            has_touch=phone,
            is_mobile=phone,
            java_script_enabled=scripts,
            color_scheme=_SCHEMES[width],
        )
        try:
            if cookies:
                await context.add_cookies([{"name": name, "value": one, "url": url} for name, one in cookies.items()])
            page = await context.new_page()
            complaints = _complaints(page)
            yield page
            assert not complaints, "\n".join(complaints)
        finally:
            await context.close()


def _complaints(page: Page) -> list[str]:
    """Filled while the page is looked at."""
    found: list[str] = []

    def requested(request: Request) -> None:
        if not request.is_navigation_request() and _host(request.url) not in {"", _host(request.frame.url)}:
            found.append(f"{request.url} comes from elsewhere")

    def said(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_REFUSED):
            found.append(message.text)

    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", requested)
    page.on("console", said)
    return found


def _host(url: str) -> str:
    return url.partition("//")[2].partition("/")[0]


async def _keep(reader: Page, url: str, width: int) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        name = url.partition("//")[2].partition("/")[2].partition("?")[0].replace("/", "_")[:60] or "board"
        schemes: tuple[Scheme, ...] = ("light", "dark")
        for scheme in schemes:
            await reader.emulate_media(color_scheme=scheme)
            await reader.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png", full_page=True)
