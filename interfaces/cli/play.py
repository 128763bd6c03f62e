"""`trellis play`: a whole scenario on real servers, its months in minutes."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from domain.words import plain
from interfaces.cli.boards import board_table
from interfaces.cli.options import Json
from interfaces.cli.screen import complain, err, out, print_json
from kits.problems import BadFileError
from runtime import logs
from runtime.embedded.private import private_umask
from runtime.exits import Exit
from scenarios.folders import play_folder
from scenarios.format import Scenario
from scenarios.playing import Player
from scenarios.program_activities import Surroundings
from scenarios.reading import read_scenario
from scenarios.rehearsing import PlayResult, rehearse
from scenarios.servers import servers
from settings import Settings, load

_LOOK_SECONDS = 0.2
_BOARD_ROWS = 20
_SHOWN = 10

_Folder = Annotated[Path, typer.Argument(help="The folder with the scenario. docs/scenarios.md describes its files.")]
_AtOnce = Annotated[int, typer.Option(min=1, max=500, help="The number of journeys played at the same time.")]
_Keep = Annotated[bool, typer.Option("--keep", help="Keep the log and the views for later inspection.")]


def play(scenario: _Folder, at_once: _AtOnce = 32, keep: _Keep = False, json: Json = False) -> None:
    """Play a scenario in fast motion and show the final board.

    Runs on servers of its own: a Temporal server whose clocks skip waiting times, and a Postgres. Nothing else on
    this machine is affected. Exit code 1: a result differs from what the scenario expects.
    """
    settings = load()
    logs.configure(log_format=settings.log_format, level="warning")  # stdout is for the result
    try:
        story = read_scenario(scenario)
    except BadFileError as error:
        complain(error)
        raise typer.Exit(Exit.BAD_INPUT) from None
    with private_umask():
        played, folder = asyncio.run(_play(story, settings, at_once, keep))
    if json:
        print_json(_facts(played) | {"board": played.board})
    else:
        _show(story, played)
    if keep:
        err().print(
            f"The log and the views are kept. To look at them: TRELLIS_DATA_FOLDER={folder} trellis up", soft_wrap=True
        )
    if played.differences_from_expected:
        raise typer.Exit(Exit.FAILED)


async def _play(story: Scenario, settings: Settings, at_once: int, keep: bool) -> tuple[PlayResult, Path]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = err()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("starting Postgres, Temporal and a worker", total=None)
        async with (
            play_folder(settings.data_folder, story.kit.program, keep=keep, tell=console.print) as folder,
            servers(folder, console.print) as on,
        ):
            around = Surroundings(on.environment.client, on.pool, on.dsn)
            player = Player(story, on.environment, on.pool, around)
            showing = asyncio.create_task(_show_progress(story, player, progress, bar))
            try:
                return await rehearse(player, on, at_once), folder
            finally:
                showing.cancel()


async def _show_progress(story: Scenario, player: Player, progress: Progress, bar: TaskID) -> None:
    journeys, commands = len(story.scripts), sum(len(script.steps) for script in story.scripts)
    while True:
        said = f"{player.tally.ended:,} of {journeys:,} journeys; commands"
        progress.update(bar, description=said, total=commands, completed=player.tally.commands)
        await asyncio.sleep(_LOOK_SECONDS)


def _facts(played: PlayResult) -> dict[str, Any]:
    return {
        "journeys": played.journeys,
        "ended": played.ended,
        "commands": played.commands,
        "events": played.events,
        "seconds": round(played.seconds, 2),
        "commands_a_second": round(played.commands_a_second, 1),
        "worker_restarts": played.worker_restarts,
        "refusals": played.refusals,
        "disagreements": played.differences_from_expected,
    }


def _show(story: Scenario, played: PlayResult) -> None:
    console = out()
    everybody = (*story.learners, *(one.person for one in story.mentors))
    people = {one.person_id: one.name for one in everybody}
    console.print(board_table(played.board[:_BOARD_ROWS], people, played.last_moment))
    if len(played.board) > _BOARD_ROWS:
        console.print(f"[dim]and {len(played.board) - _BOARD_ROWS:,} more; --json lists them all[/]")
    endings = Counter(plain(row.ending or row.stage) for row in played.board)
    console.print(f"\n{played.journeys:,} journeys: " + ", ".join(f"{n:,} {name}" for name, n in endings.most_common()))
    console.print(
        f"{played.commands:,} commands, {played.events:,} events in {played.seconds:.1f} s: "
        f"{played.commands_a_second:.0f} commands and {played.events / played.seconds:.0f} events a second"
    )
    _list(console, [str(one) for one in played.refusals], "commands refused:", "No command was refused.")
    if expected := len(story.expected):
        fine = f"All {expected:,} journeys ended as the scenario expects."
        _list(console, played.differences_from_expected, "results differ from what the scenario expects:", fine)


def _list(console: Console, lines: Sequence[str], what: str, none: str) -> None:
    console.print(f"[yellow]{len(lines):,} {what}[/]" if lines else none)
    for line in lines[:_SHOWN]:
        console.print(f"  {line}", markup=False, soft_wrap=True)
    if len(lines) > _SHOWN:
        console.print(f"  and {len(lines) - _SHOWN:,} more; --json lists them all")
