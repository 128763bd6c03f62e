"""`trellis complaints`: low answers with words beside them, which people take up or answer."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from client.api.models import Complaint, Dealt
from domain.words import distance
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Json, Program
from interfaces.cli.quick import Line, show
from interfaces.cli.reaching import api

app = typer.Typer(
    help="List low answers with words beside them, and take them up or answer them.", no_args_is_help=True
)


class Standing(StrEnum):
    new = "new"
    taken_up = "taken_up"
    answered = "answered"


_Request = Annotated[str, typer.Argument(help="The id of the complaint, as `trellis complaints list` shows it.")]
_By = Annotated[str | None, typer.Option(help="Who does this, such as ops:ana. It is recorded.")]


@app.command("list")
def list_(
    program: Program,
    *,
    standing: Annotated[Standing | None, typer.Option(help="Only those that stand so.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="The maximum number of complaints.")] = 20,
    json: Json = False,
) -> None:
    """List complaints, the latest first, with what was said and what was done about each."""
    with api() as trellis:
        found = trellis.list_complaints(program, standing=standing.value if standing else None, limit=limit).rows
    print_answer(found) if json else show(*_listed(found))


@app.command()
def take(program: Program, request: _Request, *, by: _By = None, json: Json = False) -> None:
    """Deal with a complaint: as a case of the journey, if its kit has an escalation for the risk flag feedback."""
    with api() as trellis:
        _say(trellis.take_up_complaint(program, request, by=by), json=json)


@app.command()
def answer(
    program: Program,
    request: _Request,
    *,
    text: Annotated[str, typer.Option(help="What to tell them. It is sent where their journey is open.")],
    by: _By = None,
    json: Json = False,
) -> None:
    """Answer whoever complained."""
    with api() as trellis:
        _say(trellis.answer_complaint(program, request, answer=text, by=by), json=json)


def _say(dealt: Dealt, *, json: bool) -> None:
    print_answer(dealt) if json else show(Line(dealt.says))


def _listed(rows: Sequence[Complaint]) -> Iterator[Line]:
    if not rows:
        yield Line("No complaints match.")
        return
    now = datetime.now(UTC)
    for one in rows:
        about = ", ".join(filter(None, (one.survey, one.session, one.mentor and f"mentor {one.mentor}")))
        yield Line((one.request, "bold"), f"  {_standing(one)}; {one.role}, {distance(one.answered_at, now)}; {about}")
        for said in one.answers:
            yield Line(f"    {said.asks} ", (said.answer, "yellow" if said.low else ""))


def _standing(one: Complaint) -> str:
    if one.standing == "taken_up":
        return f"taken up by {one.by}" + (f" as {one.case}" if one.case else "")
    return f"answered by {one.by}" if one.standing == "answered" else "new"
