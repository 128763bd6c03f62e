"""`trellis cohort`: groups of learners who meet together."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from client.api import Problem, Trellis, models
from domain.cohort import commands as c
from domain.values import Instant, counted, together
from interfaces.cli.answers import print_answer
from interfaces.cli.cohort_shown import row, show_group, show_roster, show_unplaced
from interfaces.cli.options import By, Json, Program
from interfaces.cli.payload import BadCommandError, checked, fields_of, typed
from interfaces.cli.reaching import api, received
from interfaces.cli.screen import err, out, print_listing
from projections.views.cohorts import CohortRow
from queries.cohorts import Roster
from queries.listing import Listing

app = typer.Typer(help="Form groups of learners, and record once what happens in their sessions.", no_args_is_help=True)

_Group = Annotated[str, typer.Argument(help="The id of the group, such as teaching-circle.3.")]
_Session = Annotated[str, typer.Argument(help="The id of the session in the kit.")]
_Learner = Annotated[str, typer.Argument(help="The id of the learner.")]
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
_WAIT = 10.0
"""Seconds in which the journeys of the members get to know it."""


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

    Takes learners who have a session with a group ahead and are in none, as the newest kit says under `cohorts`.
    Where groups bring their mentor, also those who wait for one.
    Says who could not be placed, and why.
    """
    since = begins.replace(tzinfo=UTC) if begins else None
    with api() as trellis, err().status("Forming groups"):
        planned = trellis.form_cohorts(program, pathway=pathway, not_before=since, dry_run=dry_run, by=by)
    if json:
        print_answer(planned)
        return
    for group in planned.groups:
        show_group(group)
    show_unplaced(planned.unplaced)
    would = "would be formed" if dry_run else "formed"
    left = f"{len(planned.unplaced):,} of {counted(planned.learners, 'learner')} could not be placed"
    out().print(f"{_size_of(planned)} {would}; {left}.")


@app.command("list")
def list_groups(
    program: Annotated[str | None, typer.Argument(help="The program. Default: all programs.")] = None,
    *,
    mentor: Annotated[str | None, typer.Option(help="Only those that this mentor leads.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Include closed groups.")] = False,
    json: Json = False,
) -> None:
    """List groups: who leads them, how many members they have, and when they meet next."""
    with api() as trellis:
        found = list(trellis.iterate_cohorts(program=program, mentor=mentor, closed=closed))
    if json:
        print_answer(found)
    else:
        columns = ("group", "pathway", "mentors", "members", "held", "next session", "meets", "standing")
        print_listing(Listing("Groups", columns, [row(one) for one in received(list[CohortRow], found)]))


@app.command("show")
def show(cohort: _Group, *, json: Json = False) -> None:
    """Show the roster of a group, its sessions, and who came."""
    with api() as trellis:
        found = trellis.get_cohort(cohort)
    if json:
        print_answer(found)
    else:
        show_roster(received(Roster, found))


@app.command("add")
def add(
    cohort: _Group,
    learners: Annotated[list[str], typer.Argument(help="The ids of learners with an open journey in the program.")],
    *,
    by: By = "ops",
    json: Json = False,
) -> None:
    """Add learners to a group. Sessions that have begun are not asked of them."""
    try:
        _do(lambda trellis: trellis.add_members(cohort, learners=learners, by=by, wait=_WAIT), json=json)
    except Problem as problem:
        if problem.code != "learners_unusable":
            raise
        raise BadCommandError(problem.detail) from problem


@app.command("remove")
def remove(
    cohort: _Group,
    learner: _Learner,
    *,
    reason: _Reason = "",
    by: By = "ops",
    json: Json = False,
) -> None:
    """Take a learner out of a group. What lies ahead of them keeps its dates, as their own."""
    _do(lambda trellis: trellis.remove_member(cohort, learner, reason=reason, by=by, wait=_WAIT), json=json)


@app.command("retry")
def retry(
    cohort: _Group,
    learner: _Learner,
    *,
    by: By = "ops",
    json: Json = False,
) -> None:
    """Tell the journey of a member again what it has refused, once the reason is gone."""
    _do(lambda trellis: trellis.retry_refused(cohort, learner, by=by, wait=_WAIT), json=json)


@app.command("dismiss")
def dismiss(
    cohort: _Group,
    learner: _Learner,
    *,
    reason: _Reason = "",
    by: By = "ops",
    json: Json = False,
) -> None:
    """Declare what the journey of a member has refused dealt with. The journey stays as it is."""
    _do(lambda trellis: trellis.dismiss_refused(cohort, learner, reason=reason, by=by, wait=_WAIT), json=json)


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
    fields: dict[str, Any] = {"session": session, "attendance": was, "notes": notes, "exceptions": exceptions}
    fields |= {"corrects": corrects, "reason": reason, "by": by}
    checked("record attendance", c.RecordAttendance, fields)
    _do(lambda trellis: trellis.record_group_attendance(cohort, **fields, wait=_WAIT), json=json)


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
    fields: dict[str, Any] = {"session": session, "answers": given, "corrects": corrects, "reason": reason, "by": by}
    checked("record notes", c.RecordNotes, fields)
    _do(lambda trellis: trellis.record_group_notes(cohort, **fields, wait=_WAIT), json=json)


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
    checked("send follow up", c.SendFollowUp, fields)
    _do(lambda trellis: trellis.send_group_follow_up(cohort, **fields, wait=_WAIT), json=json)


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
    moment = typed("move session", "STARTS_AT", Instant, starts_at)
    _do(
        lambda trellis: trellis.move_group_session(cohort, session=session, starts_at=moment, by=by, wait=_WAIT),
        json=json,
    )


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
    _do(
        lambda trellis: trellis.replace_group_mentor(
            cohort, mentor=mentor, replacement=replacement, reason=reason, by=by, wait=_WAIT
        ),
        json=json,
    )


@app.command("close")
def close(cohort: _Group, *, reason: _Reason = "", by: By = "ops", json: Json = False) -> None:
    """Close a group. Members who have sessions ahead keep them, as their own."""
    _do(lambda trellis: trellis.close_cohort(cohort, reason=reason, by=by, wait=_WAIT), json=json)


# Carrying out


def _do(do: Callable[[Trellis], models.Told], *, json: bool) -> None:
    with api() as trellis, err().status("Telling the members"):
        told = do(trellis)
    if json:
        print_answer(told)
    else:
        _say(told)


def _size_of(planned: models.GroupsFormed) -> str:
    members = sum(len(one.members) for one in planned.groups)
    return f"{counted(len(planned.groups), 'group')} with {counted(members, 'learner')}"


def _exception(typed: str) -> dict[str, str]:
    learner, equals, how = typed.partition("=")
    if not equals:
        raise BadCommandError(f"--except {typed!r} must name a learner and how it went, such as l-17=missed_by_learner")
    return {"learner": learner, "attendance": how}


def _say(told: models.Told) -> None:
    if not told.events:
        out().print("Nothing changed: this had been recorded before.")
        return
    what = together(dict.fromkeys(one.removeprefix("cohort.").replace("_", " ") for one in told.events))
    if told.told:
        knows = "the journeys of its members know it"
    else:
        knows = f"its members are being told; `trellis cohort show {told.cohort}` says when all know it"
    out().print(f"Recorded: {what}. Group {told.cohort} has {counted(told.members, 'member')}; {knows}.", markup=False)
    for learner, code in sorted(told.refused.items()):
        out().print(f"[yellow]{escape(learner)}[/]: the journey did not take it: {escape(code)}")
        out().print(f"  Once the reason is gone: trellis cohort retry {told.cohort} {learner}", markup=False)
