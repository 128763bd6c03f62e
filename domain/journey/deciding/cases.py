"""Cases: who has them, and how people deal with them."""

from datetime import datetime
from typing import Literal

from domain.ids import CaseId
from domain.journey import events as e
from domain.journey.commands import AcknowledgeCase, ReassignCase, ResolveCase, SnoozeCase
from domain.journey.deciding.refusing import Rejected, by_role, known, within_a_year
from domain.journey.deciding.repeating import is_recorded, nothing_new
from domain.journey.state import Case, JourneyState
from domain.kit import Kit, Role


def case_id(nth: int) -> CaseId:
    return CaseId(f"case-{nth}")


def there(who: Role, state: JourneyState) -> Role:
    """What is for the mentor is for ops while there is none."""
    return "ops" if who == "mentor" and state.mentor is None else who


def _open_case(state: JourneyState, case: CaseId) -> Case | None:
    """None for one that is closed.

    Raises:
        Rejected: for one that there never was.
    """
    if is_closed(state, case):
        return None
    return known(state.cases, lambda one: one.case, case, "case")


def is_closed(state: JourneyState, case: CaseId) -> bool:
    return not state.case(case) and case in {case_id(nth) for nth in range(1, state.cases_opened + 1)}


def _gone(case: CaseId) -> str:
    return f"{case} is closed already; what has come up since can be told by ask_for_help or raise_risk_flag"


def acknowledge(state: JourneyState, command: AcknowledgeCase, at: datetime) -> e.Events:
    case = _open_case(state, command.case)
    if case is None:
        return nothing_new(state, f"acknowledged:{command.case}", otherwise=_gone(command.case))
    if case.acknowledged:
        return []
    return [e.CaseAcknowledged(at=at, case=case.case, respond_by=at + case.given)]


def snooze(state: JourneyState, command: SnoozeCase, at: datetime) -> e.Events:
    case = _open_case(state, command.case)
    said = (f"snoozed:{command.case}", command.until, command.reason)
    if case is None:
        return nothing_new(state, *said, otherwise=_gone(command.case))
    if case.snoozed_until == command.until and is_recorded(state, *said):
        return []
    within_a_year(command.until, at, "the case would rest until a moment")
    return [e.CaseSnoozed(at=at, case=case.case, until=command.until, reason=command.reason)]


def reassign(state: JourneyState, command: ReassignCase, at: datetime) -> e.Events:
    case = _open_case(state, command.case)
    said = (f"reassigned:{command.case}", command.owner, command.reason)
    if case is None:
        return nothing_new(state, *said, otherwise=_gone(command.case))
    if case.owner == command.owner:
        there = f"{by_role(command.owner)} {'have' if command.owner == 'ops' else 'has'} {case.case} already"
        return nothing_new(state, *said, otherwise=f"{there}; reassign it to somebody else, or leave it")
    respond_by = at + case.given
    return [e.CaseReassigned(at=at, case=case.case, owner=command.owner, respond_by=respond_by, reason=command.reason)]


def has_holder(state: JourneyState, command: ReassignCase) -> None:
    """Raises Rejected for an owner who is not there."""
    if command.owner == "mentor" and state.mentor is None and state.case(command.case):
        raise Rejected(f"there is no mentor who could have {command.case}; it stays with ops until one is found")


def resolve(state: JourneyState, command: ResolveCase, at: datetime) -> e.Events:
    case = _open_case(state, command.case)
    if case is None:
        said = (f"resolved:{command.case}", command.resolution)
        return nothing_new(state, *said, otherwise=_gone(command.case))
    return [e.CaseResolved(at=at, case=case.case, resolution=command.resolution)]


def handed_on(_: Kit, __: JourneyState, state: JourneyState, happened: e.Events) -> e.Events:
    """Cases of a mentor who left go to ops; the next mentor has those that were left, unless ops have taken them on."""
    at = happened[0].at
    if any(isinstance(one, e.MentorReleased) for one in happened) and state.mentor is None:
        return [_handed_to("ops", one, at) for one in state.cases if one.owner == "mentor"]
    if any(isinstance(one, e.MentorMatched) for one in happened):
        left = (one for one in state.cases if one.owner == "mentor" or (one.handed_on and not one.acknowledged))
        return [_handed_to("mentor", one, at) for one in left]
    return []


def _handed_to(owner: Literal["mentor", "ops"], case: Case, at: datetime) -> e.CaseHandedOn:
    reason: Literal["mentor_left", "mentor_found"] = "mentor_left" if owner == "ops" else "mentor_found"
    return e.CaseHandedOn(at=at, case=case.case, owner=owner, respond_by=at + case.given, reason=reason)
