"""A real browser, and a real service for it to look at."""

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import async_playwright
from temporalio.testing import WorkflowEnvironment

from services import log_ins
from services.keys import Keyring
from store.database import Pool
from tests.browser.looking import AXE, Looking
from tests.browser.site import Site
from tests.interfaces.calling import key_of
from tests.interfaces.conftest import three_journeys
from tests.interfaces.serving import serving

__all__ = ["three_journeys"]
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
async def looking() -> AsyncIterator[Looking]:
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium")
    if not AXE.exists():
        pytest.skip("axe-core is not installed; run `npm ci --prefix tests/browser --ignore-scripts`")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program)
        try:
            yield await Looking.with_(browser)
        finally:
            await browser.close()


@pytest.fixture
async def site(pool: Pool, temporal: WorkflowEnvironment) -> AsyncIterator[Site]:
    """The service, and a browser's cookie of ops."""
    async with serving(pool, temporal) as url:
        session = await log_ins.by_key(pool, Keyring(pool), await key_of(pool, "ops"))
        assert session
        yield Site(url, {f"trellis-{url.rpartition(':')[2]}": session.token})
