"""Cases: who has them, and how people deal with them."""

from datetime import datetime

from domain.ids import CaseId
from domain.journey import events as e
from domain.journey.commands import AcknowledgeCase, ReassignCase, ResolveCase, SnoozeCase
from domain.journey.deciding.refusing import known, within_a_year
from domain.journey.state import Case, JourneyState
from domain.kit import Role


def case_id(nth: int) -> CaseId:
    return CaseId(f"case-{nth}")


def there(who: Role, state: JourneyState) -> Role:
    """What is for the mentor is for ops while there is none."""
    return "ops" if who == "mentor" and state.mentor is None else who


def _open_case(state: JourneyState, case: CaseId) -> Case | None:
    """None for one that was resolved before.

    Raises:
        Rejected: for one that there never was.
    """
    if not state.case(case) and case in {case_id(nth) for nth in range(1, state.cases_opened + 1)}:
        return None
    return known(state.cases, lambda one: one.case, case, "case")


def acknowledge(state: JourneyState, command: AcknowledgeCase, at: datetime) -> e.Events:
    case = _open_case(state, command.case)
    if case is None or case.acknowledged:
        return []
    return [e.CaseAcknowledged(at=at, case=case.case, respond_by=at + case.given)]


def snooze(state: JourneyState, command: SnoozeCase, at: datetime) -> e.Events:
    case = _open_case(state, command.case)
    if case is None or case.snoozed_until == command.until:
        return []
    within_a_year(command.until, at, "the case would rest until a moment")
    return [e.CaseSnoozed(at=at, case=case.case, until=command.until, reason=command.reason)]


def reassign(state: JourneyState, command: ReassignCase, at: datetime) -> e.Events:
    case = _open_case(state, command.case)
    if case is None or case.owner == command.owner:
        return []
    respond_by = at + case.given
    return [e.CaseReassigned(at=at, case=case.case, owner=command.owner, respond_by=respond_by, reason=command.reason)]


def resolve(state: JourneyState, command: ResolveCase, at: datetime) -> e.Events:
    case = _open_case(state, command.case)
    return [e.CaseResolved(at=at, case=case.case, resolution=command.resolution)] if case else []
