"""Keeps Temporal's Schedules in step with the kits: what a program does at set intervals, as its newest kit says.

A program has its schedules as long as it is open: while its enrollment is open, or a journey in it has not closed.
To add a schedule, add a function to `SCHEDULED`; one of `BY_ANY_KIT` is kept as long as the newest kit of a program or
one that an open journey follows wants it.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Any, NamedTuple

import structlog
from pydantic_core import to_json
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleState,
    ScheduleUpdate,
)
from temporalio.service import RPCError, RPCStatusCode

from domain.kit import Kit
from projections.sql import query
from services.enrolling import Enrollment
from store import kits
from store.database import Connection, Pool
from store.errors import KitNotReadable, MissingKit
from store.leading import Interruptions, lead
from store.locks import Lock
from workflows.contract import (
    CAPACITY_REVIEW,
    DETECTING,
    MONTHLY_REVIEW,
    PROGRAM_TASK_QUEUE,
    PULSES_WORKFLOW,
    QA_ROUND,
    ROUND_WORKFLOW,
    SILENCES_WORKFLOW,
    SINGLE_START,
    BeginMatching,
    Single,
    matching_workflow,
    qa_workflow,
)
from workflows.quality_activities import HoldReviews

log = structlog.get_logger(__name__)

_RETRY_SECONDS = 10.0
_LOOK_SECONDS = 15.0
_COMPARE_SECONDS = 600.0
"""Between two comparisons with what Temporal has. In between only changes of the kits are looked for."""
CATCH_UP = timedelta(days=1)
"""What Temporal was to start while it was away is started up to so much later, once."""
CATCH_UP_MONTHLY = timedelta(days=10)
PHASE = timedelta(days=4, hours=6)
"""From the beginning of 1970, a Thursday, in UTC: what happens each week happens on Mondays at six."""
_MARK = "Kept by Trellis"


class Monthly(NamedTuple):
    """On this day of each month, at this hour, in this time zone."""

    day: int
    hour: int
    zone: str


@dataclass(frozen=True, slots=True)
class Scheduled:
    """What a program wants done at an interval. Ids hold nothing but the program's."""

    id: str
    """Of the schedule; each run of `workflow` gets the time added to it."""
    every: timedelta
    """Of a monthly one, about."""
    workflow: str
    input: Mapping[str, Any] = field(default_factory=dict)
    task_queue: str = PROGRAM_TASK_QUEUE
    monthly: Monthly | None = None
    """Once a month instead of at an interval."""

    @property
    def mark(self) -> str:
        """Tells this schedule from the same one by another kit."""
        said = {name: value for name, value in asdict(self).items() if value is not None}
        content = to_json({**said, "every": self.every.total_seconds()})
        return f"{_MARK}, from the newest kit ({hashlib.sha256(content).hexdigest()[:16]})"


def one_at_a_time(id: str, every: timedelta, single: Single) -> Scheduled:  # noqa: A002 - as in `Scheduled`
    """For a workflow that is also started by other means and must not run twice: nothing happens where it runs."""
    return Scheduled(id, every, SINGLE_START, single.model_dump(mode="json"))


ByKit = Callable[[Kit], Scheduled | None]
"""None: the program has no such schedule."""


def matching_rounds(kit: Kit) -> Scheduled | None:
    rounds = kit.matching.rounds
    if rounds is None:
        return None
    id_ = matching_workflow(kit.program_id)
    begin = BeginMatching(program=kit.program, cause="schedule").model_dump(mode="json", exclude_none=True)
    single = Single(workflow=ROUND_WORKFLOW, id=id_, task_queue=PROGRAM_TASK_QUEUE, input=begin)
    return one_at_a_time(id_, rounds.every, single)


def capacity_review(kit: Kit) -> Scheduled | None:
    if not kit.capacity.review_every:
        return None
    return Scheduled(f"capacity-{kit.program}", kit.capacity.review_every, CAPACITY_REVIEW, {"program": kit.program})


