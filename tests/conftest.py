"""Fixtures that all tests may ask for by name."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis  # noqa: F401 - imported late, inside the event loop, its plugin ends in a SystemError
import pytest
import structlog

# What a test makes fail is logged with its traceback. The usual one, with every local variable, takes seconds to draw.
_PLAIN = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _PLAIN])

pytest.register_assert_rewrite("tests.support", "tests.domain.invariants")

pytest_plugins = ["tests.applications", "tests.databases", "tests.temporal", "tests.commands", "tests.offline"]


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """In the place of pytest's own, which each run of pytest that starts on this machine closes to other users: and as
    root, Postgres runs as one of those. Shorter, too: it has room for a socket.
    """
    with tempfile.TemporaryDirectory(prefix="trellis-test-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()
