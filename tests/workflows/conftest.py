"""Records the histories of workflows of programs while their tests run: `TRELLIS_RECORD_HISTORIES=1 pytest …`."""

import json
import os
from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.support.histories import PROGRAMS, recorded_as, version

_RECORD = "TRELLIS_RECORD_HISTORIES"


@pytest.fixture(autouse=True)
async def _histories(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Of all tests that are run then, a file for each kind of workflow. A file of a release is never written again:
    before the first test of another version runs, the version in pyproject.toml is another one."""
    if _RECORD not in os.environ or "temporal" not in request.fixturenames:
        yield
        return
    temporal: WorkflowEnvironment = request.getfixturevalue("temporal")
    yield
    PROGRAMS.mkdir(exist_ok=True)
    for kind, histories in (await recorded_as(temporal.client)).items():
        file = PROGRAMS / f"{version()}-{kind}.json"
        file.write_text(json.dumps(histories, indent=1, sort_keys=True) + "\n")
