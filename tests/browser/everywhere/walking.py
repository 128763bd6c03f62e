"""Goes from page to page by their links, as somebody does who looks for all there is: one page of each kind.

Two addresses are of one kind if they have the same route, and ask for the same by the names of their parameters.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, cast
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx2

from tests.interfaces.calling import guarded_app

_PLACES = frozenset({"after", "before", "week", "date", "once", "back_to", "back", "zone", "program", "since", "until"})
"""Parameters that show the same page elsewhere."""
_SHOWN_BY = frozenset({"part", "show", "action"})
"""Parameters whose values are pages of their own."""
_MOST_OF_A_ROUTE = 8
_FILE_NAME = re.compile(r"(?<![(\w/-])[\w/-]+\.md\b")
"""Of a text in a kit, which has a title. Who compares versions sees it in parentheses."""
_NO_PAGES = re.compile(r"^/(v1|static|docs|openapi|metrics|live|log-out)\b|\.(ics|csv|json)$")


@dataclass(frozen=True, slots=True)
class FormFound:
    page: str
    nth: int
    """Among the forms of the page that are sent."""
    kind: str


@dataclass(slots=True)
class Found:
    pages: dict[str, str] = field(default_factory=dict)
    """An address of each kind."""
    forms: dict[str, FormFound] = field(default_factory=dict)
    routes: set[str] = field(default_factory=set)


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, list[str]]] = []
        self.file_names: list[str] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "a" if given.get("href"):
                self.links.append(given["href"])
            case "form":
                self._inside = given.get("method") == "post"
                if self._inside:
                    self.forms.append((given.get("action", ""), []))
            case "input" | "select" | "textarea" if self._inside and given.get("type") != "hidden":
                self.forms[-1][1].append(re.sub(r"[.\d].*", "", given.get("name", "")))
            case _:
                pass

    def handle_data(self, data: str) -> None:
        self.file_names += _FILE_NAME.findall(data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"


async def walk(url: str, cookies: Mapping[str, str], begin: Iterable[str] = ("/",)) -> Found:
    """Raises AssertionError for a link that leads nowhere, for a page that fails, and for one that shows file names."""
    found, todo = Found(), deque((one, "where it begins") for one in begin)
    routes = list(page_routes())
    async with httpx2.AsyncClient(base_url=url, cookies=dict(cookies), timeout=60) as client:
        while todo:
            link, source = todo.popleft()
            address = link.partition("#")[0]
            kind = kind_of(address, routes)
            if kind is None or kind in found.pages or _is_enough(kind, found):
                continue
            answer = await client.get(address, headers={"Accept": "text/html"}, follow_redirects=True)
            assert answer.status_code == 200, f"{address}, from {source}: {answer.status_code} {answer.text[:300]}"
            found.pages[kind] = address
            found.routes.add(_route_of(address, routes))
            page = _Page(answer.text)
            assert not page.file_names, f"{address} shows {page.file_names} to people, who read titles"
            links = [urlsplit(urljoin(address, one))._replace(fragment="").geturl() for one in page.links]
            todo += [(one, address) for one in links]
            for nth, (action, fields) in enumerate(page.forms):
                at = kind_of(urljoin(address, action), routes, posted=True) or action
                called = f"{at} {' '.join(sorted(set(fields)))}"
                found.forms.setdefault(called, FormFound(address, nth, called))
    return found


def _is_enough(kind: str, found: Found) -> bool:
    route = kind.partition("?")[0]
    return "part=" not in kind and sum(one.partition("?")[0] == route for one in found.pages) >= _MOST_OF_A_ROUTE


def _route_of(address: str, routes: Iterable[Any]) -> str:
    path = urlsplit(address).path
    return next((str(one.path) for one in routes if "GET" in one.methods and one.path_regex.match(path)), path)


def kind_of(address: str, routes: Iterable[Any], *, posted: bool = False) -> str | None:
    """None for what is no page."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not address.startswith("/") or _NO_PAGES.search(parts.path):
        return None
    method = "POST" if posted else "GET"
    route = next((one for one in routes if method in one.methods and one.path_regex.match(parts.path)), None)
    if route is None:
        return parts.path
    called = str(route.path)
    if called.endswith("{command}"):
        called = called.replace("{command}", parts.path.rpartition("/")[2])
    given = {
        f"{name}={value}" if name in _SHOWN_BY else name
        for name, value in parse_qsl(parts.query)
        if name not in _PLACES
    }
    return f"{called}?{'&'.join(sorted(given))}" if given else called


def page_routes() -> Iterator[Any]:
    """Of the application, those that answer with pages."""
    nobody = cast("Any", None)
    for one in guarded_app(nobody, nobody).routes:
        included = getattr(one, "original_router", None)
        for route in included.routes if included else [one]:
            if hasattr(route, "path_regex") and not getattr(route, "include_in_schema", True):
                yield route
