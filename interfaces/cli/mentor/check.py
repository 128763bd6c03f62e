"""`trellis mentor check`: what was verified about a mentor, and until when it counts."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from domain.ids import MentorId
from domain.mentor.checks import RecordCheck, WithdrawCheck
from interfaces.cli.days import plausible
from interfaces.cli.mentor.arguments import TheMentor, carry_out, command_of, say
from interfaces.cli.options import By, Json
from settings import load

_Check = Annotated[str, typer.Argument(metavar="CHECK", help="What was checked, such as background or safeguarding.")]
_Until = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], callback=plausible, help="The last day on which it counts. Default: it does not expire."
    ),
]


def check(
    mentor: TheMentor,
    check: _Check,
    *,
    until: _Until = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="The check does not count any longer.")] = False,
    by: By = "ops",
    json: Json = False,
) -> None:
    """Record a check of a mentor, such as `background`, or withdraw it.

    Recording it again with another day renews it.
    """
    if withdraw and until:
        raise typer.BadParameter("Give either --until or --withdraw.")
    command = (
        command_of(WithdrawCheck, mentor=mentor, check=check, by=by)
        if withdraw
        else command_of(RecordCheck, mentor=mentor, check=check, valid_until=until.date() if until else None, by=by)
    )
    say(MentorId(mentor), asyncio.run(carry_out(load(), (command,), by)), json=json)