def pulses(kit: Kit) -> Scheduled | None:
    """Each day: which of the program's people are due is found then."""
    if kit.asking is None or not any(one.every for one in kit.surveys):
        return None
    return Scheduled(f"pulses-{kit.program}", timedelta(days=1), PULSES_WORKFLOW, {"program": kit.program})


def silences(kit: Kit) -> Scheduled | None:
    """Each day, for the rules that hold a learner against the others on the pathway."""
    if not kit.rules_that_compare:
        return None
    return Scheduled(f"silences-{kit.program}", timedelta(days=1), SILENCES_WORKFLOW, {"program": kit.program})


def monthly_review(kit: Kit) -> Scheduled | None:
    rules = kit.monthly_review
    if rules is None:
        return None
    when = Monthly(rules.day, rules.hour, rules.zone)
    begin = {"program": kit.program}
    return Scheduled(f"monthly-{kit.program}", timedelta(days=30), MONTHLY_REVIEW, begin, monthly=when)


def quality_round(kit: Kit) -> Scheduled | None:
    if kit.quality is None:
        return None
    id_, wanted = qa_workflow(kit.program_id), HoldReviews(program=kit.program_id).model_dump(mode="json")
    return one_at_a_time(
        id_, kit.quality.every, Single(workflow=QA_ROUND, id=id_, task_queue=PROGRAM_TASK_QUEUE, input=wanted)
    )


def detecting(kit: Kit) -> Scheduled | None:
    if kit.detectors is None or not kit.detectors.used:
        return None
    return Scheduled(f"findings-{kit.program}", kit.detectors.every, DETECTING, {"program": kit.program})


SCHEDULED: Sequence[ByKit] = (matching_rounds, capacity_review, monthly_review, quality_round, detecting)
BY_ANY_KIT: Sequence[ByKit] = (pulses, silences)


class Schedules:
    """One process leads, any number may stand by. `run` returns only when cancelled."""

    def __init__(
        self,
        dsn: str,
        pool: Pool,
        temporal: Client,
        scheduled: Sequence[ByKit] = SCHEDULED,
        by_any_kit: Sequence[ByKit] = BY_ANY_KIT,
    ) -> None:
        self._dsn = dsn
        self._pool = pool
        self._temporal = temporal
        self._scheduled = scheduled
        self._by_any_kit = by_any_kit

    async def run(self) -> None:
        patience = Interruptions("schedules", pause=lambda _: _RETRY_SECONDS)
        await lead(self._dsn, Lock.SCHEDULES, self._work, name="schedules", patience=patience)

    async def _work(self, connection: Connection) -> None:
        enrollment, there, compared = Enrollment(self._pool), dict[str, str](), -_COMPARE_SECONDS
        while True:
            if monotonic() - compared >= _COMPARE_SECONDS:
                there, compared = await kept(self._temporal), monotonic()
            there = await self._step(await self._wanted(enrollment), there)
            await asyncio.sleep(_LOOK_SECONDS)
            await connection.execute("select 1")  # raises when the connection is lost, and the leadership with it

    async def keep(self) -> None:
        """Brings Temporal's schedules into step, once."""
        await self._step(await self._wanted(Enrollment(self._pool)), await kept(self._temporal))

    async def lacking(self) -> "Lacking":
        """How what Temporal has differs from what the kits want. Changes nothing."""
        wanted, marks, paused = await self._wanted(Enrollment(self._pool)), dict[str, str | None](), set[str]()
        async for one in await self._temporal.list_schedules():
            state = one.schedule.state if one.schedule else None
            marks[one.id] = state.note if state else None
            paused |= {one.id} if state and state.paused else set()
        those = wanted.schedules.values()  # whoever pauses one writes a note of their own over the mark
        missing = sorted(one.id for one in those if one.id not in paused and marks.get(one.id) != one.mark)
        return Lacking(len(those), missing, sorted(paused & wanted.schedules.keys()))

    async def _wanted(self, enrollment: Enrollment) -> "_Wanted":
        followed: dict[str, list[str]] = {}
        for row in await self._pool.fetch(query("programs_open")):
            followed.setdefault(row["program"], []).append(row["kit"])
        wanted: dict[str, Scheduled] = {}
        is_complete = True
        for published in await kits.programs(self._pool):
            try:
                kit = kits.read(published)
            except KitNotReadable as error:
                log.warning("schedules_unknown", program=published.program, problem=str(error))
                is_complete = False
                continue
            if kit.program in followed or (await enrollment.state(kit.program_id)).is_open:
                wanted |= {one.id: one for by_kit in self._scheduled if (one := by_kit(kit))}
                older = await self._older(kit, followed.get(kit.program, ()))
                wanted |= {
                    one.id: one for each in (*older, kit) for by_kit in self._by_any_kit if (one := by_kit(each))
                }
        return _Wanted(wanted, is_complete)

    async def _older(self, newest: Kit, digests: Iterable[str]) -> Sequence[Kit]:
        """The other kits that open journeys of the program follow. One that cannot be read wants nothing: `trellis
        doctor` names it."""
        found: list[Kit] = []
        for digest in digests:
            with suppress(KitNotReadable, MissingKit):
                found += [] if digest == newest.digest else [await kits.load(self._pool, digest)]
        return found

    async def _step(self, wanted: "_Wanted", there: Mapping[str, str]) -> dict[str, str]:
        """`there` and the result: the schedules that Temporal has, with their marks."""
        for one in wanted.schedules.values():
            if there.get(one.id) != one.mark:
                await put(self._temporal, one)
                log.info("schedule_kept", schedule=one.id, every=str(one.every))
        others = {id_: mark for id_, mark in there.items() if id_ not in wanted.schedules}
        for id_ in others if wanted.is_complete else ():
            await remove(self._temporal, id_)
            log.info("schedule_removed", schedule=id_)
        return {one.id: one.mark for one in wanted.schedules.values()} | ({} if wanted.is_complete else others)


