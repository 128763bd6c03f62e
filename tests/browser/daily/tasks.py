"""The ten things that ops do every day, each from the start page."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from playwright.async_api import expect

from tests.browser.daily.hands import Hands
from tests.browser.daily.world import PROGRAM, World

_MS = 30_000
Task = Callable[[Hands, World], Awaitable[None]]


async def review_an_intake(hands: Hands, _: World) -> None:
    page = hands.page
    await hands.press(page.locator("#intakes").get_by_role("link", name="Review").first)
    await hands.press(page.get_by_role("button", name="Approve", exact=True))
    await hands.done("")


async def match(hands: Hands, _: World) -> None:
    page = hands.page
    await hands.press(page.locator("#matches").get_by_role("link", name="Choose a mentor").first)
    await hands.choose_first(page.get_by_label("Mentor", exact=True))
    await hands.press(page.locator("main").get_by_role("button", name="Propose a mentor"))
    await hands.done("")


async def take_attendance_for_a_cohort(hands: Hands, _: World) -> None:
    page = hands.page
    await hands.press(page.get_by_role("link", name="Cohorts", exact=True))
    await hands.press(page.locator("tbody tr", has_text="attendance to be recorded").get_by_role("link").first)
    await hands.press(page.locator("main").get_by_role("button").first)
    await hands.done("")


async def resolve_a_case(hands: Hands, _: World) -> None:
    page = hands.page
    row = page.locator("#cases li").first
    await hands.press(row.locator("summary").first)
    await hands.fill(row.get_by_label("What was done about it"), "We talked on the telephone")
    await hands.press(row.get_by_role("button", name="Resolve the case"))
    await hands.done("")


async def move_a_session(hands: Hands, _: World) -> None:
    page = hands.page
    field = page.get_by_label("Find a person, a journey or a page")
    await hands.fill(field, "move daniel")
    await hands.send(field)
    then = datetime.now(UTC) + timedelta(days=6)
    await hands.fill(page.get_by_label("New time"), f"{then:%Y-%m-%dT%H:00}")
    await hands.press(page.locator("main").get_by_role("button").first)
    await hands.done("")


async def pause(hands: Hands, _: World) -> None:
    page = hands.page
    field = page.get_by_label("Find a person, a journey or a page")
    await hands.fill(field, "pause elif")
    await hands.send(field)
    await hands.fill(page.get_by_label("Reason"), "Exams until Easter")
    await hands.press(page.locator("main").get_by_role("button", name="Pause"))
    await hands.done("")


async def remind_many(hands: Hands, _: World) -> None:
    page = hands.page
    await hands.press(page.locator("#reminders a").first)
    await hands.press(page.get_by_role("button", name="See what it would do"))
    await hands.press(page.locator("main").get_by_role("button", name="Do it for"))
    await hands.done("It has begun")


async def find_why_there_was_no_reminder(hands: Hands, _: World) -> None:
    page = hands.page
    field = page.get_by_label("Find a person, a journey or a page")
    await hands.fill(field, "why wen")
    await hands.send(field)
    rules = page.locator("#rules")
    assert "reminder" in (await rules.inner_text()).lower()


async def migrate_a_version(hands: Hands, _: World) -> None:
    page = hands.page
    field = page.get_by_label("Find a person, a journey or a page")
    await hands.fill(field, "job ready versions")
    await hands.send(field)
    await hands.press(page.locator("main").get_by_role("button").first)
    await hands.done("Nothing is moved yet")
    await hands.press(page.locator("main").get_by_role("button").first)
    await hands.done("")


async def release_the_monthly_review(hands: Hands, world: World) -> None:
    page = hands.page
    await hands.press(page.locator("#decisions").get_by_role("link", name="Read and release"))
    await page.wait_for_url(f"**/programs/{PROGRAM}/reviews/{world.month}*")
    await hands.press(page.locator("main").get_by_role("button", name="Release"))
    await expect(page.get_by_role("heading", name="What will happen")).to_be_visible(timeout=_MS)
    await hands.press(page.locator("main").get_by_role("button", name="Release"))
    await hands.done("")


TASKS: tuple[Task, ...] = (
    remind_many,
    review_an_intake,
    match,
    take_attendance_for_a_cohort,
    resolve_a_case,
    move_a_session,
    pause,
    find_why_there_was_no_reminder,
    migrate_a_version,
    release_the_monthly_review,
)
