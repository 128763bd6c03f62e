"""Every page of the service in every state, with the sample program: nothing that axe finds, on both screens and in
both color schemes; and no page that nothing leads to. `make looks` runs it; it takes some minutes."""

import os
import sys
from collections.abc import Iterator

import pytest

from tests.browser.everywhere.installation import Installation, installation
from tests.browser.everywhere.seeing import SEND, Seeing
from tests.browser.everywhere.walking import Found, page_routes, walk
from tests.browser.looking import DESKTOP, Looking

pytestmark = pytest.mark.skipif("TRELLIS_LOOKS" not in os.environ, reason="make looks runs it")
_LED_TO_OTHERWISE = frozenset(
    {
        "/time-zone", "/find",
        "/board",  # where the start page was
        "/today/{name}",  # where there is more than the start page shows
        "/bulk/{bulk}", "/bulk/{bulk}/plan",  # once a bulk action has been planned
        "/live", "/openapi.json",  # no pages
    }
)  # fmt: skip
"""Pages that no link of the sample program leads to."""
_REFUSED = (
    "/nowhere", "/journeys/nobody", "/programs/none", "/programs/job-ready/reviews/2020-01", "/mentors/none",
    "/cohorts/none.1", "/journeys?part=none&sort=none", "/journeys/job-ready.l-01/fly", "/bulk/none", "/quality/none",
    "/journeys?search=nobody-is-called-so", "/find?q=nothing-is-called-so", "/find?q=pause+ada", "/my/none",
    "/surveys/none", "/log-in?link=none",
)  # fmt: skip


@pytest.fixture(scope="module")
def place() -> Iterator[Installation]:
    with installation() as one:
        yield one


async def test_every_page_in_every_state(looking: Looking, place: Installation) -> None:
    seeing = Seeing(looking.browser, place.url, place.logged_in())
    found = await walk(place.url, seeing.cookies)
    sys.stdout.write(f"\n{len(found.pages)} kinds of pages, {len(found.forms)} of forms\n")
    for address in (*found.pages.values(), *_REFUSED, "/time-zone", "/find?q=a", "/log-in"):
        await seeing.page(address)
    await _palette(seeing)
    for how in SEND:
        for form in found.forms.values():
            await seeing.sent(form.page, form.nth, how)
    _nothing_wrong(seeing)
    missing = {one.path for one in page_routes() if "GET" in one.methods} - found.routes - _LED_TO_OTHERWISE
    missing = {one for one in missing if not one.startswith(("/my/", "/surveys/", "/static", "/log-"))}
    assert not missing, f"no link leads to {sorted(missing)}"


async def test_every_page_of_those_who_have_a_link(looking: Looking, place: Installation) -> None:
    """The own pages of learners and mentors, and surveys."""
    seeing = Seeing(looking.browser, place.url, {})
    links = [*place.own_page_links(), *place.survey_links()]
    kinds: dict[str, Found] = {}
    for link in links:
        found = await walk(place.url, {}, [link])
        kinds.setdefault(" ".join(sorted((*found.pages, *found.forms))), found)
    pages = {kind: address for one in kinds.values() for kind, address in one.pages.items()}
    forms = {kind: form for one in kinds.values() for kind, form in one.forms.items()}
    for address in (*pages.values(), *(next(iter(one.pages.values())) for one in kinds.values())):
        await seeing.page(address)
    for how in SEND:
        for form in forms.values():
            await seeing.sent(form.page, form.nth, how)
    _nothing_wrong(seeing)


async def test_the_pages_of_other_roles(looking: Looking, place: Installation) -> None:
    """And what they are refused."""
    keys = {
        "mentor": place.key("katya", "--role", "mentor", "--mentor", "m-3"),
        "observer": place.key("eve", "--role", "observer"),
    }
    for key in keys.values():
        seeing = Seeing(looking.browser, place.url, place.logged_in(key))
        found = await walk(place.url, seeing.cookies)
        for address in (*found.pages.values(), "/programs/job-ready/matching", "/journeys/job-ready.l-07", "/bulk/new"):
            await seeing.page(address)
        _nothing_wrong(seeing)


async def _palette(seeing: Seeing) -> None:
    for width in (DESKTOP,):
        async with seeing.opened("/") as page:
            for typed in ("", "grace", "nothing-is-called-so"):
                await page.keyboard.press("Control+k")
                await page.locator("dialog[open]").wait_for()
                async with page.expect_response(lambda answer: "/find" in answer.url):
                    await page.locator("dialog input").fill(typed or " ")
                await seeing.over(page, f"the palette with {typed!r} at {width}")
                await page.keyboard.press("Escape")


def _nothing_wrong(seeing: Seeing) -> None:
    """Says how much was looked at."""
    sys.stdout.write(f"looked {seeing.looks} times\n")
    wrong = list(dict.fromkeys(seeing.found))
    assert not wrong, "\n".join(wrong)