class Lacking(NamedTuple):
    wanted: int
    """How many schedules the kits of open programs want."""
    missing: Sequence[str]
    """Those that Temporal does not have, or has by another kit."""
    paused: Sequence[str]


class _Wanted(NamedTuple):
    schedules: Mapping[str, Scheduled]
    is_complete: bool
    """False: a kit cannot be read, so nobody knows which of the others its program wants. None is removed meanwhile."""


async def kept(temporal: Client) -> dict[str, str]:
    """The schedules in the namespace that Trellis has made, with their marks; those of others are left alone. A moment
    behind, as everything that Temporal lists."""
    found: dict[str, str] = {}
    async for one in await temporal.list_schedules():
        note = one.schedule.state.note if one.schedule else None
        if note and note.startswith(_MARK):
            found[one.id] = note
    return found


async def put(temporal: Client, wanted: Scheduled) -> None:
    """Creates the schedule, or makes the present one like it. A pause that somebody has set stays."""
    try:
        await temporal.create_schedule(wanted.id, _schedule(wanted, paused=False))
    except ScheduleAlreadyRunningError:
        handle = temporal.get_schedule_handle(wanted.id)
        await handle.update(lambda now: ScheduleUpdate(_schedule(wanted, paused=now.description.schedule.state.paused)))


async def remove(temporal: Client, id_: str) -> None:
    try:
        await temporal.get_schedule_handle(id_).delete()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise


def _schedule(wanted: Scheduled, *, paused: bool) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(
            wanted.workflow, dict(wanted.input), id=wanted.id, task_queue=wanted.task_queue
        ),
        spec=_spec(wanted),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=_catch_up(wanted)),
        state=ScheduleState(note=wanted.mark, paused=paused),
    )


def _catch_up(wanted: Scheduled) -> timedelta:
    return CATCH_UP_MONTHLY if wanted.monthly else CATCH_UP


def _spec(wanted: Scheduled) -> ScheduleSpec:
    if when := wanted.monthly:
        at = ScheduleCalendarSpec(day_of_month=[ScheduleRange(when.day)], hour=[ScheduleRange(when.hour)])
        return ScheduleSpec(calendars=[at], time_zone_name=when.zone)
    return ScheduleSpec(intervals=[ScheduleIntervalSpec(every=wanted.every, offset=_phase(wanted.every))])


def _phase(every: timedelta) -> timedelta:
    return PHASE % every
