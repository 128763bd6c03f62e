"""`trellis send`: give a journey a command."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from client.journeys import NoSuchJourney
from domain.ids import JourneyId
from interfaces.cli.connected import database, journeys
from interfaces.cli.payload import payload_of
from interfaces.cli.screen import out, print_json
from projections import board
from settings import Settings, load
from workflows.contract import Answer, Begin

_Journey = Annotated[str, typer.Argument(help="The journey, such as job-ready.l-01.")]
_Command = Annotated[str, typer.Argument(help="What is asked: pause, resume, review_intake, record_attendance ...")]
_JsonInput = Annotated[
    str | None, typer.Option("--json-input", "-i", help="The command's fields as a JSON object; - reads it from stdin.")
]
_Field = Annotated[
    list[str] | None,
    typer.Option("--field", "-f", help="One field: name=text, or name:=JSON. A dot goes inside: answers.goal=job."),
]
_By = Annotated[str | None, typer.Option(help="Who asks: ops, ops:ana, learner:l-17, mentor:m-3.")]
_Signal = Annotated[
    bool, typer.Option("--signal", help="Do not wait for the answer. A refusal then shows on the timeline.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


def send(
    journey: _Journey,
    command: _Command,
    *,
    json_input: _JsonInput = None,
    field: _Field = None,
    by: _By = None,
    signal: _Signal = False,
    json: _Json = False,
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
        out().print("sent; what comes of it shows on the timeline")
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
        out().print("nothing to do: it had been obeyed before")
        return
    events = ", ".join(one.removeprefix("journey.").replace("_", " ") for one in answer.events)
    stage = "closed" if answer.stage == "closed" else f"in {answer.stage.replace('_', '-')}"
    out().print(f"recorded: {events}. The journey is {stage}, at version {answer.version}")
