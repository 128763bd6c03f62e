"""The histories of released versions, replayed: a worker of today goes on with what a worker of then began.

`python -m tests.workflows.test_replay` records the histories of the version in pyproject.toml, into tests/histories.
Files of released versions are never changed; a change that cannot replay them is made behind `workflow.patched`.
"""

import asyncio
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from domain.ids import JourneyId, KitDigest
from domain.kit import Kit
from runtime import ending
from runtime.embedded.postgres import PostgresServer
from runtime.embedded.time_skipping import time_skipping_server
from runtime.exits import Exit
from store.database import Pool, migrate, open_pool
from store.kits import parse
from tests.support.histories import FOLDER, PROGRAMS, version, without_the_machine
from tests.support.rehearsed import play
from tests.temporal import Running, worker_on
from tests.upgrades import files as installations
from tests.workflows.kits import SMALL
from workflows.contract import SEARCH_ATTRIBUTES
from workflows.detecting import Detecting
from workflows.learner_journey import LearnerJourney
from workflows.monthly_review import MonthlyReview
from workflows.notification import DeliverMessage
from workflows.pinned_kits import journey_converter
from workflows.pulses import Pulses
from workflows.quality_round import QaRound
from workflows.survey import Survey

FILES = sorted(FOLDER.glob("*.json"))
INSTALLATIONS = installations.VERSIONS
RUNS = 3
"""How many runs of the journey that begins anew after every order are kept: each begins in the same way."""


def histories(file: Path) -> Iterator[WorkflowHistory]:
    for nth, history in enumerate(json.loads(file.read_text())):
        yield WorkflowHistory.from_json(f"{file.stem}-{nth}", history)


def test_there_are_histories_of_thisversion() -> None:
    assert any(file.stem.startswith(version()) for file in FILES), "run python -m tests.workflows.test_replay"


@pytest.mark.parametrize("version", INSTALLATIONS)
async def test_the_histories_of_an_installation_replay(version: str) -> None:
    """Richer ones: offers, sessions, milestones, cases, ways on, pauses, moves to another kit, many runs, messages.

    Of e9d146a only the shorter ones are kept: rules of the domain were changed after it, before there was this test.
    """
    bodies = installations.kits(version)

    async def kit_of_then(digest: KitDigest) -> Kit:
        return parse(bodies[digest])

    replayer = Replayer(
        workflows=[LearnerJourney, DeliverMessage],
        data_converter=journey_converter(kit_of_then),
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    kept = list(installations.histories(version))
    assert kept
    for history in kept:
        await replayer.replay_workflow(history)


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
async def test_a_history_of_then_replays_with_the_code_of_now(file: Path) -> None:
    replayer = Replayer(
        workflows=[LearnerJourney],
        data_converter=journey_converter(_kit_of_then),
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    for history in histories(file):
        await replayer.replay_workflow(history)


@pytest.mark.parametrize("file", sorted(PROGRAMS.glob("*.json")), ids=lambda file: file.stem)
async def test_a_workflow_of_a_program_replays_with_the_code_of_now(file: Path) -> None:
    """Surveys asked, reminded, answered and expired; pulses; rounds of reviews; looks for findings; drafts of reviews.

    `TRELLIS_RECORD_HISTORIES=1 pytest tests/workflows/test_survey.py …` records those of the tests that it runs.
    """
    replayer = Replayer(
        workflows=[Survey, Pulses, QaRound, Detecting, MonthlyReview],
        data_converter=journey_converter(_kit_of_then),
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    for history in histories(file):
        await replayer.replay_workflow(history)


async def _kit_of_then(digest: KitDigest) -> Kit:
    """Histories name their kits by digest; those of the tests' own program are kept beside them."""
    return parse((FOLDER / "kits" / f"{digest}.json").read_text())


async def record() -> None:
    """Plays the story once in one run, and once with a new run after every order; and keeps what Temporal kept."""

    with tempfile.TemporaryDirectory(prefix="trellis-histories-") as folder:
        server = PostgresServer(Path(folder), durable=False)
        await server.start()
        try:
            await server.create_database("histories")
            await migrate(server.dsn("histories"))
            pool = await open_pool(server.dsn("histories"))
            async with time_skipping_server(search_attributes=SEARCH_ATTRIBUTES, manual=True) as environment:
                await _record(environment, pool)
            pool.terminate()
        finally:
            await server.stop()


async def _record(environment: WorkflowEnvironment, pool: Pool) -> None:
    kits = FOLDER / "kits"
    kits.mkdir(parents=True, exist_ok=True)
    (kits / f"{SMALL.digest}.json").write_text(SMALL.model_dump_json(indent=1) + "\n")
    async with worker_on(environment, pool, f"journeys-{uuid4()}") as running:
        for name, continue_after in (("one-run", 500), ("new-runs", 1)):
            journey = JourneyId(f"small.{name}")
            await play(running, journey, continue_after)
            await _keep(running, journey, FOLDER / f"{version()}-{name}.json")


async def _keep(running: Running, journey: JourneyId, file: Path) -> None:
    client = running.environment.client
    runs = [one async for one in client.list_workflows(f"WorkflowId = '{journey}'")]
    oldest_first = sorted(runs, key=lambda one: one.start_time)[:RUNS]
    kept: list[Any] = [
        without_the_machine(
            (await client.get_workflow_handle(journey, run_id=one.run_id).fetch_history()).to_json_dict()
        )
        for one in oldest_first
    ]
    await asyncio.to_thread(file.write_text, json.dumps(kept, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    asyncio.run(record())
    ending.leave(Exit.OK)
