"""`trellis send`: give a journey a command."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from client.journeys import NoSuchJourney
from domain.ids import JourneyId
from interfaces.cli.connected import database, journeys
from interfaces.cli.options import Journey, Json
from interfaces.cli.payload import payload_of
from interfaces.cli.screen import out, print_json
from projections.views import board
from settings import Settings, load
from workflows.contract import Answer, Begin

_Command = Annotated[
    str, typer.Argument(help="The command, such as pause or record_attendance. `trellis commands` lists them all.")
]
_JsonInput = Annotated[
    str | None,
    typer.Option("--json-input", "-i", help="The fields as a JSON object. Use - to read it from standard input."),
]
_Field = Annotated[
    list[str] | None,
    typer.Option(
        "--field", "-f", help="A field: name=text or name:=JSON. Use dots for nested fields: answers.goal=job."
    ),
]
_By = Annotated[
    str | None, typer.Option(help="Who gives the command, such as ops, ops:ana, learner:l-17, or mentor:m-3.")
]
_Signal = Annotated[
    bool,
    typer.Option("--signal", help="Send a signal and do not wait for the result. A refusal is shown on the timeline."),
]


def send(
    journey: Journey,
    command: _Command,
    *,
    json_input: _JsonInput = None,
    field: _Field = None,
    by: _By = None,
    signal: _Signal = False,
    json: Json = False,
) -> None:
    """Send a command to a journey and print the result.

    The result is printed once it is recorded. Exit code 1: the journey refused the command, and nothing changed. Exit
    code 2: the command is invalid, and nothing was sent.
    """
    payload = payload_of(command, json_input, field or [], by)
    answer = asyncio.run(_send(load(), JourneyId(journey), command.replace("-", "_"), payload, signal=signal))
    if json:
        print_json(answer or {"sent": True})
    elif answer is None:
        out().print("Sent. The result will be on the timeline.")
    else:
        _say(answer)


async def _send(
    settings: Settings, journey: JourneyId, command: str, payload: Mapping[str, Any], *, signal: bool
) -> Answer | None:
    client = await journeys(settings)
    try:
        if not signal:
            return await client.send(journey, command, payload)
        await client.signal(journey, command, payload)
    except NoSuchJourney:
        begin = await _from_the_log(settings, journey)
        if begin is None:
            raise
        if not signal:
            return await client.begin_and_send(begin, command, payload, journey)
        await client.begin(begin, journey)
        await client.signal(journey, command, payload)
    return None


async def _from_the_log(settings: Settings, journey: JourneyId) -> Begin | None:
    """How a journey that closed, or that Temporal lost, is taken up again."""
    async with database(settings) as pool:
        row = await board.one(pool, journey)
    return Begin(program=row.program, learner=row.learner) if row else None


def _say(answer: Answer) -> None:
    if not answer.events:
        out().print("Nothing changed: this command had already been handled.")
        return
    events = ", ".join(one.removeprefix("journey.").replace("_", " ") for one in answer.events)
    stage = "closed" if answer.stage == "closed" else f"in {answer.stage.replace('_', '-')}"
    out().print(f"Recorded: {events}. The journey is {stage}, at version {answer.version}.")
