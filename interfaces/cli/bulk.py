"""`trellis bulk`: the same for many journeys: a dry run, a confirmation, and how far it has come."""

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import typer
from pydantic import ValidationError
from temporalio.client import Client

from domain.bulk import Outcome, Status
from domain.bulk.events import FASTEST, SLOWEST
from domain.ids import BulkId, ProgramId
from interfaces.cli.bulk_shown import bar_of, say_bulk, say_list, say_over, say_plan
from interfaces.cli.connected import database
from interfaces.cli.options import By, Json, Program
from interfaces.cli.payload import BadCommandError, known_command, payload_of
from interfaces.cli.screen import err, out, print_json
from kits.lookup import newest
from projections.views import bulks as view
from runtime.connecting import connect_temporal
from runtime.exits import Exit
from scenarios.people_files import read_learners
from services.bulk import BulkPlan, Bulks, BulkShown, Entry, Order, enter, foretell_entry, plan, require_same
from services.bulk.entering import USUAL_RATE_OF_STARTS
from services.bulk.planning import USUAL_RATE
from services.bulk.selecting import BulkFilter
from settings import load
from store.database import Pool

app = typer.Typer(help="Do the same for many journeys: a dry run first, then at a set rate.", no_args_is_help=True)

_Filter = Annotated[
    list[str],
    typer.Option(
        "--filter",
        "-w",
        help="Only these journeys, such as program=job-ready, stage=sessions, mentor=m-3, waiting_on=mentor, "
        "attention=critical, paused=true, or overdue=true. Can be given more than once; all must hold.",
    ),
]
_Field = Annotated[
    list[str] | None,
    typer.Option("--field", "-f", help="A field of the command: name=text or name:=JSON, as for `trellis send`."),
]
_JsonInput = Annotated[
    str | None,
    typer.Option("--json-input", "-i", help="The fields as a JSON object. Use - to read it from standard input."),
]
_Rate = Annotated[float, typer.Option(min=SLOWEST, max=FASTEST, help="How many journeys a second.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")]
_Yes = Annotated[
    str | None, typer.Option("--yes", metavar="DIGEST", help="Do not ask: carry out the dry run with this digest.")
]
_Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until it is over, or only begin it.")]
_Reason = Annotated[str, typer.Option(help="The reason. It is recorded with every journey.")]
_Bulk = Annotated[str, typer.Argument(help="The id of the bulk action. `trellis bulk list` shows it.")]

_POLL_SECONDS = 0.5


# What can be done


@app.command()
def send(
    command: Annotated[str, typer.Argument(help="The command, such as pause. `trellis commands` lists them all.")],
    *,
    filters: _Filter,
    field: _Field = None,
    json_input: _JsonInput = None,
    rate: _Rate = USUAL_RATE,
    by: By = "ops",
    dry_run: _DryRun = False,
    yes: _Yes = None,
    wait: _Wait = True,
    json: Json = False,
) -> None:
    """Send the same command to many journeys.

    First shows for how many journeys that is, and which would refuse it and why. Then type their number to confirm it;
    scripts give --yes with the digest that the dry run shows. Exit code 1: it was not confirmed, or not every journey
    obeyed.
    """
    fields = payload_of(command, json_input, field or [], None)
    action = {"action": "command", "command": known_command(command), "fields": fields}
    _order(action, filters, rate, by, _Way(dry_run, yes, wait, json))


@app.command()
def message(
    *,
    subject: Annotated[str, typer.Option(help="The subject, one line.")],
    text: Annotated[str, typer.Option(help="The text. @FILE reads it from a file, - from standard input.")],
    filters: _Filter,
    to: Annotated[str, typer.Option(help="To the learner or to the mentor of each journey.")] = "learner",
    rate: _Rate = USUAL_RATE,
    by: By = "ops",
    dry_run: _DryRun = False,
    yes: _Yes = None,
    wait: _Wait = True,
    json: Json = False,
) -> None:
    """Write to the learners or mentors of many journeys.

    Subject and text may have the variables of messages, such as {{ name }}. Nobody gets it in their quiet hours.
    """
    action = {"action": "message", "to": to, "subject": subject, "text": _text(text)}
    _order(action, filters, rate, by, _Way(dry_run, yes, wait, json))


