"""Cases: who has them, and how people deal with them."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, Literal, assert_never

from pydantic import AwareDatetime, Field

from domain.ids import CaseId
from domain.journey import flags
from domain.journey.bases import ActorEvent, Events, NamedCommand, Repeatable
from domain.journey.duty import Awaited, place_of_step
from domain.journey.escalations import fired, without_ladder
from domain.journey.matching import MentorMatched, MentorReleased
from domain.journey.parts import changed
from domain.journey.refusing import Code, by_role, require_within_a_year, unknown
from domain.journey.repeating import digest, is_recorded, nothing_new
from domain.journey.state import Case, JourneyState, is_support
from domain.journey.steps import on_the_clock
from domain.kit import Kit, Role, Severity
from domain.refusal import Rejected
from domain.values import Event, Instant, Personal


class CaseOpened(Event):
    """An escalation fired and a person is wanted: the owner answers by `respond_by`."""

    type: ClassVar[str] = "journey.case_opened"
    case: CaseId
    rule: str
    about: str
    step: int = 0
    severity: Severity
    owner: Role
    respond_by: AwareDatetime


class CaseAcknowledged(ActorEvent, Repeatable):
    """The owner has seen the case, and is given as long again to resolve it; its rule goes no further before."""

    type: ClassVar[str] = "journey.case_acknowledged"
    case: CaseId
    respond_by: AwareDatetime

    def key_and_digest(self) -> tuple[str, str]:
        return f"acknowledged:{self.case}", digest()


class CaseSnoozed(ActorEvent, Repeatable):
    """The case rests until then, for a reason; it is late only after that, and its rule goes no further before."""

    type: ClassVar[str] = "journey.case_snoozed"
    case: CaseId
    until: AwareDatetime
    reason: Personal

    def key_and_digest(self) -> tuple[str, str]:
        return f"snoozed:{self.case}", digest(self.until, self.reason)


class CaseReassigned(ActorEvent, Repeatable):
    """The case has another owner, who is given the same time as the first."""

    type: ClassVar[str] = "journey.case_reassigned"
    case: CaseId
    owner: Role
    respond_by: AwareDatetime
    reason: Personal

    def key_and_digest(self) -> tuple[str, str]:
        return f"reassigned:{self.case}", digest(self.owner, self.reason)


class CaseHandedOn(Event):
    """The case goes to those who have its duty now: to ops when the mentor left, to the mentor when there is one again.
    They are given the same time as the first owner."""

    type: ClassVar[str] = "journey.case_handed_on"
    case: CaseId
    owner: Role
    respond_by: AwareDatetime
    reason: Literal["mentor_left", "mentor_found"]


class CaseResolved(ActorEvent, Repeatable):
    """A person dealt with the case and said how. The rule's further steps are not taken."""

    type: ClassVar[str] = "journey.case_resolved"
    case: CaseId
    resolution: Personal

    def key_and_digest(self) -> tuple[str, str]:
        return f"resolved:{self.case}", digest(self.resolution)


CaseEvent = CaseOpened | CaseAcknowledged | CaseSnoozed | CaseReassigned | CaseHandedOn | CaseResolved


class AcknowledgeCase(NamedCommand):
    """Say that a case has been seen."""

    name: ClassVar[str] = "acknowledge_case"
    case: CaseId


class SnoozeCase(NamedCommand):
    """Let a case rest until a moment, for a reason."""

    name: ClassVar[str] = "snooze_case"
    case: CaseId
    until: Instant
    reason: Personal = Field(min_length=1)


class ReassignCase(NamedCommand):
    """Give a case to another owner."""

    name: ClassVar[str] = "reassign_case"
    case: CaseId
    owner: Literal["mentor", "ops"]
    reason: Personal = Field(min_length=1)


class ResolveCase(NamedCommand):
    """Say how an escalation case was dealt with."""

    name: ClassVar[str] = "resolve_case"
    case: CaseId
    resolution: Personal = Field(min_length=1)


CaseCommand = AcknowledgeCase | SnoozeCase | ReassignCase | ResolveCase


# Rules


def decide(_: Kit, state: JourneyState, command: CaseCommand, at: datetime) -> Events:
    match command:
        case AcknowledgeCase():
            return _acknowledge(state, command, at)
        case SnoozeCase():
            return _snooze(state, command, at)
        case ReassignCase():
            return _reassign(state, command, at)
        case ResolveCase():
            return _resolve(state, command, at)
        case _:
            assert_never(command)


def case_id(nth: int) -> CaseId:
    return CaseId(f"case-{nth}")


def _open_case(state: JourneyState, case: CaseId) -> Case | None:
    """None for one that is closed.

    Raises:
        Rejected: for one that there never was.
    """
    if is_closed(state, case):
        return None
    if found := state.case(case):
        return found
    raise unknown("case", case, [one.case for one in state.cases], Code.UNKNOWN_CASE)


def is_closed(state: JourneyState, case: CaseId) -> bool:
    return not state.case(case) and case in {case_id(nth) for nth in range(1, state.cases_opened + 1)}


def _gone(case: CaseId) -> str:
    return f"{case} is closed already; report anything new with ask_for_help or raise_risk_flag"


def _acknowledge(state: JourneyState, command: AcknowledgeCase, at: datetime) -> Events:
    case = _open_case(state, command.case)
    if case is None:
        return nothing_new(state, f"acknowledged:{command.case}", otherwise=_gone(command.case), code=Code.CASE_CLOSED)
    if case.acknowledged:
        return []
    return [CaseAcknowledged(at=at, case=case.case, respond_by=at + case.given)]


