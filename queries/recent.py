"""Answers about a whole program, kept until the views have moved on so far that they may be others.

What is counted over thousands of journeys takes seconds, and hardly differs from one event to the next. Such an answer
is made once for everybody who asks for it, and stands until a view has taken in half a percent more events. In a small
log that is the next event, so nobody who has just changed something reads what was before.

What took long to make is written to the table `trellis.reports`, for other processes and the next start. When it no
longer stands, it is shown as it was, with its time, and made anew meanwhile.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any, Generic, NamedTuple, TypeVar

import structlog
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from projections.sql import query
from store import reports
from store.database import Pool
from store.errors import StoreError
from store.reports import StoredReport
from store.use import Use, used_for

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")
Positions = Mapping[str, int]
"""How far each view is, by its name and generation."""

GROWTH = 200
"""An answer stands until a view has taken in one of so many events more."""
_OLDEST = timedelta(minutes=5)
"""Answers depend on the clock as well."""
_MOST = 200
"""Answers that are kept in a process."""
_QUICK = timedelta(seconds=0.25)
"""What takes no longer is made anew before it is shown, and written nowhere."""
_PATIENCE_SECONDS = 8.0
"""For which somebody waits for an answer that was never made before."""
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


class NotCountedYet(StoreError):
    """The answer is being made for the first time, and takes longer than anybody should wait."""

    def __init__(self) -> None:
        super().__init__(
            "These figures are being counted for the first time since the data came in, which takes a while. They are "
            "kept from then on"
        )


class Kind(Generic[Answer]):
    """A kind of answer that is kept in the database: figures alone, because nobody looks there for names."""

    def __init__(self, name: str, answer: Any) -> None:
        """`answer` is its type, built from dataclasses."""
        self.name = name
        self._answer = answer

    @cached_property
    def _adapter(self) -> TypeAdapter[Answer]:
        return TypeAdapter(self._answer)

    @cached_property
    def form(self) -> str:
        return sha256(to_json(self._adapter.json_schema(mode="serialization"))).hexdigest()[:16]

    def written(self, answer: Answer) -> str:
        return self._adapter.dump_json(answer).decode()

    def read(self, text: str) -> Answer:
        """Raises ValidationError."""
        return self._adapter.validate_json(text)


@dataclass(frozen=True, slots=True)
class Question(Generic[Answer]):
    key: Hashable
    """All that the answer depends on, but for the views and the clock."""
    make: Callable[[], Awaitable[Answer]]
    kind: Kind[Answer] | None = None
    """None: the answer stays in this process."""

    @property
    def report(self) -> str:
        return to_json(self.key).decode()


@dataclass(frozen=True, slots=True)
class Made(Generic[Answer]):
    answer: Answer
    at: datetime
    """UTC. What it counts is as of then."""


class _Kept(NamedTuple):
    made: Made[Any]
    took: timedelta
    positions: Positions

    def stands(self, now: Positions, at: datetime) -> bool:
        return stands(self.positions, now) and at - self.made.at < _OLDEST


def stands(then: Positions, now: Positions) -> bool:
    """Whether no view has moved on so far that an answer may be another one."""
    return then.keys() == now.keys() and all(now[view] - was <= was // GROWTH for view, was in then.items())


async def positions_of(pool: Pool) -> Positions:
    rows = await pool.fetch(query("view_positions"))
    return {f"{name} {generation}": position for name, generation, position in rows}


class Recent:
    """Keeps the latest answers of one process. Everybody who asks while an answer is made waits for the same one."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._making: dict[Hashable, asyncio.Task[Made[Any]]] = {}

    async def get(self, key: Hashable, make: Callable[[], Awaitable[Answer]]) -> Made[Answer]:
        """Of an answer that stays in this process. Raises what `make` raises, and NotCountedYet."""
        return await self.ask(Question(key, make))

    async def ask(self, question: Question[Answer]) -> Made[Answer]:
        """Raises what making it raises, and NotCountedYet."""
        now, at = await positions_of(self._pool), datetime.now(UTC)
        kept = await self._known(question, now, at)
        if kept and kept.stands(now, at):
            return kept.made
        task = self._making.get(question.key) or self._begin(question, now, at)
        if kept and kept.took > _QUICK:
            return kept.made
        await asyncio.wait({task}, timeout=_PATIENCE_SECONDS)  # whoever goes away leaves the others their answer
        if not task.done():
            raise NotCountedYet
        return task.result()

    async def renew(self, question: Question[Answer], unless_younger: timedelta = timedelta(0)) -> Made[Answer]:
        """Made anew, however long it takes, unless one stands that is younger. Raises what making it raises."""
        now, at = await positions_of(self._pool), datetime.now(UTC)
        kept = await self._known(question, now, at)
        if kept and stands(kept.positions, now) and at - kept.made.at < unless_younger:
            return kept.made
        return await asyncio.shield(self._making.get(question.key) or self._begin(question, now, at))

    async def _known(self, question: Question[Answer], now: Positions, at: datetime) -> _Kept | None:
        """Here, or in the database where that has a later one."""
        kept = self._kept.get(question.key)
        if not (kept and kept.stands(now, at)) and (stored := await self._stored(question, kept)):
            kept = self._keep(question.key, stored)
        if kept:
            self._kept.move_to_end(question.key)
        return kept

    async def _stored(self, question: Question[Answer], kept: _Kept | None) -> _Kept | None:
        if question.kind is None:
            return None
        after = kept.made.at if kept else _NEVER
        found = await reports.read(self._pool, question.report, question.kind.form, after)
        if found is None:
            return None
        try:
            made = Made(question.kind.read(found.answer), found.made_at)
        except ValidationError:
            return None
        return _Kept(made, found.took, from_json(found.positions))

    def _keep(self, key: Hashable, one: _Kept) -> _Kept:
        self._kept[key] = one
        self._kept.move_to_end(key)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return one

    def _begin(self, question: Question[Answer], now: Positions, at: datetime) -> "asyncio.Task[Made[Answer]]":
        with used_for(Use.REPORTS):
            task = asyncio.create_task(self._make(question, now, at))
        self._making[question.key] = task
        task.add_done_callback(lambda done: self._made(question.key, done))
        return task

    def _made(self, key: Hashable, task: "asyncio.Task[Made[Any]]") -> None:
        del self._making[key]
        if not task.cancelled() and (error := task.exception()):
            log.debug("report_not_made", report=str(key), because=repr(error))  # who waits for it is told

    async def _make(self, question: Question[Answer], now: Positions, at: datetime) -> Made[Answer]:
        made = Made(await question.make(), at)
        one = _Kept(made, datetime.now(UTC) - at, now)
        self._keep(question.key, one)
        if question.kind and one.took > _QUICK:
            stored = StoredReport(at, one.took, to_json(now).decode(), question.kind.written(made.answer))
            await reports.write(self._pool, question.report, question.kind.form, stored)
        return made
