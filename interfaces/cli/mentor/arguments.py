"""What the commands about one mentor share: their arguments, and carrying out what changes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import typer

from domain.ids import MentorId
from domain.mentor import MentorCommand
from domain.values import Frozen
from interfaces.cli.connected import database
from interfaces.cli.payload import checked
from interfaces.cli.screen import out, print_json
from queries.mentor_words import changes_in_words
from services import mentors
from settings import Settings

Command = TypeVar("Command", bound=Frozen)

TheMentor = Annotated[str, typer.Argument(metavar="MENTOR", help="The mentor's id.")]


def command_of(kind: type[Command], **fields: Any) -> Command:
    """Raises BadCommandError."""
    return checked("mentor", kind, fields)


async def carry_out(settings: Settings, commands: Sequence[MentorCommand], by: str) -> tuple[str, ...]:
    """What has changed, in words. Raises NoSuchMentor, Rejected."""
    async with database(settings) as pool:
        done = await mentors.change(pool, commands, datetime.now(UTC), by)
        return tuple(changes_in_words(done.before.state, done.events))


def say(mentor: str, changes: Sequence[str], *, json: bool) -> None:
    if json:
        print_json({"mentor": MentorId(mentor), "changes": changes})
    elif changes:
        for one in changes:
            out().print(f"{mentor}: {one}", markup=False, soft_wrap=True)
    else:
        out().print("Nothing changed: this was already so.")
