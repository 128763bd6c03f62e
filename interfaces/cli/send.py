"""`trellis send`: give a journey a command."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from client.api.calls import Call, headers, json_body, path
from client.api.models import CommandResult, Preview
from domain.ids import JourneyId
from interfaces.cli import completing
from interfaces.cli.address import is_remote
from interfaces.cli.answers import print_answer
from interfaces.cli.connected import database, journeys
from interfaces.cli.options import Journey, Json
from interfaces.cli.payload import BadCommandError, known_command, payload_of
from interfaces.cli.previewing import preview_in_words
from interfaces.cli.reaching import api
from interfaces.cli.screen import out, print_json
from services.sending import signal as signal_journey
from settings import Settings, load

_Command = Annotated[
    str,
    typer.Argument(
        help="The command, such as pause or record_attendance. `trellis commands` lists them all.",
        autocompletion=completing.commands,
    ),
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
_IfVersion = Annotated[
    int | None,
    typer.Option(min=0, help="Refuse the command if the journey is no longer at this version, as `status` shows it."),
]
_Signal = Annotated[
    bool,
    typer.Option("--signal", help="Send a signal and do not wait for the result. A refusal is shown on the timeline."),
]

_DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what the command would bring about, and change nothing.")]


def send(
    journey: Journey,
    command: _Command,
    *,
    json_input: _JsonInput = None,
    field: _Field = None,
    by: _By = None,
    if_version: _IfVersion = None,
    signal: _Signal = False,
    dry_run: _DryRun = False,
    json: Json = False,
) -> None:
    """Send a command to a journey and print the result.

    The result is printed once it is recorded. Exit code 1: the journey refused the command, and nothing changed. Exit
    code 2: the command is invalid, and nothing was sent.
    """
    name, payload = known_command(command), payload_of(command, json_input, field or [], by)
    if dry_run:
        _preview(journey, name, payload, json=json)
        return
    if signal:
        asyncio.run(_signal(load(), JourneyId(journey), name, payload))
        print_json({"sent": True}) if json else out().print("Sent. The result will be on the timeline.")
        return
    call = Call(
        "POST",
        path("/v1/journeys/{journey}/commands/{name}", journey=journey, name=name),
        **json_body(payload, headers(if_match=if_version, keyed=True)),
    )
    with api() as trellis:
        answer = CommandResult.from_json(trellis.send(call))
    if json:
        print_answer(answer)
    else:
        _say(answer)


def _preview(journey: str, name: str, payload: Mapping[str, Any], *, json: bool) -> None:
    call = Call(
        "POST",
        path("/v1/journeys/{journey}/previews/{command}", journey=journey, command=name),
        **json_body(payload, headers()),
    )
    with api() as trellis:
        found = Preview.from_json(trellis.send(call))
    if json:
        print_answer(found)
        return
    lines = "\n".join(preview_in_words(found)) or "Nothing would change: this command has been handled before."
    out().print(lines, soft_wrap=True, markup=False, highlight=False)


async def _signal(settings: Settings, journey: JourneyId, command: str, payload: Mapping[str, Any]) -> None:
    if is_remote():
        raise BadCommandError(
            "--signal sends to Temporal itself, which is not reached by TRELLIS_URL. Leave it out to send the command "
            "over HTTP."
        )
    async with database(settings) as pool:
        await signal_journey(pool, await journeys(settings), journey, command, payload)


def _say(answer: CommandResult) -> None:
    if not answer.events:
        out().print("Nothing changed: this command had already been handled.")
        return
    events = ", ".join(one.removeprefix("journey.").replace("_", " ") for one in answer.events)
    stage = "closed" if answer.stage == "closed" else f"in {answer.stage.replace('_', '-')}"
    out().print(f"Recorded: {events}. The journey is {stage}, at version {answer.version}.")
