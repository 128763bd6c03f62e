"""The options that all bulk actions have: which journeys, how fast, and how a dry run is confirmed."""

import inspect
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from typing import Annotated, Any

import typer

from client.api import models
from interfaces.cli.bulk_shown import say_plan
from interfaces.cli.options import By, Json
from interfaces.cli.payload import BadCommandError
from interfaces.cli.screen import err, out

USUAL_RATE, USUAL_RATE_OF_STARTS = 20.0, 50.0
SLOWEST, FASTEST = 0.1, 200.0
_FILTERS = (
    *("program", "stage", "segment", "waiting_for", "waiting_on", "mentor", "learner", "attention"),
    *("pathway", "cohort", "flag"),
    *("paused", "open", "overdue"),
)
_TRUTHS = frozenset({"paused", "open", "overdue"})

_Filter = Annotated[
    list[str],
    typer.Option(
        "--filter",
        "-w",
        help="Only these journeys, such as program=job-ready, stage=sessions, mentor=m-3, waiting_on=mentor, "
        "attention=critical, paused=true, or overdue=true. Can be given more than once; all must hold.",
    ),
]
_Rate = Annotated[float, typer.Option(min=SLOWEST, max=FASTEST, help="How many journeys a second.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")]
_Yes = Annotated[
    str | None, typer.Option("--yes", metavar="DIGEST", help="Do not ask: carry out the dry run with this digest.")
]
_Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until it is over, or only begin it.")]


_Command = Callable[..., None]


class NotConfirmedError(BadCommandError):
    """What was to be done was not confirmed. Nothing was done."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a bulk action is done: at what rate and in whose name, whether to ask and to wait, and how to say it."""

    rate: float
    by: str
    dry_run: bool
    yes: str | None
    wait: bool
    json: bool
    filters: Sequence[str] = ()

    def confirmed(self, planned: models.BulkPlan) -> bool:
        """Shows the plan. False: it was a dry run. Raises NotConfirmedError."""
        if self.yes is not None:
            if self.yes != planned.digest:
                raise NotConfirmedError(
                    "the digest is not that of this dry run; nothing was done. Make the dry run again"
                )
            return True
        if self.dry_run:
            return False
        say_plan(planned, err() if self.json else out())
        if not sys.stdin.isatty():
            raise NotConfirmedError("nothing was done: confirm it with --yes and the digest of a --dry-run")
        typed = typer.prompt(f"To do this, type the number of journeys ({planned.journeys})", default="", err=True)
        if typed.strip().replace(",", "") != str(planned.journeys):
            raise NotConfirmedError("that is not the number of journeys; nothing was done")
        return True

    def selection(self) -> models.BulkFilter:
        """Raises BadCommandError."""
        return models.BulkFilter(**_selection(self.filters))


def in_bulk(rate: float = USUAL_RATE, *, filtered: bool = True) -> Callable[[_Command], _Command]:
    """Gives a command these options; it takes them together, as `way`. `filtered`: it is for existing journeys."""

    def with_options(command: _Command) -> _Command:
        own = inspect.signature(command)
        shared = _options(rate, filtered=filtered)

        @wraps(command)
        def run(**given: Any) -> None:
            way = Way(**{one.name: given.pop(one.name) for one in shared})
            command(**given, way=way)

        parameters = [one for one in own.parameters.values() if one.name != "way"]
        # Typer reads the options off the signature.
        run.__signature__ = own.replace(parameters=[*parameters, *shared])  # type: ignore[attr-defined]
        return run

    return with_options


def _options(rate: float, *, filtered: bool) -> list[inspect.Parameter]:
    options: dict[str, tuple[Any, Any]] = {
        "filters": (_Filter, inspect.Parameter.empty),
        "rate": (_Rate, rate),
        "by": (By, "ops"),
        "dry_run": (_DryRun, False),
        "yes": (_Yes, None),
        "wait": (_Wait, True),
        "json": (Json, False),
    }
    assert options.keys() == {one.name for one in fields(Way)}
    return [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in options.items()
        if filtered or name != "filters"
    ]


def _selection(filters: Sequence[str]) -> dict[str, Any]:
    """Raises BadCommandError."""
    known = {name.replace("_", "-"): name for name in _FILTERS}
    found: dict[str, Any] = {}
    for one in filters:
        name, equals, value = one.partition("=")
        field = known.get(name.strip().replace("_", "-"))
        if field is None or not equals or not value:
            raise BadCommandError(
                f"--filter {one[:60]!r} must have a name and a value, such as program=job-ready; the names are "
                f"{', '.join(known)}"
            )
        if field in found:
            raise BadCommandError(f"--filter {name} is there twice; a journey must match all filters")
        found[field] = _truth(name, value) if field in _TRUTHS else value
    return found


def _truth(name: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise BadCommandError(f"--filter {name} is true or false, not {value[:60]!r}")
    return value == "true"
