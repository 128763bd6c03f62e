"""Fixtures that all tests may ask for by name."""

import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings  # early: inside the event loop its plugin ends in a SystemError
from hypothesis.internal.conjecture import providers

# What a test makes fail is logged with its traceback. The usual one, with every local variable, takes seconds to draw.
_PLAIN = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _PLAIN])

# The usual examples are the same each time: whoever changes one thing is not told of another that was found by chance.
# `HYPOTHESIS_PROFILE=thorough` looks by chance, for as long as it takes.
_BASE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
settings.register_profile("brief", _BASE, max_examples=100, derandomize=True)
settings.register_profile("thorough", _BASE, max_examples=10_000)
_PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "brief")
settings.load_profile(_PROFILE)
if _PROFILE == "brief":
    # Hypothesis tries the constants of all modules that are loaded, so that the examples would depend on which tests
    # the same process had run before.
    setattr(providers, "_get_local_constants", lambda: providers._local_constants)  # noqa: B010

# What is loaded stays to the end. To look through it again and again for garbage took half of the time of all tests.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
    gc.enable()


pytest.register_assert_rewrite("tests.support", "tests.domain.invariants")

pytest_plugins = ["tests.applications", "tests.databases", "tests.temporal", "tests.commands", "tests.offline"]


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """In the place of pytest's own, which each run of pytest that starts on this machine closes to other users: and as
    root, Postgres runs as one of those. Shorter, too: it has room for a socket.
    """
    with tempfile.TemporaryDirectory(prefix="trellis-test-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()
