"""What the commands about one mentor share: their argument, and what they say."""

from typing import Annotated

import typer

from client.api.models import MentorChanged
from interfaces.cli.screen import out, print_json

TheMentor = Annotated[str, typer.Argument(metavar="MENTOR", help="The mentor's id.")]


def say(done: MentorChanged, *, json: bool) -> None:
    """What has changed, in words."""
    if json:
        print_json({"mentor": done.mentor, "changes": done.changes})
    elif done.changes:
        for one in done.changes:
            out().print(f"{done.mentor}: {one}", markup=False, soft_wrap=True)
    else:
        out().print("Nothing changed: this was already so.")
