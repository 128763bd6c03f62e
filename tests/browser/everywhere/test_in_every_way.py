"""What is done less often than every day: with the keyboard alone, and on a phone without scripts. The daily tasks are
in tests/browser/daily."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Iterator

import pytest
from playwright.async_api import Error, Locator, expect

from tests.browser.daily.hands import Hands, Keys, Kind
from tests.browser.everywhere.installation import Installation, installation
from tests.browser.looking import DESKTOP, PHONE, Looking

pytestmark = pytest.mark.skipif("TRELLIS_LOOKS" not in os.environ, reason="make looks runs it")
_PATIENCE_MS = 30_000
_WAYS: dict[str, tuple[Kind, int, bool]] = {"keyboard": (Keys, DESKTOP, True), "without scripts": (Hands, PHONE, False)}
"""Whose hands, how wide, and whether scripts run."""
Task = Callable[[Hands, Installation], Awaitable[None]]


async def correct_an_attendance(hands: Hands, place: Installation) -> None:
    await hands.page.goto(f"{place.url}/journeys/job-ready.l-02?part=sessions")
    await hands.press(hands.page.get_by_role("link", name="Correct the attendance of Stories that carry"))
    await hands.choose_first(hands.page.get_by_label("Attendance", exact=True))
    await _tick(hands, hands.page.get_by_label("This corrects what is recorded"))
    await hands.fill(hands.page.get_by_label("Reason"), "Looked up in the minutes")
    await hands.press(hands.page.get_by_role("button", name="Record attendance"))
    await hands.done("Record attendance")  # the second way says what the first has said


async def save_a_view_and_delete_it(hands: Hands, place: Installation) -> None:
    page = hands.page
    await page.goto(f"{place.url}/journeys?stage=matching")
    await hands.press(page.locator("summary", has_text="Save this view"))
    await hands.fill(page.locator(".save").get_by_label("Name"), "To match")
    await hands.press(page.locator(".save form.act button"))
    await expect(page.get_by_role("link", name="To match")).to_be_visible()
    await hands.press(page.locator("summary", has_text="Save this view"))
    await hands.press(page.get_by_role("button", name="Delete the view To match"))
    await expect(page.get_by_role("link", name="To match")).to_have_count(0)


async def make_a_proposal_and_decide_it(hands: Hands, place: Installation) -> None:
    page = hands.page
    await page.goto(f"{place.url}/programs/job-ready/proposals")
    await hands.press(page.locator("summary", has_text="Propose a change"))
    form = page.locator("details[open] form.act")
    for field in await form.locator("input[type=text], textarea").all():
        if await field.get_attribute("aria-required"):
            await hands.fill(field, "Ask two questions fewer")
    await hands.press(form.get_by_role("button"))
    await hands.done("")
    made = page.get_by_role("link", name="Ask two questions fewer")
    async with asyncio.timeout(_PATIENCE_MS / 1000):
        while not await made.count():  # the view of proposals is a moment behind
            await page.goto(f"{place.url}/programs/job-ready/proposals")
    await hands.press(made.first)
    await hands.choose_first(page.get_by_label("Decision"))
    await hands.fill(page.get_by_label("Reason").first, "The figures are clear")
    await hands.press(page.locator("main").get_by_role("button", name="Decide"))
    await hands.done("")


async def pin_a_match(hands: Hands, place: Installation) -> None:
    page = hands.page
    await page.goto(f"{place.url}/programs/job-ready/matching")
    await hands.press(page.locator("summary", has_text="Give this learner this mentor"))
    form = page.locator("details[open] form.act").first
    for choice in await form.locator("select").all():
        await hands.choose_first(choice)
    for words in await form.locator("textarea").all():
        await hands.fill(words, "They have met before")
    await hands.press(form.get_by_role("button"))
    await hands.done("")


async def plan_leave_of_a_mentor(hands: Hands, place: Installation) -> None:
    page = hands.page
    await page.goto(f"{place.url}/mentors/m-5")
    await hands.press(page.locator("summary", has_text="Plan leave"))
    await _day(hands, page.get_by_label("First day"), "2031-03-04")
    await _day(hands, page.get_by_label("Last day"), "2031-03-06")
    await hands.press(page.get_by_role("button", name="Plan leave"))
    await hands.done("")


async def pause_a_schedule_and_resume_it(hands: Hands, place: Installation) -> None:
    page = hands.page
    await page.goto(f"{place.url}/programs/job-ready/schedules")
    for name in ("Pause", "Resume"):
        await hands.press(page.get_by_role("button", name=name).first)
        await hands.done("")


async def answer_a_complaint(hands: Hands, place: Installation) -> None:
    page = hands.page
    await page.goto(f"{place.url}/programs/job-ready/complaints")
    if await page.get_by_role("button", name="Take up").count():
        await hands.press(page.get_by_role("button", name="Take up").first)
        await hands.done("")
    if await page.locator("summary", has_text="Answer").count():  # there is one, which is answered once
        await hands.press(page.locator("summary", has_text="Answer").first)
        await hands.fill(page.locator("details[open] textarea").first, "We have told them the date")
        await hands.press(page.locator("details[open] form button").first)
        await hands.done("")


async def review_a_session(hands: Hands, place: Installation) -> None:
    page = hands.page
    await page.goto(f"{place.url}/programs/job-ready/quality")
    await hands.press(page.locator("tbody th a").first)
    await expect(page.get_by_role("button", name=re.compile("Take this review|Record the score"))).to_be_visible()
    if await page.get_by_role("button", name="Take this review").count():
        await hands.press(page.get_by_role("button", name="Take this review"))
        await expect(page.get_by_role("button", name="Record the score")).to_be_visible(timeout=_PATIENCE_MS)
    for choice in await page.locator("main select").all():
        await hands.choose_first(choice)
    await hands.fill(page.get_by_label("Notes"), "There is a date.")
    await hands.press(page.get_by_role("button", name="Record the score"))
    await page.wait_for_url("**/programs/job-ready/quality")


async def enroll_a_learner(hands: Hands, place: Installation) -> None:
    page = hands.page
    await page.goto(f"{place.url}/programs/job-ready/enrollment")
    if await page.locator("summary", has_text="Open enrollment").count():
        await hands.press(page.locator("summary", has_text="Open enrollment"))
        form = page.locator("details[open] form").first
        await hands.fill(form.get_by_label("Places"), "30")
        await hands.press(form.get_by_role("button"))
        await hands.done("")
    await hands.press(page.locator("summary", has_text="Enroll a learner"))
    form = page.locator("details[open] form").first
    for field in await form.locator("input[type=text]").all():
        name = await field.get_attribute("name") or ""
        await hands.fill(field, "zoe@example.org" if name == "email" else "Europe/Paris" if "zone" in name else "zoe")
    await hands.press(form.get_by_role("button"))
    await hands.done("")


async def ask_for_help_on_ones_own_page(hands: Hands, place: Installation) -> None:
    page = hands.page
    await page.goto(f"{place.url}{place.own_page_links()[0]}")
    await hands.press(page.get_by_role("link", name="Ask for help").first)
    await hands.fill(page.locator("main textarea").first, "My laptop broke")
    await hands.press(page.locator("main form button").first)
    await expect(page.get_by_role("link", name="Ask for help").first).to_be_visible(timeout=_PATIENCE_MS)


async def answer_a_survey(hands: Hands, place: Installation) -> None:
    page = hands.page
    for link in place.survey_links():
        await page.goto(f"{place.url}{link}")
        if await page.locator("form.asked").count():
            break
    for group in await page.get_by_role("group").all():
        await _tick(hands, group.get_by_role("radio").first)
    for words in await page.locator("form.asked textarea").all():
        await hands.fill(words, "More time for questions")
    await hands.press(page.get_by_role("button", name="Send my answers"))
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible(timeout=_PATIENCE_MS)


TASKS: tuple[Task, ...] = (
    correct_an_attendance,
    save_a_view_and_delete_it,
    make_a_proposal_and_decide_it,
    pin_a_match,
    plan_leave_of_a_mentor,
    pause_a_schedule_and_resume_it,
    answer_a_complaint,
    review_a_session,
    enroll_a_learner,
    ask_for_help_on_ones_own_page,
    answer_a_survey,
)


_OF_OTHERS: tuple[Task, ...] = (ask_for_help_on_ones_own_page, answer_a_survey)
"""What people do who have a link and are not logged in."""


@pytest.fixture(scope="module")
def place() -> Iterator[Installation]:
    with installation() as one:
        yield one


@pytest.mark.parametrize("way", list(_WAYS))
async def test_what_is_done_now_and_then(way: str, looking: Looking, place: Installation) -> None:
    kind, width, scripts = _WAYS[way]
    cookies, failed = place.logged_in(), {}
    for task in TASKS:
        own = {} if task in _OF_OTHERS else cookies
        async with looking.page(width, url=place.url, cookies=own, scripts=scripts) as page:
            page.set_default_timeout(_PATIENCE_MS)
            try:
                await task(kind(page), place)
            except (AssertionError, Error) as error:
                failed[task.__name__] = f"{page.url}: {error}"
    assert not failed, "\n\n".join(f"{name}: {says}" for name, says in failed.items())


async def _tick(hands: Hands, what: Locator) -> None:
    """With the mouse or the space bar."""
    if isinstance(hands, Keys):
        await hands.reach(what)
        await hands.page.keyboard.press("Space")
        hands.steps += 1
    else:
        await hands.press(what)


async def _day(hands: Hands, what: Locator, day: str) -> None:
    """The browser's own field has parts, in the order of its language."""
    if isinstance(hands, Keys):
        await hands.reach(what)
    await what.fill(day)
