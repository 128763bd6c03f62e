"""What can be done to many journeys, each with the form by which it is ordered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from channels.rendering import WORDS
from domain.ids import ProgramId
from domain.journey import COMMANDS
from domain.words import plain
from interfaces.http.pages.bulk.choosing import Chosen
from interfaces.http.pages.fields import Form, Option, form_of
from queries.mentors import mentors
from services.bulk import MoveAllToKit, ReassignAll, SendToAll, WriteToAll
from services.bulk.planning import Action
from store import kits
from store.database import Pool

_COMMANDS: Mapping[str, str] = {
    "pause": "Pause", "resume": "Resume", "check_in": "Record a check-in", "raise_risk_flag": "Raise a risk flag",
    "release_mentor": "Release the mentor", "withdraw": "Withdraw", "end_early": "End early",
}  # fmt: skip
"""Those that say the same for every journey."""
_GRAVE = frozenset({"withdraw", "end_early", "release_mentor"})
_OTHERS: Mapping[str, str] = {
    "message": "Write a message", "reassign": "Give another mentor", "move_to_kit": "Move to another version",
}  # fmt: skip
ACTIONS: Mapping[str, str] = {"message": _OTHERS["message"], **_COMMANDS, **_OTHERS}
_MOST_VERSIONS = 50
_MOST_MENTORS = 100


@dataclass(frozen=True, slots=True)
class Ordering:
    """An action and its form."""

    kind: type[BaseModel]
    form: Form
    missing: str = ""
    """Why it cannot be ordered for these journeys."""


async def ordering(pool: Pool, name: str, chosen: Chosen) -> Ordering:
    """`name` is one of ACTIONS."""
    address = f"/bulk?{chosen.query}&action={name}" if chosen.query else f"/bulk?action={name}"
    match name:
        case "message":
            return Ordering(WriteToAll, _message(address))
        case "reassign":
            return await _reassign(pool, address, chosen)
        case "move_to_kit":
            return await _move(pool, address, chosen)
        case _:
            kind = COMMANDS[name]
            made = form_of(kind, address, title=ACTIONS[name], button="See what it would do", grave=name in _GRAVE)
            return Ordering(kind, made)


def action_of(name: str, payload: Mapping[str, Any]) -> Action:
    """Raises ValidationError."""
    match name:
        case "message":
            return WriteToAll.model_validate({"action": "message", **payload})
        case "reassign":
            return ReassignAll.model_validate({"action": "reassign", **payload})
        case "move_to_kit":
            return MoveAllToKit.model_validate({"action": "move_to_kit", **payload})
        case _:
            fields = COMMANDS[name].model_validate(payload).model_dump(mode="json", exclude_unset=True)
            return SendToAll(action="command", command=name, fields=fields)


def _message(address: str) -> Form:
    words = ", ".join(f"{{{{ {one} }}}}" for one in ("name", "learner", "mentor", "program", "dates") if one in WORDS)
    form = form_of(
        WriteToAll,
        address,
        title=ACTIONS["message"],
        says=f"Everybody gets it by their own channel, outside their quiet hours. These words are filled in: {words}.",
        button="See what it would do",
        without=("action",),
    )
    return replace(
        form, fields=[replace(one, kind="lines", rows=6) if one.name == "text" else one for one in form.fields]
    )


async def _reassign(pool: Pool, address: str, chosen: Chosen) -> Ordering:
    program = chosen.filter.program
    found = await mentors(pool, ProgramId(program)) if program else []
    options = [Option(one.mentor, one.name or one.mentor) for one in found][:_MOST_MENTORS]
    form = form_of(
        ReassignAll,
        address,
        title=ACTIONS["reassign"],
        says="Each journey gets the first of these who has room, one after the other.",
        button="See what it would do",
        choices={"to": options},
        labels={"to": "Who takes over"},
        without=("action",),
    )
    missing = "" if options else _one_program("mentors who could take over")
    return Ordering(ReassignAll, form, missing)


async def _move(pool: Pool, address: str, chosen: Chosen) -> Ordering:
    program = chosen.filter.program
    found = await kits.versions(pool, program, _MOST_VERSIONS) if program else []
    form = form_of(
        MoveAllToKit,
        address,
        title=ACTIONS["move_to_kit"],
        button="See what it would do",
        choices={"to": [Option(one.version, one.version) for one in found]},
        labels={"to": "Version"},
        without=("action",),
    )
    return Ordering(MoveAllToKit, form, "" if found else _one_program("versions"))


def _one_program(what: str) -> str:
    return f"This takes journeys of one program: filter by a program that has {what}."


def named(kind: str, command: str | None) -> str:
    """An action that was planned, in words."""
    if command:
        return {**_COMMANDS, "send_message": _OTHERS["message"], "move_to_kit": _OTHERS["move_to_kit"]}.get(
            command, plain(command).capitalize()
        )
    return {"reassign": _OTHERS["reassign"], "start": "Start"}.get(kind, plain(kind).capitalize())
