"""`trellis proposals`: changes to a program that people propose, with their evidence, and what became of them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from client.api.model import UNSET
from client.api.models import Evidence, ProposalRecord, ProposalRow
from domain.words import distance
from interfaces.cli import completing
from interfaces.cli.answers import print_answer
from interfaces.cli.inputs import json_of
from interfaces.cli.options import Json, Program, Reason
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.reaching import api

app = typer.Typer(
    help="Propose changes to a program, decide about them, and say what came of them.", no_args_is_help=True
)


class Status(StrEnum):
    proposed = "proposed"
    accepted = "accepted"
    declined = "declined"
    tried = "tried"
    kept = "kept"
    dropped = "dropped"


_Proposal = Annotated[str, typer.Argument(help="The proposal's id, such as job-ready-3.")]
_By = Annotated[str | None, typer.Option(help="Who does this, such as ops:ana. It is recorded.")]
_Outcome = Annotated[str, typer.Option("--reason", help="What came of it. It is recorded.")]


@app.command("list")
def list_(
    *,
    program: Annotated[
        str | None, typer.Option(help="Only of this program.", autocompletion=completing.programs)
    ] = None,
    status: Annotated[list[Status] | None, typer.Option(help="Only in this status. May be repeated.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only those that they see to, such as ops:ana.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="The maximum number of rows.")] = 50,
    json: Json = False,
) -> None:
    """List proposals, the latest first: whose each one is, and where it stands."""
    with api() as trellis:
        found = trellis.list_proposals(
            program=program, status=[one.value for one in status] if status else None, owner=owner, limit=limit
        ).rows
    print_answer(found) if json else show(*_listed(found))


@app.command("show")
def show_(proposal: _Proposal, *, json: Json = False) -> None:
    """Show a proposal: what it says, by which evidence, and all that was decided about it."""
    with api() as trellis:
        found = trellis.get_proposal(proposal)
    print_answer(found) if json else show(*_shown(found))


@app.command()
def make(
    program: Program,
    title: Annotated[str, typer.Argument(help="The change, in one line that names nobody.")],
    *,
    text: Annotated[str, typer.Option(help="What is to change, and why.")] = "",
    evidence: Annotated[list[str] | None, typer.Option(help="A fact that speaks for it. May be repeated.")] = None,
    evidence_file: Annotated[
        Path | None,
        typer.Option(help="Further evidence: the output of `trellis feedback --json`, or a JSON list.", exists=True),
    ] = None,
    owner: Annotated[str | None, typer.Option(help="Who sees to it, such as ops:ana. Default: you.")] = None,
    by: _By = None,
    json: Json = False,
) -> None:
    """Propose a change to a program. Nothing changes by that."""
    facts: list[Any] = [{"says": one} for one in evidence or ()]
    if evidence_file:
        facts += _read(evidence_file)
    with api() as trellis:
        made = trellis.make_proposal(program, title=title, text=text, evidence=facts, owner=owner or UNSET, by=by)
    _say(made, f"Proposal {made.id} is made. To decide about it: trellis proposals accept {made.id}", json=json)


@app.command()
def accept(proposal: _Proposal, *, reason: Reason, by: _By = None, json: Json = False) -> None:
    """Accept a proposal: it is to be tried."""
    _decide(proposal, "accepted", reason, by, json=json)


@app.command()
def decline(proposal: _Proposal, *, reason: Reason, by: _By = None, json: Json = False) -> None:
    """Decline a proposal. It may be accepted later."""
    _decide(proposal, "declined", reason, by, json=json)


@app.command("try")
def try_(
    proposal: _Proposal,
    *,
    version: Annotated[
        str | None, typer.Option(help="The published version of the kit that has the change, or its digest.")
    ] = None,
    cohort: Annotated[str | None, typer.Option(help="The group in which it is tried (id).")] = None,
    by: _By = None,
    json: Json = False,
) -> None:
    """Say where an accepted proposal is in effect: in a version of the kit, in a group, or in both."""
    if not version and not cohort:
        raise typer.BadParameter("name the version of the kit, or the group", param_hint="--version / --cohort")
    with api() as trellis:
        after = trellis.try_proposal(proposal, version=version or UNSET, cohort=cohort or UNSET, by=by)
    _say(after, f"Proposal {proposal} is being tried.", json=json)


@app.command()
def keep(proposal: _Proposal, *, reason: _Outcome, by: _By = None, json: Json = False) -> None:
    """Say that what was tried stays, and what came of it."""
    with api() as trellis:
        _say(trellis.keep_proposal(proposal, reason=reason, by=by), f"Proposal {proposal} is kept.", json=json)


@app.command()
def drop(proposal: _Proposal, *, reason: Reason, by: _By = None, json: Json = False) -> None:
    """Give a proposal up."""
    with api() as trellis:
        _say(trellis.drop_proposal(proposal, reason=reason, by=by), f"Proposal {proposal} is dropped.", json=json)


@app.command()
def assign(
    proposal: _Proposal,
    owner: Annotated[str, typer.Argument(help="Who sees to it from now on, such as ops:ana.")],
    *,
    by: _By = None,
    json: Json = False,
) -> None:
    """Let somebody else see to a proposal."""
    with api() as trellis:
        _say(trellis.assign_proposal(proposal, owner=owner, by=by), f"{owner} sees to {proposal}.", json=json)


def _decide(
    proposal: str, decision: Literal["accepted", "declined"], reason: str, by: str | None, *, json: bool
) -> None:
    with api() as trellis:
        after = trellis.decide_proposal(proposal, decision=decision, reason=reason, by=by)
    _say(after, f"Proposal {proposal} is {decision}.", json=json)


def _say(found: ProposalRecord, done: str, *, json: bool) -> None:
    print_answer(found) if json else show(Line(done))


def _read(file: Path) -> list[Any]:
    found = json_of(file)
    facts = found.get("evidence") if isinstance(found, dict) else found
    if not isinstance(facts, list):
        raise typer.BadParameter(f"{file} holds no list of evidence", param_hint="--evidence-file")
    return facts


def _listed(rows: Sequence[ProposalRow]) -> Iterator[Line | Grid]:
    if not rows:
        yield Line("No proposals match. To make one: trellis proposals make PROGRAM TITLE")
        return
    now = datetime.now(UTC)
    columns = ("proposal", "status", "owner", "made", "tried in", "title")
    yield Grid(
        columns,
        [Row((one.id, one.status, one.owner, distance(one.made_at, now), _where(one), one.title)) for one in rows],
    )


def _where(one: ProposalRow) -> str:
    kit = f"version {one.kit_version}" if one.kit_version else ""
    return ", ".join(filter(None, (kit, one.cohort))) or "-"


def _shown(found: ProposalRecord) -> Iterator[Line | Grid]:
    yield Line((found.title, "bold"))
    yield Line(f"{found.id}, {found.status}; made {_when(found.made_at)} by {found.made_by}; {found.owner} sees to it")
    if found.text:
        yield Line(found.text)
    for fact in found.evidence:
        yield Line(f"  - {fact.says}{_figure(fact)}")
    if found.decided:
        yield Line(f"{found.decided.decision} {_when(found.decided.at)} by {found.decided.by}: {found.decided.reason}")
    for one in found.tried:
        kit = f"version {one.version}" if one.version else ""
        yield Line(f"tried {_when(one.at)} by {one.by}: {', '.join(filter(None, (kit, one.cohort)))}")
    if found.ended:
        what = "kept" if found.ended.kept else "dropped"
        yield Line(f"{what} {_when(found.ended.at)} by {found.ended.by}: {found.ended.reason}")


def _figure(fact: Evidence) -> str:
    parts = []
    if isinstance(fact.low, float | int) and isinstance(fact.high, float | int):
        parts.append(f"interval {fact.low:.3g} to {fact.high:.3g}")
    if isinstance(fact.n, int):
        parts.append(f"n = {fact.n}")
    return f" ({', '.join(parts)})" if parts else ""


def _when(at: datetime) -> str:
    return distance(at, datetime.now(UTC))