@app.command()
def reassign(
    *,
    to: Annotated[list[str], typer.Option(help="Who takes over. Can be given more than once.")],
    reason: _Reason,
    filters: _Filter,
    rate: _Rate = USUAL_RATE,
    by: By = "ops",
    dry_run: _DryRun = False,
    yes: _Yes = None,
    wait: _Wait = True,
    json: Json = False,
) -> None:
    """Give many journeys another mentor.

    With several mentors, each journey gets the first who has room, in turn. Where the kit asks somebody before a match,
    the match is offered.
    """
    action = {"action": "reassign", "to": to, "reason": reason}
    _order(action, filters, rate, by, _Way(dry_run, yes, wait, json))


@app.command("move-kit")
def move_kit(
    *,
    to: Annotated[str, typer.Option(help="The version to move to, or its digest.")],
    reason: _Reason,
    filters: _Filter,
    rate: _Rate = USUAL_RATE,
    by: By = "ops",
    dry_run: _DryRun = False,
    yes: _Yes = None,
    wait: _Wait = True,
    json: Json = False,
) -> None:
    """Move many journeys to another version of their kit.

    The filter names the program. `trellis program migrate` shows what changes for each journey.
    """
    action = {"action": "move_to_kit", "to": to, "reason": reason}
    _order(action, filters, rate, by, _Way(dry_run, yes, wait, json))


@app.command()
def start(
    program: Program,
    file: Annotated[Path, typer.Argument(help="A CSV or NDJSON file of learners.")],
    *,
    send_answers: Annotated[bool, typer.Option("--send-answers", help="Submit their intake answers.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also learners whose last journey has ended.")] = False,
    past_places: Annotated[bool, typer.Option("--past-places", help="Start even if no place is left.")] = False,
    rate: _Rate = USUAL_RATE_OF_STARTS,
    by: By = "ops",
    dry_run: _DryRun = False,
    yes: _Yes = None,
    wait: _Wait = True,
    json: Json = False,
) -> None:
    """Start the journeys of everybody in a file.

    All get a place now or none. Their journeys then begin at the rate that is set, even if this command or a worker is
    killed. Journeys that have started are left alone.
    """
    way = _Way(dry_run, yes, wait, json)

    async def begin(pool: Pool, client: Client) -> BulkShown | BulkPlan:
        kit = await newest(pool, ProgramId(program))
        people = read_learners(file, kit)
        entry = Entry(ProgramId(program), people, send_answers, again, past_places, rate, by)
        planned = await foretell_entry(pool, entry)
        if not way.confirmed(planned):
            return planned
        bulk = await enter(pool, entry)
        found = await Bulks(pool, client).show(bulk)
        return await Bulks(pool, client).begin(bulk, digest=found.digest, by=by)

    _carry_out(begin, way)


# What was planned


@app.command("list")
def list_bulks(
    *,
    status: Annotated[str | None, typer.Option(help=f"Only those: {', '.join(get_args(Status))}.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many to show.")] = 20,
    json: Json = False,
) -> None:
    """List bulk actions, the latest first."""
    wanted: Status | None = _one_of(status, Status, "--status") if status else None

    async def found(pool: Pool, _: Client) -> list[view.BulkRow]:
        return await view.bulks(pool, datetime.now(UTC), status=wanted, limit=limit)

    rows = _connected(found)
    if json:
        print_json(rows)
    else:
        say_list(rows)


@app.command()
def show(
    bulk: _Bulk,
    *,
    outcome: Annotated[
        str | None, typer.Option(help=f"List the journeys with this outcome: {', '.join(get_args(Outcome))}, or left.")
    ] = None,
    after: Annotated[int, typer.Option(min=0, help="List those behind this number.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many journeys to list.")] = 100,
    json: Json = False,
) -> None:
    """Show how far a bulk action has come, and what came of each journey."""
    wanted = _one_of(outcome, Literal[Outcome, "left"], "--outcome") if outcome else None

    async def found(pool: Pool, client: Client) -> tuple[BulkShown, list[Any]]:
        bulks = Bulks(pool, client)
        shown = await bulks.show(BulkId(bulk))
        return shown, await bulks.items(shown.id, wanted, after, limit) if outcome or json else []

    shown, items = _connected(found)
    if json:
        print_json({"bulk": shown, "journeys": items})
    else:
        say_bulk(shown, items)


@app.command()
def pause(bulk: _Bulk, *, reason: _Reason = "", by: By = "ops", json: Json = False) -> None:
    """Pause a bulk action: within some seconds no further journey is touched."""
    _steer(lambda bulks: bulks.pause(BulkId(bulk), reason=reason, by=by), json=json)


