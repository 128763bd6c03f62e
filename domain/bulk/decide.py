"""What a bulk action does when it is asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from domain.bulk.commands import BeginBulk, BulkCommand, FinishBulk, PauseBulk, PlanBulk, ResumeBulk, StopBulk
from domain.bulk.events import (
    EVENTS,
    BulkBegun,
    BulkEvent,
    BulkFinished,
    BulkPaused,
    BulkPlanned,
    BulkResumed,
    BulkStopped,
)
from domain.bulk.state import BulkState, evolve
from domain.decider import Decider
from domain.refusal import NotFound, RefusalCode, Rejected
from domain.values import counted

PLAN_KEPT = timedelta(days=1)
"""How long a plan can be confirmed. What it says would be refused is not true for ever."""


class Code(RefusalCode):
    """Why a bulk action is refused, or refuses a command."""

    FILTER_EMPTY = "filter_empty"
    TOO_LARGE = "selection_too_large"
    """`most`: how many journeys there may be."""
    NOTHING_SELECTED = "nothing_selected"
    NOT_CONFIRMED = "bulk_not_confirmed"
    """`journeys`: for how many it was planned."""
    ANOTHER_PLAN = "another_plan"
    PLAN_TOO_OLD = "bulk_plan_too_old"
    NOT_BEGUN = "bulk_not_begun"
    OVER = "bulk_over"
    """`status`: `stopped` or `finished`."""


def decide(state: BulkState | None, command: BulkCommand, at: datetime) -> Sequence[BulkEvent]:
    """Returns no events for a command that changes nothing, such as a repeated one.

    Raises:
        Rejected: when it does not fit where the action stands.
        NotFound: when there is no such action.
    """
    if isinstance(command, PlanBulk):
        return [] if state else [BulkPlanned.model_validate({"at": at, **command.model_dump()})]
    if state is None:
        raise NotFound("there is no such bulk action; `trellis bulk list` shows those there are")
    match command:
        case BeginBulk():
            return _begin(state, command, at)
        case PauseBulk():
            _require_begun(state)
            return [] if state.status == "paused" else [BulkPaused(at=at, reason=command.reason)]
        case ResumeBulk():
            _require_begun(state)
            unchanged = state.status == "running" and command.rate in (None, state.rate)
            return [] if unchanged else [BulkResumed(at=at, rate=command.rate)]
        case StopBulk():
            if state.status == "stopped":
                return []
            _require_not_over(state)
            return [BulkStopped(at=at, reason=command.reason)]
        case FinishBulk():
            return [BulkFinished(at=at, outcomes=command.outcomes)] if state.is_open else []
        case _:
            assert_never(command)


def _begin(state: BulkState, command: BeginBulk, at: datetime) -> list[BulkEvent]:
    _require_confirmed(state, command)
    if state.is_open or state.status == "finished":
        return []
    _require_not_over(state)
    if state.plan.journeys == 0:
        raise Rejected(Code.NOTHING_SELECTED, "no journey was selected, so there is nothing to do")
    if at - state.plan.at > PLAN_KEPT:
        raise Rejected(
            Code.PLAN_TOO_OLD,
            f"it was planned on {state.plan.at:%d %B %Y at %H:%M} UTC, more than a day ago; plan again",
        )
    return [BulkBegun(at=at)]


def _require_confirmed(state: BulkState, command: BeginBulk) -> None:
    plan = state.plan
    given = command.digest == plan.digest if command.digest is not None else command.journeys == plan.journeys
    if not given:
        raise Rejected(
            Code.NOT_CONFIRMED,
            f"the plan is for {counted(plan.journeys, 'journey')}; to confirm it, give this number or its digest",
            {"journeys": plan.journeys},
        )


def _require_begun(state: BulkState) -> None:
    _require_not_over(state)
    if state.status == "planned":
        raise Rejected(Code.NOT_BEGUN, "it is only planned, and nobody has confirmed it yet")


def _require_not_over(state: BulkState) -> None:
    if state.is_over:
        raise Rejected(Code.OVER, f"it is {state.status} already; plan another one", {"status": state.status})


BULK: Decider[BulkCommand, BulkState | None, BulkEvent] = Decider(EVENTS, None, decide, evolve)
