"""Proposals to change a program: the list of them, one of them, and what can be decided about it now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from pydantic import field_validator
from pydantic_core import from_json

from domain.ids import ProgramId, ProposalId
from domain.proposal import STATUSES, Evidence
from interfaces.http.pages.asked import NOTHING
from interfaces.http.pages.fields import Form, Option, form_of
from interfaces.http.pages.rendering import When
from interfaces.http.v1.proposals import NewProposal, ProposalDecision, ProposalOutcome, ProposalOwner, ProposalTrial
from projections.views.proposals import ProposalRow
from queries.listing import Listing
from queries.proposals import ProposalRecord

PAGE = 50


@dataclass(frozen=True, slots=True)
class ProposalLine:
    id: str
    title: str
    status: str
    owner: str
    made: When
    where: str


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    program: str
    rows: Sequence[ProposalLine]
    opens: bool
    """Whether each leads to its own page, which has its words."""
    status: str
    statuses: Sequence[str]
    make: Form | None
    refused: Form | None
    first: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Step:
    what: str
    when: When
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class ProposalPage:
    id: str
    program: str
    title: str
    status: str
    owner: str
    text: str
    evidence: Listing
    steps: Sequence[Step]
    forms: Sequence[Form]
    """What can be decided now, the likeliest first."""
    refused: Form | None


def proposals_page(
    program: ProgramId, found: Sequence[ProposalRow], now: datetime, *, opens: bool, status: str, after: str | None
) -> ProposalsPage:
    """`after`: the cursor behind the last one that is shown, where there are more."""
    return ProposalsPage(
        program=program,
        rows=[_line(one, now) for one in found[:PAGE]],
        opens=opens,
        status=status,
        statuses=STATUSES,
        make=make_form(program) if opens else None,
        refused=None,
        first=None,
        next=address(program, status, after) if after else None,
    )


def address(program: ProgramId, status: str, after: str | None = None) -> str:
    query = {name: value for name, value in (("status", status), ("after", after)) if value}
    return f"/programs/{program}/proposals{'?' if query else ''}{urlencode(query)}"


def _line(one: ProposalRow, now: datetime) -> ProposalLine:
    made = When.of(one.made_at, now)
    return ProposalLine(one.id, one.title, one.status, one.owner, made, _where(one.kit_version, one.cohort))


def proposal_page(
    found: ProposalRecord, now: datetime, versions: Sequence[str], refused: Form | None = None
) -> ProposalPage:
    """`versions`: those of the kit in which it can be tried."""
    return ProposalPage(
        id=found.id,
        program=found.program,
        title=found.title,
        status=found.status,
        owner=found.owner,
        text=found.text,
        evidence=Listing("Evidence", ("what", "people", "interval"), list(map(_fact, found.evidence))),
        steps=list(_steps(found, now)),
        forms=list(_forms(found, versions)),
        refused=refused,
    )


def _fact(one: Evidence) -> tuple[object, ...]:
    interval = f"{one.low:.3g} to {one.high:.3g}" if one.low is not None and one.high is not None else NOTHING
    return one.says, one.n if one.n is not None else NOTHING, interval


def _steps(found: ProposalRecord, now: datetime) -> Iterator[Step]:
    yield Step("Proposed", When.of(found.made_at, now), found.made_by, "")
    if found.decided:
        decided = found.decided
        yield Step(decided.decision.capitalize(), When.of(decided.at, now), decided.by, decided.reason)
    for one in found.tried:
        yield Step("Tried", When.of(one.at, now), one.by, _where(one.version, one.cohort))
    if found.ended:
        what = "Kept" if found.ended.kept else "Dropped"
        yield Step(what, When.of(found.ended.at, now), found.ended.by, found.ended.reason)


def _where(version: str | None, cohort: str | None) -> str:
    return ", ".join(filter(None, (f"version {version}" if version else "", cohort))) or NOTHING


# What can be decided


def _forms(found: ProposalRecord, versions: Sequence[str]) -> Iterator[Form]:
    if found.status in ("proposed", "accepted", "declined"):
        yield decide_form(found.id)
    if found.status in ("accepted", "tried"):
        yield try_form(found.id, versions)
    if found.status == "tried":
        yield end_form(found.id, "keep")
    if not found.ended:
        yield end_form(found.id, "drop")
        yield owner_form(found.id, found.owner)


class Proposed(NewProposal):
    """As the form sends it: evidence that came with the form is in one unseen field, as JSON."""

    @field_validator("evidence", mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        try:
            return from_json(value) if isinstance(value, str) else value
        except ValueError:
            raise ValueError("the evidence that came with this form is not readable; load the page again") from None


def make_form(program: ProgramId, *, evidence: str = "") -> Form:
    """`evidence`: a JSON list of what speaks for it, which is sent along."""
    return form_of(
        NewProposal,
        f"/programs/{quote(program, safe='')}/proposals",
        title="Propose a change",
        says="Nothing changes by that; it is decided about first.",
        button="Propose it",
        without=("evidence",),
        fixed={"evidence": evidence} if evidence else None,
        labels={"title": "In one line, which names nobody", "text": "What is to change, and why"},
    )


def decide_form(proposal: ProposalId) -> Form:
    return form_of(
        ProposalDecision,
        _below(proposal, "decide"),
        title="Decide",
        says="It may be decided otherwise until it is tried.",
        choices={"decision": [Option("accepted", "Accept"), Option("declined", "Decline")]},
    )


def try_form(proposal: ProposalId, versions: Sequence[str]) -> Form:
    return form_of(
        ProposalTrial,
        _below(proposal, "try"),
        title="Say where it is tried",
        choices={"version": [Option(one, one) for one in versions]},
        labels={"version": "Version of the kit", "cohort": "Group"},
    )


def end_form(proposal: ProposalId, what: str) -> Form:
    """`what`: `keep` or `drop`."""
    title = {"keep": "Keep it", "drop": "Give it up"}[what]
    return form_of(ProposalOutcome, _below(proposal, what), title=title, labels={"reason": "What came of it"})


def owner_form(proposal: ProposalId, owner: str) -> Form:
    return form_of(
        ProposalOwner,
        _below(proposal, "assign"),
        title="Let somebody else see to it",
        button="Assign",
        given={"owner": owner},
    )


def _below(proposal: ProposalId, what: str) -> str:
    return f"/proposals/{quote(proposal, safe='')}/{what}"
