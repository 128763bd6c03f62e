"""`trellis bulk`: the same for many journeys: a dry run, a confirmation, and how far it has come."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import typer

from client.api import Trellis, models
from interfaces.cli.answers import print_answer
from interfaces.cli.bulk_shown import bar_of, say_bulk, say_list, say_over, say_plan
from interfaces.cli.bulk_ways import FASTEST, SLOWEST, USUAL_RATE_OF_STARTS, Way, in_bulk
from interfaces.cli.inputs import standard_input, text_of
from interfaces.cli.options import By, Json, Program
from interfaces.cli.payload import known_command, payload_of
from interfaces.cli.reaching import api
from interfaces.cli.screen import err, out
from interfaces.cli.tables import table
from runtime.exits import Exit

app = typer.Typer(help="Do the same for many journeys: a dry run first, then at a set rate.", no_args_is_help=True)

_POLL_SECONDS = 0.5
Outcome = Literal["done", "unchanged", "refused", "unanswered", "left"]
Status = Literal["planned", "running", "paused", "stopped", "finished"]
_Field = Annotated[
    list[str] | None,
    typer.Option("--field", "-f", help="A field of the command: name=text or name:=JSON, as for `trellis send`."),
]
_JsonInput = Annotated[
    str | None,
    typer.Option("--json-input", "-i", help="The fields as a JSON object. Use - to read it from standard input."),
]
_Reason = Annotated[str, typer.Option(help="The reason. It is recorded with every journey.")]
_Bulk = Annotated[str, typer.Argument(help="The id of the bulk action. `trellis bulk list` shows it.")]


# What can be done


@app.command()
@in_bulk()
def send(
    command: Annotated[str, typer.Argument(help="The command, such as pause. `trellis commands` lists them all.")],
    *,
    field: _Field = None,
    json_input: _JsonInput = None,
    way: Way,
) -> None:
    """Send the same command to many journeys.

    First shows for how many journeys that is, and which would refuse it and why. Then type their number to confirm it;
    scripts give --yes with the digest that the dry run shows. Exit code 1: it was not confirmed, or not every journey
    obeyed.
    """
    fields = payload_of(command, json_input, field or [], None)
    action = models.SendToAll(action="command", command=known_command(command), fields=fields)
    _order(action, way)


@app.command()
@in_bulk()
def message(
    *,
    subject: Annotated[str, typer.Option(help="The subject, one line.")],
    text: Annotated[str, typer.Option(help="The text. @FILE reads it from a file, - from standard input.")],
    to: Annotated[str, typer.Option(help="To the learner or to the mentor of each journey.")] = "learner",
    way: Way,
) -> None:
    """Write to the learners or mentors of many journeys.

    Subject and text may have the variables of messages, such as {{ name }}. Nobody gets it in their quiet hours.
    """
    whom: Literal["learner", "mentor"] = _one_of(to, Literal["learner", "mentor"], "--to")
    action = models.WriteToAll(action="message", to=whom, subject=subject, text=_text(text))
    _order(action, way)


@app.command()
@in_bulk()
def reassign(
    *,
    to: Annotated[list[str], typer.Option(help="Who takes over. Can be given more than once.")],
    reason: _Reason,
    way: Way,
) -> None:
    """Give many journeys another mentor.

    With several mentors, each journey gets the first who has room, in turn. Where the kit asks somebody before a match,
    the match is offered.
    """
    action = models.ReassignAll(action="reassign", to=to, reason=reason)
    _order(action, way)


@app.command("move-kit")
@in_bulk()
def move_kit(
    *,
    to: Annotated[str, typer.Option(help="The version to move to, or its digest.")],
    reason: _Reason,
    way: Way,
) -> None:
    """Move many journeys to another version of their kit.

    The filter names the program. `trellis program migrate` shows what changes for each journey.
    """
    action = models.MoveAllToKit(action="move_to_kit", to=to, reason=reason)
    _order(action, way)


@app.command()
@in_bulk(USUAL_RATE_OF_STARTS, filtered=False)
def start(
    program: Program,
    file: Annotated[Path, typer.Argument(help="A CSV or NDJSON file of learners.")],
    *,
    send_answers: Annotated[bool, typer.Option("--send-answers", help="Submit their intake answers.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also learners whose last journey has ended.")] = False,
    past_places: Annotated[bool, typer.Option("--past-places", help="Start even if no place is left.")] = False,
    way: Way,
) -> None:
    """Start the journeys of everybody in a file.

    All get a place now or none. Their journeys then begin at the rate that is set, even if this command or a worker is
    killed. Journeys that have started are left alone.
    """
    how: dict[str, Any] = {"send_answers": send_answers, "again": again, "past_places": past_places}
    how |= {"program": program, "rate": way.rate, "by": way.by}

    def begin(trellis: Trellis) -> models.BulkShown | models.BulkPlan:
        with table(file) as (content, kind):
            planned = trellis.plan_start_of_journeys(content, **how, content_type=kind)
            confirmed = way.confirmed(planned)
            return trellis.start_journeys(content, **how, content_type=kind) if confirmed else planned

    _carry_out(begin, way)


# What was planned


@app.command("list")
def list_bulks(
    *,
    status: Annotated[str | None, typer.Option(help=f"Only those: {', '.join(get_args(Status))}.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many to show.")] = 20,
    json: Json = False,
) -> None:
    """List bulk actions, the latest first."""
    wanted: Status | None = _one_of(status, Status, "--status") if status else None
    with api() as trellis:
        rows = trellis.list_bulk_actions(status=wanted, limit=limit).rows
    if json:
        print_answer(rows)
    else:
        say_list(rows)


@app.command()
def show(
    bulk: _Bulk,
    *,
    outcome: Annotated[
        str | None, typer.Option(help=f"List the journeys with this outcome: {', '.join(get_args(Outcome))}.")
    ] = None,
    after: Annotated[int, typer.Option(min=0, help="List those behind this number.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many journeys to list.")] = 100,
    json: Json = False,
) -> None:
    """Show how far a bulk action has come, and what came of each journey."""
    wanted: Outcome | None = _one_of(outcome, Outcome, "--outcome") if outcome else None
    with api() as trellis:
        shown = trellis.get_bulk_action(bulk)
        found = trellis.list_bulk_journeys(bulk, outcome=wanted, after=after, limit=limit) if outcome or json else None
    items = found.journeys if found else []
    if json:
        print_answer({"bulk": shown, "journeys": items})
    else:
        say_bulk(shown, items)


@app.command()
def pause(bulk: _Bulk, *, reason: _Reason = "", by: By = "ops", json: Json = False) -> None:
    """Pause a bulk action: within some seconds no further journey is touched."""
    _steer(lambda trellis: trellis.pause_bulk_action(bulk, reason=reason, by=by), json=json)


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
    _steer(lambda trellis: trellis.resume_bulk_action(bulk, rate=rate, by=by), json=json)


@app.command()
def stop(bulk: _Bulk, *, reason: _Reason = "", by: By = "ops", json: Json = False) -> None:
    """Stop a bulk action for good. The journeys that are left stay as they are."""
    _steer(lambda trellis: trellis.stop_bulk_action(bulk, reason=reason, by=by), json=json)


# How it is done


_Begin = Callable[[Trellis], "models.BulkShown | models.BulkPlan"]
_Action = models.SendToAll | models.WriteToAll | models.ReassignAll | models.MoveAllToKit


def _order(action: _Action, way: Way) -> None:
    selection = way.selection()

    def begin(trellis: Trellis) -> models.BulkShown | models.BulkPlan:
        order: dict[str, Any] = {"action": action, "filter": selection, "by": way.by, "rate": way.rate}
        if way.yes is not None:
            return trellis.confirm_bulk_order(**order, digest=way.yes)
        planned = trellis.plan_bulk_action(**order)
        if not way.confirmed(planned):
            return planned
        return trellis.begin_bulk_action(planned.id, journeys=planned.journeys, by=way.by)

    _carry_out(begin, way)


def _one_of(given: str, kind: Any, option: str) -> Any:
    known = [one for part in get_args(kind) for one in (get_args(part) or (part,))]
    if given not in known:
        raise typer.BadParameter(f"{given[:60]!r}: write one of {', '.join(known)}", param_hint=option)
    return given


def _text(given: str) -> str:
    if given == "-":
        return standard_input()
    return text_of(Path(given[1:])) if given.startswith("@") else given


def _carry_out(begin: _Begin, way: Way) -> None:
    with api() as trellis:
        came = begin(trellis)
        if isinstance(came, models.BulkShown):
            err().print(f"[dim]Bulk action {came.id}. It goes on without this command: trellis bulk show {came.id}[/]")
            came = _until_over(trellis, came) if way.wait else came
    if way.json:
        print_answer(came)
    elif isinstance(came, models.BulkPlan):
        say_plan(came, out())
    else:
        say_over(came)
    if isinstance(came, models.BulkShown) and (
        came.status == "stopped" or came.outcomes.refused or came.outcomes.unanswered
    ):
        raise typer.Exit(Exit.FAILED)


def _until_over(trellis: Trellis, shown: models.BulkShown) -> models.BulkShown:
    """With a bar. It goes on, too, when this is interrupted."""
    with bar_of(shown) as advance:
        while shown.status in ("running", "paused"):
            time.sleep(_POLL_SECONDS)
            shown = trellis.get_bulk_action(shown.id)
            advance(shown)
    return shown


def _steer(do: Callable[[Trellis], models.BulkShown], *, json: bool) -> None:
    with api() as trellis:
        shown = do(trellis)
    if json:
        print_answer(shown)
    else:
        say_bulk(shown, [])