def _snooze(state: JourneyState, command: SnoozeCase, at: datetime) -> Events:
    case = _open_case(state, command.case)
    said = (f"snoozed:{command.case}", command.until, command.reason)
    if case is None:
        return nothing_new(state, *said, otherwise=_gone(command.case), code=Code.CASE_CLOSED)
    if case.snoozed_until == command.until and is_recorded(state, *said):
        return []
    require_within_a_year(command.until, at, "the case would rest until a moment")
    return [CaseSnoozed(at=at, case=case.case, until=command.until, reason=command.reason)]


def _reassign(state: JourneyState, command: ReassignCase, at: datetime) -> Events:
    case = _open_case(state, command.case)
    said = (f"reassigned:{command.case}", command.owner, command.reason)
    if case is None:
        return nothing_new(state, *said, otherwise=_gone(command.case), code=Code.CASE_CLOSED)
    if case.owner == command.owner:
        there = f"{by_role(command.owner)} {'have' if command.owner == 'ops' else 'has'} {case.case} already"
        return nothing_new(state, *said, otherwise=f"{there}; reassign it to somebody else, or leave it")
    respond_by = at + case.given
    return [CaseReassigned(at=at, case=case.case, owner=command.owner, respond_by=respond_by, reason=command.reason)]


def require_holder(_: Kit, state: JourneyState, command: ReassignCase, __: datetime) -> None:
    """Raises Rejected for an owner who is not there."""
    if command.owner == "mentor" and state.mentor is None and state.case(command.case):
        raise Rejected(
            Code.NO_MENTOR, f"there is no mentor who could have {command.case}; it stays with ops until one is found"
        )


def _resolve(state: JourneyState, command: ResolveCase, at: datetime) -> Events:
    case = _open_case(state, command.case)
    if case is None:
        said = (f"resolved:{command.case}", command.resolution)
        return nothing_new(state, *said, otherwise=_gone(command.case), code=Code.CASE_CLOSED)
    return [CaseResolved(at=at, case=case.case, resolution=command.resolution)]


def handed_on(_: Kit, __: JourneyState, state: JourneyState, happened: Events) -> Events:
    """Cases of a mentor who left go to ops; the next mentor has those that were left, unless ops have taken them on."""
    if not state.cases:
        return []
    at = happened[0].at
    if any(isinstance(one, MentorReleased) for one in happened) and state.mentor is None:
        return [_handed_to("ops", one, at) for one in state.cases if one.owner == "mentor"]
    if any(isinstance(one, MentorMatched) for one in happened):
        left = (one for one in state.cases if one.owner == "mentor" or (one.handed_on and not one.acknowledged))
        return [_handed_to("mentor", one, at) for one in left]
    return []


def _handed_to(owner: Literal["mentor", "ops"], case: Case, at: datetime) -> CaseHandedOn:
    reason: Literal["mentor_left", "mentor_found"] = "mentor_left" if owner == "ops" else "mentor_found"
    return CaseHandedOn(at=at, case=case.case, owner=owner, respond_by=at + case.given, reason=reason)


# The state


def evolve(state: JourneyState, event: CaseEvent) -> JourneyState:
    match event:
        case CaseOpened():
            return _case_opened(state, event)
        case CaseAcknowledged():
            return _with_case(state, event, event.respond_by, acknowledged=True, snoozed_until=None)
        case CaseSnoozed():
            return _with_case(state, event, event.until, snoozed_until=event.until)
        case CaseReassigned() | CaseHandedOn():
            handed_on = isinstance(event, CaseHandedOn) and event.owner == "ops"
            anew = {"owner": event.owner, "acknowledged": False, "snoozed_until": None, "handed_on": handed_on}
            return _with_case(state, event, event.respond_by, **anew)
        case CaseResolved():
            return _case_resolved(state, event)
        case _:
            assert_never(event)


def _case_opened(state: JourneyState, event: CaseOpened) -> JourneyState:
    case = Case(
        case=event.case,
        rule=event.rule,
        about=event.about,
        severity=event.severity,
        owner=event.owner,
        step=event.step,
        opened_at=event.at,
        since=on_the_clock(state, event.at, event.at),
        respond_by=on_the_clock(state, event.at, event.respond_by),
        given=event.respond_by - event.at,
    )
    state = changed(state, cases=(*state.cases, case), cases_opened=state.cases_opened + 1)
    return fired(state, event.rule, event.about, event.step, event.at)


def _with_case(
    state: JourneyState,
    event: CaseAcknowledged | CaseSnoozed | CaseReassigned | CaseHandedOn,
    due_at: datetime,
    **also: object,
) -> JourneyState:
    changes = also | {
        "since": on_the_clock(state, event.at, event.at),
        "respond_by": on_the_clock(state, event.at, due_at),
    }
    return changed(
        state,
        cases=tuple(
            changed(one, **changes, turn=one.turn + 1) if one.case == event.case else one for one in state.cases
        ),
    )


def _case_resolved(state: JourneyState, event: CaseResolved) -> JourneyState:
    resolved = state.case(event.case)
    cases = tuple(one for one in state.cases if one.case != event.case)
    return flags.resolved(changed(without_ladder(state, resolved), cases=cases), resolved)


# What is awaited


def duties(one: Case) -> Iterator[Awaited]:
    yield Awaited(
        duty="case",
        about=f"case:{one.case}" if one.turn == 1 else f"case:{one.case}#{one.turn}",
        who=one.owner,
        since=one.since,
        due_at=one.respond_by,
        rule=f"{place_of_step(one.rule, one.step)}.{'stands_for' if is_support(one.about) else 'respond_within'}",
    )
