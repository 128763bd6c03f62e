"""Somebody at the page, who counts what they do: a click, a key that sends, or a field that is filled in is a step."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

_TABS = 400


@dataclass(slots=True)
class Hands:
    """With a mouse or a finger."""

    page: Page
    steps: int = 0

    async def press(self, what: Locator) -> None:
        self.steps += 1
        await what.click()
        await self.page.wait_for_load_state()

    async def fill(self, what: Locator, text: str) -> None:
        self.steps += 1
        await what.fill(text)

    async def choose(self, what: Locator, label: str) -> None:
        self.steps += 1
        await what.select_option(label=label)

    async def choose_first(self, what: Locator) -> None:
        self.steps += 1
        await what.select_option(index=1)

    async def send(self, what: Locator) -> None:
        """With Enter, in a field."""
        self.steps += 1
        await what.press("Enter")
        await self.page.wait_for_load_state()

    async def done(self, words: str) -> None:
        await expect(self.page.locator("#message")).to_contain_text(words, timeout=15_000)


@dataclass(slots=True)
class Keys(Hands):
    """With the keyboard alone: a thing is reached by the key Tab, or not at all."""

    async def press(self, what: Locator) -> None:
        self.steps += 1
        await self.reach(what)
        await self.page.keyboard.press("Enter")
        await self.page.wait_for_load_state()
        await self.page.wait_for_function("() => !document.body.classList.contains('busy')")  # a page is being swapped

    async def fill(self, what: Locator, text: str) -> None:
        self.steps += 1
        await self.reach(what)
        if await what.get_attribute("type") == "datetime-local":
            await what.fill(text)  # the browser's own field has parts, in the order of its language
            return
        await self.page.keyboard.press("Control+a")
        await self.page.keyboard.type(text)

    async def choose_first(self, what: Locator) -> None:
        self.steps += 1
        await self.reach(what)
        await self.page.keyboard.press("ArrowDown")

    async def choose(self, what: Locator, label: str) -> None:
        self.steps += 1
        await self.reach(what)
        await self.page.keyboard.type(label)

    async def reach(self, what: Locator) -> None:
        for _ in range(_TABS):
            if await what.evaluate("one => one === document.activeElement"):  # looked up anew: a page may be swapped
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"the key Tab never comes to {what}")


Kind = Callable[[Page], Hands]
