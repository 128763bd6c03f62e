"""Compares the log with what Temporal runs: views and visibility raise suspicions, which are confirmed one by one and
repaired."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Literal, TypeVar

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.ids import StreamId
from projections.sql import query as query_of_views
from runtime.fan_out import fan_out
from runtime.outages import is_data_error
from services.reconciling import running
from services.reconciling.kind import Expected, Kind, Start
from store.database import Pool, query
from store.errors import StoreError
from workflows.contract import CATCH_UP

Item = TypeVar("Item")

_AT_ONCE = 8
_CHUNK = 200
_SILENT_ENOUGH = 3
"""After this many workflows without an answer, no more are queried in this round."""
_MOVED_AT_ONCE = 10_000
_FAR_BEHIND = 50_000
"""In events. A view that is further behind counts as being built."""

What = Literal["missing", "behind", "failing", "unsure"]
"""`unsure`: it has changed just now, or nobody answered for it. It is examined again."""


class NotBuilt(StoreError):
    """The view of open streams is not built yet, or far from up to date."""

    def __init__(self, view: str) -> None:
        super().__init__(f"the view {view} is not built yet: `trellis projections` shows how far it is")


@dataclass(frozen=True, slots=True)
class Finding:
    expected: Expected
    what: What
    start: Start | None = None
    """Starts a missing workflow, where that is possible."""
    because: str | None = None
    """Why a missing workflow cannot be started."""


@dataclass(slots=True)
class Report:
    """What a comparison found and repaired, by workflow id."""

    kind: str
    missing: list[str] = field(default_factory=list)
    """Open in the log and not run by Temporal."""
    behind: list[str] = field(default_factory=list)
    """Running, but at an older version than their stream."""
    failing: list[str] = field(default_factory=list)
    """Running, with a workflow task that keeps failing. Nothing can be repaired from outside."""
    unsure: list[str] = field(default_factory=list)
    """Possibly behind: nobody answered, or the stream has changed just now."""
    unstartable: dict[str, str] = field(default_factory=dict)
    """Missing workflows that cannot be started, and why. Mostly their events cannot be read."""
    started: int = 0
    woken: int = 0

    def note(self, workflow: str, found: Finding) -> None:
        getattr(self, found.what).append(workflow)
        if found.because:
            self.unstartable[workflow] = found.because

    def note_repairs(self, found: Sequence[Finding], did: Sequence[bool]) -> None:
        self.started += sum(one.what == "missing" for one, done in zip(found, did, strict=True) if done)
        self.woken += sum(one.what == "behind" for one, done in zip(found, did, strict=True) if done)


class Comparison:
    """Compares one kind of workflow.

    `quiet`: a stream that has moved within this time is left alone, as its workflow may be about to show it.
    """

    def __init__(self, kind: Kind, pool: Pool, temporal: Client, quiet: timedelta = timedelta(0)) -> None:
        self.kind = kind
        self._pool = pool
        self._temporal = temporal
        self._quiet = quiet
        self._silent = 0
        self._confirmed: dict[StreamId, int] = {}
        """Versions that workflows answered with though they show none, such as those started by older releases."""

    def start_round(self) -> None:
        """To be called before a round: workflows without an answer are queried again."""
        self._silent = 0

    async def position(self) -> int:
        """Up to where the view of this kind has read the log. Raises NotBuilt, also while it is far behind: what it
        does not know would have to be read from the log, stream by stream. One that has stopped is taken as it is.
        """
        row = await self._pool.fetchrow(query_of_views("live_position"), self.kind.view)
        if row is None or (row["behind"] > _FAR_BEHIND and not row["stopped"]):
            raise NotBuilt(self.kind.view)
        position: int = row["position"]
        return position

    async def suspects(self, program: str | None = None) -> list[Expected]:
        """All that visibility does not show running, and at the version of its stream, of what the view calls open.

        The log is read first: whatever is started or recorded meanwhile is on the safe side. Holds all open workflows
        in memory meanwhile, some 25 MB for 100,000.
        """
        expected: dict[str, Expected] = {}
        async for page in self.kind.expected(program):
            expected |= {self.kind.workflow_of(one.stream): one for one in page}
        if not expected:
            return []
        behind = []
        async for shown in running.running(self._temporal, self.kind.workflow_type):
            for workflow, version in shown.items():
                one = expected.pop(workflow, None)
                if one and self._is_behind(one, version):
                    behind.append(one)
        return [*expected.values(), *behind]

    async def moved(self, after: int, upto: int) -> list[Expected]:
        """The streams with events at these positions whose workflows are not seen to have taken them in."""
        if not self.kind.shows_version:
            return []
        moved: dict[StreamId, int] = {}
        for first in range(after, upto, _MOVED_AT_ONCE):
            last = min(first + _MOVED_AT_ONCE, upto)
            rows = await self._pool.fetch(query("streams_moved"), first, last, f"{self.kind.category}-")
            moved |= {row["stream"]: row["version"] for row in rows}
        if not moved:
            return []
        ids = [self.kind.workflow_of(stream) for stream in moved]
        shown = await running.running_among(self._temporal, self.kind.workflow_type, ids)
        expected = [Expected(stream, version) for stream, version in moved.items()]
        return [one for one in expected if self._is_behind(one, shown.get(self.kind.workflow_of(one.stream)))]

    async def deficit(self) -> int:
        """How many more streams are open in the view than workflows run in Temporal; may be negative. Two cheap counts,
        taken one after the other: a difference is a reason to compare, and nothing more."""
        expected = await self.kind.count_expected()
        return expected - await running.count_running(self._temporal, self.kind.workflow_type)

    async def failing(self) -> list[str]:
        return await running.failing(self._temporal, self.kind.workflow_type)

    async def examine(self, suspects: Iterable[Expected]) -> list[Finding]:
        """Confirms suspicions by the log and by the workflow itself. Most turn out to be none."""
        found: list[Finding] = []
        for chunk in _chunks(suspects, _CHUNK):
            young = await self._young(chunk)
            calm = [one for one in chunk if one.stream not in young]
            found += [Finding(one, "unsure") for one in chunk if one.stream in young]
            found += filter(None, await fan_out(self._examine, calm, _AT_ONCE))
        return found

    async def repair(self, found: Finding) -> bool:
        """Starts a missing workflow, wakes one that is behind. Returns False when nothing had to be done any more."""
        if found.start:
            return await found.start()
        if found.what != "behind":
            return False
        handle = self._temporal.get_workflow_handle(self.kind.workflow_of(found.expected.stream))
        try:
            await handle.signal(CATCH_UP, {"version": found.expected.version})
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                return False  # it has closed meanwhile
            raise
        return True

    async def _examine(self, one: Expected) -> Finding | None:
        if self._silent >= _SILENT_ENOUGH:
            return Finding(one, "unsure")
        workflow = self.kind.workflow_of(one.stream)
        described = await running.describe(self._temporal, workflow)
        if described is None:
            return await self._missing(one)
        if described.failing:
            return Finding(one, "failing")
        if not self._is_behind(one, described.version):
            return None
        return await self._ask(one, workflow)

    async def _missing(self, one: Expected) -> Finding | None:
        """A stream that cannot be read must not keep others from being started."""
        try:
            start = await self.kind.to_start(one.stream)
        except Exception as error:
            if not is_data_error(error):
                raise
            return Finding(one, "missing", because=f"{type(error).__name__}: {error}")
        return Finding(one, "missing", start) if start else None

    async def _ask(self, one: Expected, workflow: str) -> Finding | None:
        try:
            version = await running.ask_version(self._temporal, workflow)
        except running.Silent:
            self._silent += 1
            return Finding(one, "unsure")
        except RPCError as error:
            if error.status == RPCStatusCode.FAILED_PRECONDITION:
                return Finding(one, "failing")
            if error.status == RPCStatusCode.NOT_FOUND:
                return Finding(one, "unsure")  # it has closed since it was described
            raise
        if version is None:
            return Finding(one, "unsure")
        if version < one.version:
            return Finding(one, "behind")
        self._confirmed[one.stream] = version
        return None

    def _is_behind(self, one: Expected, version: int | None) -> bool:
        known = version if version is not None else self._confirmed.get(one.stream, 0)
        return self.kind.shows_version and known < one.version

    async def _young(self, those: Sequence[Expected]) -> set[StreamId]:
        if not self._quiet:
            return set()
        rows = await self._pool.fetch(query("streams_latest"), [one.stream for one in those])
        since = datetime.now(UTC) - self._quiet
        return {row["stream"] for row in rows if row["recorded_at"] > since}


async def reconcile(
    kind: Kind,
    pool: Pool,
    temporal: Client,
    *,
    program: str | None = None,
    repair: bool = True,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Report:
    """Compares everything of this kind once, and repairs what can be repaired unless `repair` is false.

    `progress` is called with how many of how many suspects are done. Safe to repeat after an interruption. `program`:
    only what belongs to it, as far as the view has read the log.
    """
    comparison = Comparison(kind, pool, temporal)
    position = await comparison.position()
    suspects = await comparison.suspects(program)
    if program is None:
        head: int = await pool.fetchval(query("head"))
        suspects += [*await comparison.moved(position, head), *await kind.unrecorded()]
    suspects = list({one.stream: one for one in suspects}.values())
    report, done = Report(kind.name), 0
    progress(0, len(suspects))
    for chunk in _chunks(suspects, _AT_ONCE):
        found = await comparison.examine(chunk)
        for one in found:
            report.note(kind.workflow_of(one.expected.stream), one)
        if repair:
            report.note_repairs(found, await fan_out(comparison.repair, found, _AT_ONCE))
        done += len(chunk)
        progress(done, len(suspects))
    if program is None:
        report.failing = sorted({*report.failing, *await comparison.failing()})
    return report


def _chunks(items: Iterable[Item], size: int) -> Iterable[list[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
