"""`trellis cases`: the queue of open cases with its service levels, and what is done about one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal

import typer

from client.api import Trellis
from client.api.models import CaseRow, CommandResult
from domain.words import by_role, distance
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Journey, Json, Reason
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.reaching import api, names
from interfaces.cli.watching import watch_again

app = typer.Typer(help="List open cases with their service levels, and take, snooze, reassign, or resolve them.")

_LARGEST_PAGE = 500
_Case = Annotated[str, typer.Argument(help="The id of the case, as `trellis cases` shows it.")]
_By = Annotated[str | None, typer.Option(help="Who does this, such as ops:ana. It is recorded.")]


class Owner(StrEnum):
    learner = "learner"
    mentor = "mentor"
    ops = "ops"


class Severity(StrEnum):
    notice = "notice"
    warning = "warning"
    critical = "critical"


@app.callback(invoke_without_command=True)
def listed(
    context: typer.Context,
    *,
    program: Annotated[str | None, typer.Option(help="Only cases of this program.")] = None,
    journey: Annotated[str | None, typer.Option(help="Only cases of this journey.")] = None,
    mentor: Annotated[str | None, typer.Option(help="Only cases of learners of this mentor (id).")] = None,
    owner: Annotated[Owner | None, typer.Option(help="Only cases that this role is to answer.")] = None,
    severity: Annotated[Severity | None, typer.Option(help="Only cases of at least this severity.")] = None,
    taken: Annotated[
        bool | None, typer.Option("--taken/--not-taken", help="Only cases that somebody has taken, or only the others.")
    ] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only cases whose time to respond is over.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=_LARGEST_PAGE, help="The maximum number of cases.")] = 50,
    watch: Annotated[bool, typer.Option("--watch", help="Repeat every few seconds, until Ctrl-C.")] = False,
    json: Json = False,
) -> None:
    """List open cases, most severe first: who is to answer each one, and by when."""
    if context.invoked_subcommand:
        return

    def read(trellis: Trellis) -> Sequence[CaseRow]:
        return trellis.list_cases(
            program=program,
            journey=journey,
            mentor=mentor,
            owner=owner.value if owner else None,
            severity=severity.value if severity else None,
            acknowledged=taken,
            overdue=overdue or None,
            limit=limit,
        ).rows

    with api() as trellis:
        if watch:
            watch_again(lambda: _shown(trellis, read(trellis)), 5.0)
        elif json:
            print_answer(read(trellis))
        else:
            show(*_shown(trellis, read(trellis)))


@app.command()
def take(journey: Journey, case: _Case, *, by: _By = None, json: Json = False) -> None:
    """Acknowledge a case: you deal with it."""
    with api() as trellis:
        _say(trellis.acknowledge_case_in_queue(journey, case, by=by), f"Case {case} is taken.", json=json)


@app.command()
def snooze(
    journey: Journey,
    case: _Case,
    *,
    until: Annotated[str, typer.Option(help="When it is due again, with an offset, such as 2027-03-02T17:00Z.")],
    reason: Reason,
    by: _By = None,
    json: Json = False,
) -> None:
    """Put a case aside until later."""
    moment = _moment(until)
    with api() as trellis:
        answer = trellis.snooze_case_in_queue(journey, case, until=moment, reason=reason, by=by)
        _say(answer, f"Case {case} rests until {moment:%a %d %b %Y %H:%M %Z}.", json=json)


@app.command()
def reassign(
    journey: Journey,
    case: _Case,
    *,
    to: Annotated[Owner, typer.Option(help="Who is to answer from now on: mentor or ops.")],
    reason: Reason,
    by: _By = None,
    json: Json = False,
) -> None:
    """Give a case to somebody else to answer."""
    if to is Owner.learner:
        raise typer.BadParameter("a case is answered by mentor or ops", param_hint="--to")
    owner: Literal["mentor", "ops"] = "mentor" if to is Owner.mentor else "ops"
    with api() as trellis:
        answer = trellis.reassign_case_in_queue(journey, case, owner=owner, reason=reason, by=by)
        _say(answer, f"Case {case} is now with {by_role(owner)}.", json=json)


@app.command()
def resolve(
    journey: Journey,
    case: _Case,
    *,
    resolution: Annotated[str, typer.Option(help="What was done. It is recorded.")],
    by: _By = None,
    json: Json = False,
) -> None:
    """Close a case, and say what was done."""
    with api() as trellis:
        answer = trellis.resolve_case_in_queue(journey, case, resolution=resolution, by=by)
        _say(answer, f"Case {case} is resolved.", json=json)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise typer.BadParameter(
            f"{text!r}: write a time with an offset, such as 2027-03-02T17:00Z", param_hint="--until"
        )
    return moment


def _say(answer: CommandResult, done: str, *, json: bool) -> None:
    if json:
        print_answer(answer)
    else:
        show(Line(done if answer.events else "Nothing changed: this had already been done."))


def _shown(trellis: Trellis, rows: Sequence[CaseRow]) -> Iterator[Line | Grid]:
    if not rows:
        yield Line("No open cases match.")
        return
    yield _table(rows, names(trellis, [one.learner for one in rows]), datetime.now(UTC))


def _table(rows: Sequence[CaseRow], people: Mapping[str, str], now: datetime) -> Grid:
    columns = ("journey", "case", "learner", "severity", "with", "opened", "response due", "state", "rule")
    return Grid(columns, [_row(one, people, now) for one in rows])


def _row(one: CaseRow, people: Mapping[str, str], now: datetime) -> Row:
    late = one.respond_by <= now
    cells = (
        *(one.journey, one.case, people.get(one.learner, one.learner), one.severity, one.owner),
        *(distance(one.opened_at, now), f"{distance(one.respond_by, now)}{' (overdue)' if late else ''}"),
        *(_state(one, now), one.rule),
    )
    return Row(cells, "yellow" if late else "")


def _state(one: CaseRow, now: datetime) -> str:
    if one.snoozed_until and one.snoozed_until > now:
        return f"snoozed, due again {distance(one.snoozed_until, now)}"
    return "taken" if one.acknowledged else "new"
