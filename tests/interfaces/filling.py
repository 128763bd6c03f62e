"""Fills in the forms of pages as a browser without scripts does.

await Filling(browser).send("/mentors/m-1", "/mentors/m-1/leave", {"first_day": "2026-03-02"})
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

import httpx2

HTML = {"accept": "text/html"}


class Forms(HTMLParser):
    """Every form of a page: where it is sent to, and what it holds."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._select: str | None = None
        self._area: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((one.get("action", ""), {}))
        elif not self.found or not (one.get("name") or tag == "option"):
            return
        elif tag == "input" and (one.get("type") not in ("radio", "checkbox") or "checked" in one):
            self._holds[one["name"]] = one.get("value", "")
        elif tag == "select":
            self._select = one["name"]
        elif tag == "textarea":
            self._area = one["name"]
            self._holds[one["name"]] = ""
        elif tag == "option" and self._select and ("selected" in one or self._select not in self._holds):
            self._holds[self._select] = one.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self._holds[self._area] += data

    @property
    def _holds(self) -> dict[str, str]:
        return self.found[-1][1]


@dataclass(frozen=True, slots=True)
class Filling:
    browser: httpx2.AsyncClient

    async def read(self, address: str) -> str:
        page = await self.browser.get(address, headers=HTML)
        assert page.status_code == 200, (address, page.status_code, page.text[-2_000:])
        return str(page.text)

    async def send(
        self, address: str, action: str, typed: Mapping[str, str] | None = None, *, holding: str = ""
    ) -> httpx2.Response:
        """The form of the page at this address that is sent to `action`; of several, the one that holds this value."""
        return await self.fill(await self.read(address), action, typed, holding=holding)

    async def fill(
        self, page: str, action: str, typed: Mapping[str, str] | None = None, *, holding: str = ""
    ) -> httpx2.Response:
        forms = [one for to, one in Forms(page).found if to == action and (not holding or holding in one.values())]
        assert forms, f"no form is sent to {action}: {[to for to, _ in Forms(page).found]}"
        data = {**forms[0], **(typed or {})}
        return await self.browser.post(action, data=data, headers={**HTML, "sec-fetch-site": "same-origin"})

    async def done(self, answer: httpx2.Response) -> str:
        """The page to which the browser is sent."""
        assert answer.status_code == 303, (answer.status_code, answer.text[-3_000:])
        return await self.read(answer.headers["location"])