@app.command()
def resume(
    bulk: _Bulk,
    *,
    rate: Annotated[
        float | None, typer.Option(min=SLOWEST, max=FASTEST, help="How many journeys a second from now on.")
    ] = None,
    by: By = "ops",
    json: Json = False,
) -> None:
    """Go on with a bulk action where it was, or change its rate."""
    _steer(lambda bulks: bulks.resume(BulkId(bulk), rate=rate, by=by), json=json)


@app.command()
def stop(bulk: _Bulk, *, reason: _Reason = "", by: By = "ops", json: Json = False) -> None:
    """Stop a bulk action for good. The journeys that are left stay as they are."""
    _steer(lambda bulks: bulks.stop(BulkId(bulk), reason=reason, by=by), json=json)


# How it is done


class NotConfirmedError(BadCommandError):
    """What was to be done was not confirmed. Nothing was done."""


class _Way:
    """Whether to ask, to wait, and how to say it."""

    def __init__(self, dry_run: bool, yes: str | None, wait: bool, json: bool) -> None:
        self.dry_run, self.yes, self.wait, self.json = dry_run, yes, wait, json

    def confirmed(self, planned: BulkPlan) -> bool:
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


_Begin = Callable[[Pool, Client], Any]


def _order(action: Mapping[str, Any], filters: Sequence[str], rate: float, by: str, way: _Way) -> None:
    try:
        order = Order.model_validate({"action": action, "filter": _selection(filters), "rate": rate, "by": by})
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, problem["loc"][1:] if problem["loc"][0] in ("action", "filter") else problem["loc"]))
        raise BadCommandError(f"{where or 'order'}: {problem['msg'].removeprefix('Value error, ')}") from None

    async def begin(pool: Pool, client: Client) -> BulkShown | BulkPlan:
        bulks = Bulks(pool, client)
        if way.yes is not None:
            bulk, planned_as = await bulks.planned_as(way.yes)
            await require_same(pool, order, planned_as)
            return await bulks.begin(bulk, digest=way.yes, by=by)
        planned = await plan(pool, order)
        if not way.confirmed(planned):
            return planned
        return await bulks.begin(planned.id, journeys=planned.journeys, by=by)

    _carry_out(begin, way)


def _selection(filters: Sequence[str]) -> dict[str, str | bool]:
    """Raises BadCommandError."""
    known = {name.replace("_", "-"): name for name in BulkFilter.model_fields}
    found: dict[str, str | bool] = {}
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
        found[field] = _truth(name, value) if field in ("paused", "open", "overdue") else value
    return found


def _truth(name: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise BadCommandError(f"--filter {name} is true or false, not {value[:60]!r}")
    return value == "true"


def _one_of(given: str, kind: Any, option: str) -> Any:
    known = [one for part in get_args(kind) for one in (get_args(part) or (part,))]
    if given not in known:
        raise typer.BadParameter(f"{given[:60]!r}: write one of {', '.join(known)}", param_hint=option)
    return given


def _text(given: str) -> str:
    if given == "-":
        return sys.stdin.read()
    return Path(given[1:]).read_text() if given.startswith("@") else given


def _connected(work: Callable[[Pool, Client], Any]) -> Any:
    async def connected() -> Any:
        settings = load()
        async with database(settings) as pool:
            return await work(pool, await connect_temporal(settings))

    return asyncio.run(connected())


def _carry_out(begin: _Begin, way: _Way) -> None:
    async def all_of_it(pool: Pool, client: Client) -> BulkShown | BulkPlan:
        came = await begin(pool, client)
        if isinstance(came, BulkPlan) or not way.wait:
            return came  # type: ignore[no-any-return]
        return await _until_over(Bulks(pool, client), came)

    came = _connected(all_of_it)
    if way.json:
        print_json(came)
    elif isinstance(came, BulkPlan):
        say_plan(came, out())
    else:
        say_over(came)
    if isinstance(came, BulkShown) and (came.status == "stopped" or came.outcomes.refused or came.outcomes.unanswered):
        raise typer.Exit(Exit.FAILED)


async def _until_over(bulks: Bulks, shown: BulkShown) -> BulkShown:
    """With a bar. It goes on, too, when this is interrupted."""
    err().print(f"[dim]Bulk action {shown.id}. It goes on without this command: trellis bulk show {shown.id}[/]")
    with bar_of(shown) as advance:
        while shown.status in ("running", "paused"):
            await asyncio.sleep(_POLL_SECONDS)
            shown = await bulks.show(shown.id)
            advance(shown)
    return shown


def _steer(do: Callable[[Bulks], Any], *, json: bool) -> None:
    shown = _connected(lambda pool, client: do(Bulks(pool, client)))
    if json:
        print_json(shown)
    else:
        say_bulk(shown, [])
