"""When a mentor is on leave and meets nobody."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, ClassVar, Self

from pydantic import model_validator

from domain.ids import SLUG, MentorId
from domain.mentor.state import MentorState
from domain.profiles import Leave
from domain.refusal import RefusalCode, Rejected
from domain.values import Actor, Event, Frozen, Instant, changed

LEAVE_AT_MOST = 200


class LeavePlanned(Event):
    """The mentor meets nobody in this time. Leave that overlaps or adjoins becomes one."""

    type: ClassVar[str] = "mentor.leave_planned"
    leave: Leave


class LeaveCanceled(Event):
    """The mentor is not on leave in this time after all. Leave before and after it stays."""

    type: ClassVar[str] = "mentor.leave_canceled"
    leave: Leave


LeaveEvent = LeavePlanned | LeaveCanceled


class _Time(Frozen):
    mentor: Annotated[MentorId, SLUG]
    starts_at: Instant
    ends_at: Instant
    by: Actor = "ops"

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.starts_at >= self.ends_at:
            raise ValueError("it ends before it begins; give an end that comes after the beginning")
        return self


class PlanLeave(_Time):
    """The mentor meets nobody from `starts_at` until `ends_at`."""


class CancelLeave(_Time):
    """The mentor is there from `starts_at` until `ends_at`."""


LeaveCommand = PlanLeave | CancelLeave


class Code(RefusalCode):
    """Why leave cannot be planned."""

    LEAVE_IS_OVER = "leave_is_over"
    TOO_MUCH_LEAVE = "too_much_leave"
    """`most`: how many separate times of leave a mentor can have ahead."""


def evolve(state: MentorState, event: LeaveEvent) -> MentorState:
    match event:
        case LeavePlanned():
            ahead = [one for one in state.leave if one.ends_at > event.at]
            return changed(state, {"leave": _joined([*ahead, event.leave])})
        case LeaveCanceled():
            left = [part for one in state.leave for part in _without(one, event.leave)]
            return changed(state, {"leave": tuple(left)})


def decide(state: MentorState, command: LeaveCommand, at: datetime) -> list[LeaveEvent]:
    """Returns no event when the mentor is on leave all that time already, or at none of it.

    Raises:
        Rejected: for leave that is over, or too much of it.
    """
    leave = Leave(starts_at=command.starts_at, ends_at=command.ends_at)
    match command:
        case PlanLeave():
            if any(one.starts_at <= leave.starts_at and leave.ends_at <= one.ends_at for one in state.leave):
                return []
            if leave.ends_at <= at:
                raise Rejected(Code.LEAVE_IS_OVER, f"it ended at {leave.ends_at:%Y-%m-%d %H:%M} UTC; give a later end")
            event = LeavePlanned(at=at, leave=leave)
            if len(evolve(state, event).leave) > LEAVE_AT_MOST:
                says = f"{LEAVE_AT_MOST} separate times of leave are the most; cancel one, or give one long one"
                raise Rejected(Code.TOO_MUCH_LEAVE, says, {"most": LEAVE_AT_MOST})
            return [event]
        case CancelLeave():
            touched = any(_overlap(one, leave) for one in state.leave)
            return [LeaveCanceled(at=at, leave=leave)] if touched else []


def _joined(leave: Iterable[Leave]) -> tuple[Leave, ...]:
    joined: list[Leave] = []
    for one in sorted(leave, key=lambda one: one.starts_at):
        if joined and one.starts_at <= joined[-1].ends_at:
            joined[-1] = Leave(starts_at=joined[-1].starts_at, ends_at=max(joined[-1].ends_at, one.ends_at))
        else:
            joined.append(one)
    return tuple(joined)


def _without(one: Leave, canceled: Leave) -> list[Leave]:
    if not _overlap(one, canceled):
        return [one]
    parts = ((one.starts_at, canceled.starts_at), (canceled.ends_at, one.ends_at))
    return [Leave(starts_at=start, ends_at=end) for start, end in parts if start < end]


def _overlap(one: Leave, other: Leave) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
