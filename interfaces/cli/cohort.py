"""`trellis cohort`: groups of learners who meet together."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.markup import escape
from temporalio.client import Client

from domain.cohort import Command
from domain.cohort import commands as c
from domain.ids import CohortId, ProgramId
from domain.values import Frozen, counted, together
from interfaces.cli.cohort_shown import as_json, row, show_group, show_roster, show_unplaced
from interfaces.cli.connected import database
from interfaces.cli.options import By, Json, Program
from interfaces.cli.payload import BadCommandError, checked, fields_of
from interfaces.cli.screen import err, out, print_json, print_listing
from projections.views import cohorts
from projections.views.cohorts import CohortRow
from queries.cohorts import Roster, roster
from queries.listing import Listing
from runtime.connecting import connect_temporal
from services import forming
from services.cohorts import NoOpenJourney, Told, entrants, find, handle_and_tell
from services.forming import Formed, Plan
from settings import Settings, load
from store.database import Pool

app = typer.Typer(help="Form groups of learners, and record once what happens in their sessions.", no_args_is_help=True)

_Group = Annotated[str, typer.Argument(help="The id of the group, such as teaching-circle.3.")]
_Session = Annotated[str, typer.Argument(help="The id of the session in the kit.")]
_Reason = Annotated[str, typer.Option(help="The reason. It is recorded.")]
_Corrects = Annotated[bool, typer.Option("--corrects", help="Take the place of what is recorded. Needs --reason.")]
_JsonInput = Annotated[
    str | None,
    typer.Option("--json-input", "-i", help="The fields as a JSON object. Use - to read it from standard input."),
]
_Field = Annotated[
    list[str] | None,
    typer.Option("--field", "-f", help="An answer: question=text or question:=JSON."),
]
_WAIT = timedelta(seconds=10)


@app.command("form")
def form(
    program: Program,
    *,
    pathway: Annotated[str | None, typer.Option(help="Form groups on this pathway only.")] = None,
    begins: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="No session before this day, UTC. Default: soon."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the groups, and form none.")] = False,
    by: By = "ops",
    json: Json = False,
) -> None:
    """Form groups of the learners who are in none, by need, pace, and common hours.

    Takes learners who wait for a mentor or are in the middle of the program, as the newest kit says under `cohorts`.
    Says who could not be placed, and why.
    """
    since = begins.replace(tzinfo=UTC) if begins else None
    planned, formed = asyncio.run(_form(load(), ProgramId(program), pathway, since, by, dry_run=dry_run))
    if json:
        print_json(as_json(planned, formed))
        return
    for nth, proposal in enumerate(planned.proposals):
        show_group(formed[nth].cohort if formed else None, proposal)
    show_unplaced(planned.unplaced)
    would = "would be formed" if dry_run else "formed"
    left = f"{len(planned.unplaced):,} of {counted(planned.learners, 'learner')} could not be placed"
    out().print(f"{forming.size_of(planned)} {would}; {left}.")


@app.command("list")
def list_groups(
    program: Annotated[str | None, typer.Argument(help="The program. Default: all programs.")] = None,
    *,
    mentor: Annotated[str | None, typer.Option(help="Only those that this mentor leads.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Include closed groups.")] = False,
    json: Json = False,
) -> None:
    """List groups: who leads them, how many members they have, and when they meet next."""
    found = asyncio.run(_list(load(), program, mentor, closed=closed))
    if json:
        print_json(found)
    else:
        columns = ("group", "pathway", "mentors", "members", "held", "next session", "meets", "standing")
        print_listing(Listing("Groups", columns, [row(one) for one in found]))


@app.command("show")
def show(cohort: _Group, *, json: Json = False) -> None:
    """Show the roster of a group, its sessions, and who came."""
    found = asyncio.run(_roster(load(), CohortId(cohort)))
    if json:
        print_json(found)
    else:
        show_roster(found)


@app.command("add")
def add(
    cohort: _Group,
    learners: Annotated[list[str], typer.Argument(help="The ids of learners with an open journey in the program.")],
    *,
    by: By = "ops",
    json: Json = False,
) -> None:
    """Add learners to a group. Sessions that have begun are not asked of them."""
    asyncio.run(_add(load(), CohortId(cohort), learners, by, json=json))


@app.command("remove")
def remove(
    cohort: _Group,
    learner: Annotated[str, typer.Argument(help="The id of the learner.")],
    *,
    reason: _Reason = "",
    by: By = "ops",
    json: Json = False,
) -> None:
    """Take a learner out of a group. What lies ahead of them keeps its dates, as their own."""
    _do(cohort, c.RemoveMember, {"learner": learner, "reason": reason, "by": by}, json=json)


@app.command("attendance")
def attendance(
    cohort: _Group,
    session: _Session,
    *,
    was: Annotated[str, typer.Option(help="How the session went, such as attended or cancelled_in_time.")] = "attended",
    except_: Annotated[
        list[str] | None,
        typer.Option("--except", help="For whom it went otherwise: LEARNER=late or LEARNER=missed_by_learner."),
    ] = None,
    notes: Annotated[str, typer.Option(help="A remark about the group. It is recorded with each journey.")] = "",
    corrects: _Corrects = False,
    reason: _Reason = "",
    by: By = "ops",
    json: Json = False,
) -> None:
    """Record how a session went, once for all members; name those for whom it went otherwise."""
    exceptions = [_exception(one) for one in except_ or ()]
    fields = {"session": session, "attendance": was, "notes": notes, "exceptions": exceptions}
    _do(cohort, c.RecordAttendance, fields | {"corrects": corrects, "reason": reason, "by": by}, json=json)


@app.command("notes")
def notes(
    cohort: _Group,
    session: _Session,
    *,
    json_input: _JsonInput = None,
    field: _Field = None,
    corrects: _Corrects = False,
    reason: _Reason = "",
    by: By = "ops",
    json: Json = False,
) -> None:
    """Write the notes of a session, in the form that the kit gives, for all who came."""
    answers = fields_of(c.RecordNotes, json_input, [f"answers.{one}" for one in field or ()])
    given = answers.get("answers", answers)
    fields = {"session": session, "answers": given, "corrects": corrects, "reason": reason, "by": by}
    _do(cohort, c.RecordNotes, fields, json=json)


@app.command("follow-up")
def follow_up(
    cohort: _Group,
    session: _Session,
    *,
    summary: Annotated[str, typer.Option(help="What was reached.")] = "",
    step: Annotated[list[str] | None, typer.Option("--step", help="A next step; may be repeated.")] = None,
    due: Annotated[
        str | None, typer.Option(help="When the next steps are due, such as 2026-03-02T18:00:00+01:00.")
    ] = None,
    json_input: _JsonInput = None,
    corrects: _Corrects = False,
    reason: _Reason = "",
    by: By = "ops",
    json: Json = False,
) -> None:
    """Send the follow-up of a session to all who came. JSON can name `exceptions`, who get their own."""
    given = fields_of(c.SendFollowUp, json_input, [])
    given |= {"summary": summary} if summary else {}
    given |= {"next_steps": [{"text": one, "due_at": due} for one in step]} if step else {}
    fields = given | {"session": session, "corrects": corrects, "reason": reason, "by": by}
    _do(cohort, c.SendFollowUp, fields, json=json)


@app.command("move")
def move(
    cohort: _Group,
    session: _Session,
    starts_at: Annotated[str, typer.Argument(help="The new time with its offset, such as 2026-03-02T18:00:00+01:00.")],
    *,
    by: By = "ops",
    json: Json = False,
) -> None:
    """Move a session for all members."""
    _do(cohort, c.MoveSession, {"session": session, "starts_at": starts_at, "by": by}, json=json)


@app.command("mentor")
def mentor(
    cohort: _Group,
    mentor: Annotated[str, typer.Argument(help="The id of the mentor who no longer leads the group.")],
    replacement: Annotated[str, typer.Argument(help="The id of the mentor who leads it from now on.")],
    *,
    reason: _Reason = "",
    by: By = "ops",
    json: Json = False,
) -> None:
    """Replace a mentor of a group. No date moves."""
    fields = {"mentor": mentor, "replacement": replacement, "reason": reason, "by": by}
    _do(cohort, c.ReplaceMentor, fields, json=json)


@app.command("close")
def close(cohort: _Group, *, reason: _Reason = "", by: By = "ops", json: Json = False) -> None:
    """Close a group. Members who have sessions ahead keep them, as their own."""
    _do(cohort, c.CloseCohort, {"reason": reason, "by": by}, json=json)


# Carrying out


def _do(cohort: str, kind: type[Any], fields: Mapping[str, object], *, json: bool) -> None:
    command = checked(_name_of(kind), kind, fields)
    told = asyncio.run(_handle(load(), CohortId(cohort), command))
    _say(told, json=json)


def _name_of(kind: type[Frozen]) -> str:
    return "".join(f" {one.lower()}" if one.isupper() else one for one in kind.__name__).strip()


def _exception(typed: str) -> dict[str, str]:
    learner, equals, how = typed.partition("=")
    if not equals:
        raise BadCommandError(f"--except {typed!r} must name a learner and how it went, such as l-17=missed_by_learner")
    return {"learner": learner, "attendance": how}


async def _handle(settings: Settings, group: CohortId, command: Command) -> Told:
    async with database(settings) as pool:
        return await _told(pool, await connect_temporal(settings), group, command)


async def _told(pool: Pool, temporal: Client, group: CohortId, command: Command) -> Told:
    with err().status("Telling the members"):
        return await handle_and_tell(pool, temporal, group, command, _WAIT)


def _say(told: Told, *, json: bool) -> None:
    if json:
        print_json(told)
        return
    if not told.events:
        out().print("Nothing changed: this had been recorded before.")
        return
    what = together(one.removeprefix("cohort.").replace("_", " ") for one in told.events)
    if told.told:
        knows = "the journeys of its members know it"
    else:
        knows = f"its members are being told; `trellis cohort show {told.cohort}` says when all know it"
    out().print(f"Recorded: {what}. Group {told.cohort} has {counted(told.members, 'member')}; {knows}.", markup=False)
    for learner, code in sorted(told.refused.items()):
        out().print(f"[yellow]{escape(learner)}[/]: the journey did not take it: {escape(code)}")


async def _add(settings: Settings, group: CohortId, learners: Sequence[str], by: str, *, json: bool) -> None:
    async with database(settings) as pool:
        program = (await find(pool, group)).state.program
        assert program
        try:
            members = await entrants(pool, program, learners)
        except NoOpenJourney as error:
            raise BadCommandError(str(error)) from error
        command = checked("add members", c.AddMembers, {"members": members, "by": by})
        told = await _told(pool, await connect_temporal(settings), group, command)
    _say(told, json=json)


async def _form(
    settings: Settings, program: ProgramId, pathway: str | None, begins: datetime | None, by: str, *, dry_run: bool
) -> tuple[Plan, list[Formed]]:
    async with database(settings) as pool:
        now = datetime.now(UTC)
        with err().status("Forming groups"):
            planned = await forming.propose(pool, program, now, begins=begins, pathway=pathway)
        if dry_run or not planned.proposals:
            return planned, []
        temporal = await connect_temporal(settings)
        with err().status("Recording the groups"):
            return planned, await forming.form(pool, temporal, planned, by=by, at=datetime.now(UTC))


async def _list(settings: Settings, program: str | None, mentor: str | None, *, closed: bool) -> list[CohortRow]:
    async with database(settings) as pool:
        return await cohorts.of_program(pool, program, mentor, closed=closed)


async def _roster(settings: Settings, group: CohortId) -> Roster:
    async with database(settings) as pool:
        return await roster(pool, group)
