"""The ten daily tasks of ops, each in at most four steps from the start page: with scripts and without, on a desktop
and a phone, with a mouse and with the keyboard alone. `make console` does all of them in all ways."""

import os
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Error
from temporalio.testing import WorkflowEnvironment

from store.database import Pool
from tests.browser.daily.hands import Hands, Keys, Kind
from tests.browser.daily.tasks import TASKS, Task
from tests.browser.daily.world import World, world
from tests.browser.looking import DESKTOP, PHONE, Looking

_MOST_STEPS = 4
_PATIENCE_MS = 30_000
_WAYS: dict[str, tuple[Kind, int, bool]] = {
    "mouse": (Hands, DESKTOP, True),
    "keyboard": (Keys, DESKTOP, True),
    "phone": (Hands, PHONE, True),
    "without scripts": (Hands, PHONE, False),
}
"""Whose hands, how wide, and whether scripts run."""
_CHOSEN = [one for one in os.environ.get("TRELLIS_DAILY_WAYS", "").split(",") if one]


@pytest.fixture
async def monday(pool: Pool, dsn: str, temporal: WorkflowEnvironment) -> AsyncIterator[World]:
    async with world(pool, dsn, temporal) as found:
        yield found


@pytest.mark.skipif(not _CHOSEN, reason="make console runs it")
@pytest.mark.parametrize("way", _CHOSEN or ["none"])
async def test_each_daily_task_takes_four_steps_at_most(way: str, looking: Looking, monday: World) -> None:
    failed = {}
    for task in TASKS:
        try:
            await _do(task, way, looking, monday)
        except (AssertionError, Error) as error:
            failed[task.__name__] = str(error)
    assert not failed, "\n\n".join(f"{name}: {says}" for name, says in failed.items())


async def _do(task: Task, way: str, looking: Looking, monday: World) -> None:
    kind, width, scripts = _WAYS[way]
    async with looking.page(width, url=monday.url, cookies=monday.site.cookies, scripts=scripts) as page:
        page.set_default_timeout(_PATIENCE_MS)
        await page.goto(monday.url)
        hands = kind(page)
        await task(hands, monday)
        assert hands.steps <= _MOST_STEPS, f"{task.__name__}: {hands.steps} steps"
        await looking.over(page)
