"""A proposal to change a program: why, by which evidence, whose it is, and what became of it.

In reading order: events, commands, state, evolve, decide. Its stream is `proposal-` and its id, `PROGRAM-NUMBER`.

    proposed ─► accepted ─► tried ─► kept
        │          │  ▲        ├───► dropped
        └─► declined ─┘        └───► tried (again, in another version or group)
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Literal, Self, TypeVar, assert_never, get_args

from pydantic import Field, StringConstraints, model_validator

from domain.decider import Decider
from domain.ids import SLUG, CohortId, KitDigest, ProgramId, ProposalId, StreamId
from domain.refusal import RefusalCode, Rejected
from domain.values import Actor, Event, Frozen, Number, Personal, Whole, changed

EVIDENCE_AT_MOST = 50

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")
]
"""One line that whoever sees the figures of a program may read: it names nobody."""

Decision = Literal["accepted", "declined"]
Status = Literal["proposed", "accepted", "declined", "tried", "kept", "dropped"]
STATUSES: tuple[Status, ...] = get_args(Status)
Source = Literal["feedback", "intake", "quality", "measures", "complaints", "other"]


def proposal_stream(proposal: ProposalId) -> StreamId:
    return StreamId(f"proposal-{proposal}")


class Evidence(Frozen):
    """Something that speaks for a proposal, with its figure as it was then."""

    says: Line
    source: Source = "other"
    subject: Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    """What the figure is of, such as `template=first-session` or `question=weekly_hours`."""
    n: Annotated[Whole, Field(ge=0, le=10**12)] | None = None
    """From how many it comes."""
    estimate: Number | None = None
    low: Number | None = None
    """With `high`, its interval."""
    high: Number | None = None


class ProposalMade(Event):
    """Somebody proposes to change the program. Nothing changes by that."""

    type: ClassVar[str] = "proposal.made"
    program: ProgramId
    title: Line
    text: Personal
    evidence: tuple[Evidence, ...]
    owner: Actor
    by: Actor


class ProposalDecided(Event):
    """It is to be tried, or not. It may be decided otherwise until it is tried."""

    type: ClassVar[str] = "proposal.decided"
    decision: Decision
    reason: Personal
    by: Actor


class ProposalTried(Event):
    """It is in effect: in a version of the kit, in a group, or in both."""

    type: ClassVar[str] = "proposal.tried"
    kit: KitDigest | None
    version: str | None
    cohort: CohortId | None
    by: Actor


class ProposalKept(Event):
    """It did what it was to do, and stays. That ends it."""

    type: ClassVar[str] = "proposal.kept"
    reason: Personal
    by: Actor


class ProposalDropped(Event):
    """It is given up. That ends it; to take it up again, propose it anew."""

    type: ClassVar[str] = "proposal.dropped"
    reason: Personal
    by: Actor


class ProposalReassigned(Event):
    """Somebody else sees to it."""

    type: ClassVar[str] = "proposal.reassigned"
    owner: Actor
    by: Actor


ProposalEvent = ProposalMade | ProposalDecided | ProposalTried | ProposalKept | ProposalDropped | ProposalReassigned
EVENTS: dict[str, type[ProposalEvent]] = {event.type: event for event in get_args(ProposalEvent)}


class ProposalCommand(Frozen):
    by: Actor = "ops"


class MakeProposal(ProposalCommand):
    program: Annotated[ProgramId, SLUG]
    title: Line
    text: Personal = ""
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=EVIDENCE_AT_MOST)
    owner: Actor | None = None
    """Who sees to it. Default: who makes it."""


class DecideProposal(ProposalCommand):
    decision: Decision
    reason: Personal = Field(min_length=1)


Trial = TypeVar("Trial", bound=Frozen)


def somewhere(trial: Trial, kit: str | None, cohort: str | None) -> Trial:
    """Raises ValueError for a trial that is nowhere."""
    if kit is None and cohort is None:
        raise ValueError("name the version of the kit or the group in which it is tried")
    return trial


class TryProposal(ProposalCommand):
    """At least one of the kit and the group is named."""

    kit: KitDigest | None = None
    version: str | None = None
    cohort: Annotated[CohortId, SLUG] | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        return somewhere(self, self.kit, self.cohort)


class KeepProposal(ProposalCommand):
    reason: Personal = Field(min_length=1)
    """What came of it."""


class DropProposal(ProposalCommand):
    reason: Personal = Field(min_length=1)


class ReassignProposal(ProposalCommand):
    owner: Actor


Command = MakeProposal | DecideProposal | TryProposal | KeepProposal | DropProposal | ReassignProposal


class Code(RefusalCode):
    """Why a proposal refuses a command."""

    UNKNOWN = "proposal_unknown"
    TAKEN = "proposal_exists"
    """Another one has this id."""
    STATUS = "proposal_status"
    """`status`: the one that it has; it does not go with the command."""


class ProposalState(Frozen):
    made: ProposalMade | None = None
    status: Status = "proposed"
    owner: Actor = "ops"
    decided: ProposalDecided | None = None
    tried: tuple[ProposalTried, ...] = ()
    """In the order in which it was."""
    ended: ProposalKept | ProposalDropped | None = None


INITIAL = ProposalState()


def evolve(state: ProposalState, event: ProposalEvent) -> ProposalState:
    match event:
        case ProposalMade():
            return changed(state, {"made": event, "owner": event.owner})
        case ProposalDecided():
            return changed(state, {"decided": event, "status": event.decision})
        case ProposalTried():
            return changed(state, {"tried": (*state.tried, event), "status": "tried"})
        case ProposalKept():
            return changed(state, {"ended": event, "status": "kept"})
        case ProposalDropped():
            return changed(state, {"ended": event, "status": "dropped"})
        case ProposalReassigned():
            return changed(state, {"owner": event.owner})
        case _:
            assert_never(event)


def decide(state: ProposalState, command: Command, at: datetime) -> list[ProposalEvent]:
    """Returns no events for a command that changes nothing, such as a repeated one.

    Raises:
        Rejected: when the status of the proposal does not allow it.
    """
    if isinstance(command, MakeProposal):
        return _make(state, command, at)
    if state.made is None:
        raise Rejected(Code.UNKNOWN, "there is no such proposal; `trellis proposals list` lists those there are")
    match command:
        case DecideProposal():
            return _decide(state, command, at)
        case TryProposal():
            return _try(state, command, at)
        case KeepProposal():
            return _keep(state, command, at)
        case DropProposal():
            return _drop(state, command, at)
        case ReassignProposal():
            _require(state, "proposed", "accepted", "tried")
            same = command.owner == state.owner
            return [] if same else [ProposalReassigned(at=at, owner=command.owner, by=command.by)]
        case _:
            assert_never(command)


def _make(state: ProposalState, command: MakeProposal, at: datetime) -> list[ProposalEvent]:
    owner = command.owner or command.by
    made = ProposalMade(
        at=at,
        program=command.program,
        title=command.title,
        text=command.text,
        evidence=command.evidence,
        owner=owner,
        by=command.by,
    )
    if state.made is None:
        return [made]
    if _content(state.made) == _content(made):
        return []
    raise Rejected(Code.TAKEN, "there is another proposal with this id; leave the id out to get a new one")


def _content(made: ProposalMade) -> Mapping[str, object]:
    return made.model_dump(exclude={"at", "by", "owner"})


def _decide(state: ProposalState, command: DecideProposal, at: datetime) -> list[ProposalEvent]:
    decided = state.decided
    if decided and (decided.decision, decided.reason) == (command.decision, command.reason):
        return []
    _require(state, "proposed", "accepted", "declined")
    return [ProposalDecided(at=at, decision=command.decision, reason=command.reason, by=command.by)]


def _try(state: ProposalState, command: TryProposal, at: datetime) -> list[ProposalEvent]:
    if any((one.kit, one.cohort) == (command.kit, command.cohort) for one in state.tried):
        return []
    _require(state, "accepted", "tried")
    return [ProposalTried(at=at, kit=command.kit, version=command.version, cohort=command.cohort, by=command.by)]


def _keep(state: ProposalState, command: KeepProposal, at: datetime) -> list[ProposalEvent]:
    if isinstance(state.ended, ProposalKept) and state.ended.reason == command.reason:
        return []
    _require(state, "tried")
    return [ProposalKept(at=at, reason=command.reason, by=command.by)]


def _drop(state: ProposalState, command: DropProposal, at: datetime) -> list[ProposalEvent]:
    if isinstance(state.ended, ProposalDropped) and state.ended.reason == command.reason:
        return []
    _require(state, "proposed", "accepted", "tried")
    return [ProposalDropped(at=at, reason=command.reason, by=command.by)]


_NEXT: Mapping[Status, str] = {
    "proposed": "decide about it first, or drop it",
    "accepted": "try it in a version of the kit or in a group, decide otherwise, or drop it",
    "declined": "decide otherwise if it is to be tried after all",
    "tried": "keep it or drop it, with what came of it",
    "kept": "make another proposal to change it again",
    "dropped": "make another proposal to take it up again",
}


def _require(state: ProposalState, *those: Status) -> None:
    """Raises Rejected."""
    if state.status not in those:
        says = f"the proposal is {state.status}; {_NEXT[state.status]}"
        raise Rejected(Code.STATUS, says, {"status": state.status})


PROPOSAL: Decider[Command, ProposalState, ProposalEvent] = Decider(EVENTS, INITIAL, decide, evolve)
