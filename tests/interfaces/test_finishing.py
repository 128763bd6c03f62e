"""What `trellis up` does once everything runs: whatever it finds, it says so and goes on."""

from io import StringIO

import asyncpg
import pytest
from rich.console import Console

from interfaces.cli import finishing
from interfaces.cli.screen import Steps
from projections.generations import create
from projections.registry import PROJECTIONS
from projections.runner import catch_up
from runtime.local import Servers
from settings import Settings

pytestmark = pytest.mark.usefixtures("own_folder")


async def finished(dsn: str) -> str:
    """What it says, beside a Temporal that is away."""
    settings = Settings(database_url=dsn, temporal_address="127.0.0.1:1", sample=False)
    console = Console(file=StringIO(), width=300)
    await finishing.finish(Steps(console), settings, Servers(settings), console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


async def test_a_temporal_that_is_away_hides_nothing(dsn: str) -> None:
    await catch_up(dsn)
    said = await finished(dsn)
    assert "✓ Views        up to date" in said
    assert "✗ Journeys     failed; to try again: trellis revive: UnreachableError" in said
    assert "Ctrl-C stops everything" in said


async def test_a_view_that_is_being_built_is_shown_and_one_that_stands_still_is_not_waited_for(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interfaces.cli.finishing._STANDSTILL_SECONDS", 0.3)
    monkeypatch.setattr("interfaces.cli.finishing._TELL_SECONDS", 0.0)
    await catch_up(dsn)
    connection = await asyncpg.connect(dsn)
    try:
        built = await create(connection, PROJECTIONS["board"], "building")
        await connection.execute(
            """
            insert into trellis.slices (name, generation, slice, slices, target, events, done)
            values ($1, $2, 0, 1, 100, 100, 42)
            """,
            *(built.name, built.generation),
        )
    finally:
        await connection.close()
    said = await finished(dsn)
    assert "Views are being rebuilt: board: 42 of 100 events" in said
    assert "✗ Views        board is not rebuilt yet and makes no progress" in said
    assert "Ctrl-C stops everything" in said
