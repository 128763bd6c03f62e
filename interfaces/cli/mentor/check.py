"""`trellis mentor check`: what was verified about a mentor, and until when it counts."""

from datetime import datetime
from typing import Annotated

import typer

from interfaces.cli.days import plausible
from interfaces.cli.mentor.arguments import TheMentor, say
from interfaces.cli.options import By, Json
from interfaces.cli.reaching import api

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
    last_day = until.date() if until else None
    with api() as trellis:
        done = (
            trellis.withdraw_check(mentor, check, by=by)
            if withdraw
            else trellis.record_check(mentor, check, valid_until=last_day, by=by)
        )
    say(done, json=json)
