"""The schedules of a program as people look at them: what happens when, by which rule; pause one, or run it now.

Temporal keeps them. What they do, and how often, is the newest kit's: another version of the kit changes it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, get_args

from temporalio.client import Client, ScheduleUpdate, ScheduleUpdateInput
from temporalio.service import RPCError, RPCStatusCode

from domain.ids import ProgramId
from domain.kit import Kit
from domain.refusal import NotFound, RefusalCode, Rejected
from kits.lookup import newest
from services.schedules import (
    ByKit,
    Scheduled,
    capacity_review,
    detecting,
    matching_rounds,
    monthly_review,
    pulses,
    quality_round,
    silences,
)
from store.database import Pool

Name = Literal["matching", "capacity", "monthly", "quality", "findings", "pulses", "silences"]
NAMES: Sequence[Name] = get_args(Name)
Standing = Literal["runs", "paused", "missing"]
_NEXT = 3
_PATIENCE_SECONDS = 0.5
"""For what Temporal says of one schedule."""


class Code(RefusalCode):
    NOT_KEPT = "schedule_not_kept"
    """Temporal does not have it: the program is over, or no process keeps schedules."""


class _Kind(NamedTuple):
    by_kit: ByKit
    does: str
    place: str
    """In the kit."""


_KINDS: Mapping[Name, _Kind] = {
    "matching": _Kind(matching_rounds, "Begins a round of matching, if anybody waits.", "matching.rounds.every"),
    "capacity": _Kind(capacity_review, "Records a review of the mentors' capacity.", "capacity.review_every"),
    "monthly": _Kind(monthly_review, "Drafts the review of the month that is over.", "monthly_review"),
    "quality": _Kind(quality_round, "Begins a round of reviews of sessions.", "quality.every"),
    "findings": _Kind(detecting, "Looks for what is wrong in what was recorded.", "detectors.every"),
    "silences": _Kind(silences, "Measures how long learners have been quiet.", "escalations"),
    "pulses": _Kind(pulses, "Asks the short surveys that are due that day.", "surveys"),
}


@dataclass(frozen=True, slots=True)
class ScheduleShown:
    name: Name
    does: str
    place: str
    """The field of the kit that says when it happens."""
    every: timedelta | None
    """None: once a month."""
    monthly: str | None
    """The day of the month, the hour and the time zone, in words."""
    standing: Standing
    """`missing`: Temporal does not have it, as before the first journey of a program starts."""
    next: tuple[datetime, ...]
    """When it happens next, the soonest first, UTC; empty while it is paused."""
    last: datetime | None
    """When it happened last, UTC."""


class NoSuchSchedule(NotFound):
    def __init__(self, program: str, name: str, known: Sequence[str]) -> None:
        super().__init__(
            f"The newest kit of {program!r} has no schedule {name!r}; it has: {', '.join(known) or 'none'}."
        )


async def schedules(pool: Pool, temporal: Client, program: ProgramId) -> list[ScheduleShown]:
    """Those that the newest kit wants. Raises NoSuchProgram, RPCError."""
    wanted = _wanted(await newest(pool, program))
    found = await asyncio.gather(*(_described(temporal, one.id) for one in wanted.values()))
    return [_shown(name, one, is_) for (name, one), is_ in zip(wanted.items(), found, strict=True)]


async def pause(pool: Pool, temporal: Client, program: ProgramId, name: str) -> ScheduleShown:
    """It does not happen until it is resumed, whatever the kit says. Repeating it changes nothing.

    Raises NoSuchProgram, NoSuchSchedule, Rejected, RPCError.
    """
    return await _set(pool, temporal, program, name, paused=True)


async def resume(pool: Pool, temporal: Client, program: ProgramId, name: str) -> ScheduleShown:
    """It happens from its next time on; what was due meanwhile is not made up for. Raises as `pause`."""
    return await _set(pool, temporal, program, name, paused=False)


async def run_now(pool: Pool, temporal: Client, program: ProgramId, name: str) -> ScheduleShown:
    """Once, beside its times. While it is under way, nothing more is begun. Raises as `pause`."""
    wanted = await _one(pool, program, name)
    try:
        await temporal.get_schedule_handle(wanted.id).trigger()
    except RPCError as error:
        raise _lacking(error, name) from error
    return await _again(temporal, name, wanted)


async def _set(pool: Pool, temporal: Client, program: ProgramId, name: str, *, paused: bool) -> ScheduleShown:
    wanted = await _one(pool, program, name)

    def changed(now: ScheduleUpdateInput) -> ScheduleUpdate | None:
        """With the note as it is: by it, a schedule is known to be in step with its kit."""
        schedule = now.description.schedule
        if schedule.state.paused is paused:
            return None
        schedule.state.paused = paused
        return ScheduleUpdate(schedule)

    try:
        await temporal.get_schedule_handle(wanted.id).update(changed)
    except RPCError as error:
        raise _lacking(error, name) from error
    return await _again(temporal, name, wanted)


async def _one(pool: Pool, program: ProgramId, name: str) -> Scheduled:
    wanted = _wanted(await newest(pool, program))
    found = next((one for known, one in wanted.items() if known == name), None)
    if found is None:
        raise NoSuchSchedule(program, name, list(wanted))
    return found


def _wanted(kit: Kit) -> dict[Name, Scheduled]:
    return {name: one for name, kind in _KINDS.items() if (one := kind.by_kit(kit))}


async def _again(temporal: Client, name: str, wanted: Scheduled) -> ScheduleShown:
    known = next(one for one in NAMES if one == name)
    return _shown(known, wanted, await _described(temporal, wanted.id))


class _Found(NamedTuple):
    paused: bool
    next: Sequence[datetime]
    last: datetime | None


async def _described(temporal: Client, id_: str) -> _Found | None:
    """As it is now; where Temporal takes long to say so, as it lists it, which may be a moment behind. None: it has no
    such schedule."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            found = await temporal.get_schedule_handle(id_).describe()
    except TimeoutError:
        return await _listed(temporal, id_)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    last = max((one.started_at for one in found.info.recent_actions), default=None)
    return _Found(found.schedule.state.paused, found.info.next_action_times, last)


async def _listed(temporal: Client, id_: str) -> _Found | None:
    async for one in await temporal.list_schedules():
        if one.id == id_ and one.info and one.schedule:
            last = max((each.started_at for each in one.info.recent_actions), default=None)
            return _Found(one.schedule.state.paused, one.info.next_action_times, last)
    return None


def _lacking(error: RPCError, name: str) -> Exception:
    if error.status is not RPCStatusCode.NOT_FOUND:
        return error
    says = (
        f"the schedule {name!r} is not kept yet: it is made while the program has an open journey or its enrollment is "
        "open, by a process with the role programs"
    )
    return Rejected(Code.NOT_KEPT, says, {"schedule": name})


def _shown(name: Name, wanted: Scheduled, found: _Found | None) -> ScheduleShown:
    kind, when = _KINDS[name], wanted.monthly
    return ScheduleShown(
        name=name,
        does=kind.does,
        place=kind.place,
        every=None if when else wanted.every,
        monthly=f"on day {when.day} at {when.hour:02}:00, {when.zone}" if when else None,
        standing="missing" if found is None else "paused" if found.paused else "runs",
        next=tuple(found.next[:_NEXT]) if found and not found.paused else (),
        last=found.last if found else None,
    )
