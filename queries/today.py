"""What needs a person now: for the start page of those who run programs.

Cases come by severity and then by when they are to be answered, duties by when they are due, messages the latest first.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from domain.ids import CaseId, JourneyId, StreamId
from domain.kit import Duty, Role, Severity
from domain.kit.words import GRAVITY
from domain.notification import Status
from projections.reading import View
from projections.sql import query
from projections.views.messages import MessageRow
from queries.counted import Counted
from store.database import Pool

FAILED: tuple[Status, ...] = ("not_taken", "bounced", "uncertain")
"""What did not reach anybody, or may not have, and waits for a decision."""
_ATTENTION = View(board=5)
_MESSAGES = View(messages=1)
_DECISIONS = View(rounds=1, proposals=1, monthly_reviews=1)
_SEVERITY: Mapping[int, Severity | None] = {grave: severity for severity, grave in GRAVITY.items()}


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose work is looked at."""

    programs: Collection[str] | None = None
    """None: that of all programs."""
    mentor: str | None = None
    """Only that of the journeys of this mentor."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something that somebody is to do."""

    stream: StreamId
    journey: JourneyId
    program: str
    learner: str
    mentor: str | None
    about: str
    duty: Duty
    who: Role
    severity: Severity | None
    """Of a case."""
    since: datetime
    due_at: datetime
    rule: str
    case: CaseId | None
    acknowledged: bool | None
    version: int


@dataclass(frozen=True, slots=True)
class Place:
    """Of a row in its list: the next page begins behind it."""

    grave: int
    at: datetime
    stream: str
    about: str


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a list."""

    after: Place | None
    limit: int


@dataclass(frozen=True, slots=True)
class Count:
    program: str
    kind: Literal["case", "ops", "mentor", "learner"]
    duty: Duty | None
    """Of the kind `ops`: what it is."""
    number: int


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that is drafted or proposed, and waits for somebody to decide."""

    kind: Literal["round", "proposal", "review"]
    program: str
    id: str
    title: str
    since: datetime
    size: int | None
    """Pairs of a round, pieces of evidence, notes of a review."""


def place_of(one: Work) -> Place:
    return Place(GRAVITY[one.severity], one.due_at, one.stream, one.about)


_TAKEN = """acknowledged and {} = (
    select e.meta ->> 'by' from trellis.events as e
     where e.stream = attention.stream and e.type = 'journey.case_acknowledged' and e.data ->> 'case' = number
       and e.seq >= trellis.first_seq(attention.stream)
     order by e.version desc limit 1)"""


async def open_cases(
    pool: Pool, scope: Scope, at: datetime, owner: Role | None, part: Part, *, taken_by: str | None = None
) -> list[Work]:
    """Those that do not rest at `at`. `owner`: only those that this role is to answer; `taken_by`: only those with
    which they have said that they deal."""
    parts = _Parts(at)
    parts.restrict(scope)
    if owner:
        parts.add("who = {}", owner)
    if taken_by:
        parts.add(_TAKEN, taken_by)
    if after := part.after:
        parts.add(
            "(grave < {0} or (grave = {0} and (due_at, stream, about) > ({1}, {2}, {3})))",
            *(after.grave, after.at, after.stream, after.about),
        )
    return await _work(pool, "today_cases", parts, "grave desc, due_at, stream, about", part.limit)


async def duties(
    pool: Pool,
    scope: Scope,
    who: Role,
    part: Part,
    *,
    only: Collection[Duty] | None = None,
    apart_from: Collection[Duty] = (),
    due_by: datetime | None = None,
) -> list[Work]:
    """What is awaited of a role. `due_by`: only what is due until then."""
    parts = _Parts(who)
    parts.restrict(scope)
    if only is not None:
        parts.add("duty = any({}::text[])", list(only))
    if apart_from:
        parts.add("not duty = any({}::text[])", list(apart_from))
    if due_by:
        parts.add("due_at <= {}", due_by)
    if after := part.after:
        parts.add("(due_at, stream, about) > ({}, {}, {})", after.at, after.stream, after.about)
    return await _work(pool, "today_duties", parts, "due_at, stream, about", part.limit)


async def failed_messages(
    pool: Pool, programs: Collection[str] | None, after: tuple[datetime, str] | None, limit: int
) -> list[MessageRow]:
    """`after`: when the last row of the page before changed, and its stream."""
    only = None if programs is None else sorted(programs)
    rows = await _MESSAGES.fetch(pool, query("today_messages"), list(FAILED), only, *(after or (None, None)), limit)
    return [MessageRow(*row) for row in rows]


class KnownCounts:
    """How much needs a person, by program: counted for everybody at once."""

    def __init__(self, pool: Pool) -> None:
        self._work = Counted(pool, {"attention"}, lambda: _counts(pool), lambda found: sum(one.number for one in found))
        self._failed = Counted(pool, {"messages"}, lambda: _failed(pool), lambda found: sum(found.values()))

    async def work(self, programs: Collection[str] | None) -> list[Count]:
        """Of these programs; None: of all. Raises BeingRebuilt."""
        return [one for one in await self._work.read() if programs is None or one.program in programs]

    async def failed_messages(self, programs: Collection[str] | None) -> dict[str, int]:
        """The same, by program."""
        found = await self._failed.read()
        return {program: many for program, many in found.items() if programs is None or program in programs}


async def _counts(pool: Pool) -> list[Count]:
    return [Count(*row) for row in await _ATTENTION.fetch(pool, query("today_counts"), datetime.now(UTC))]


async def _failed(pool: Pool) -> dict[str, int]:
    rows = await _MESSAGES.fetch(pool, query("today_messages_counts"), list(FAILED))
    return {row[0]: row[1] for row in rows}


async def decisions(
    pool: Pool, programs: Collection[str] | None, limit: int, *, owner: str | None = None
) -> list[Decision]:
    """Of each kind up to `limit`, those that have waited longest first. `owner`: only proposals to which they see, also
    those that are accepted or being tried."""
    only = None if programs is None else sorted(programs)
    return [Decision(*row) for row in await _DECISIONS.fetch(pool, query("today_decisions"), only, limit, owner)]


async def takers(pool: Pool, work: Sequence[Work]) -> dict[tuple[str, str], str]:
    """Who has said that they deal with a case, by its journey and id."""
    taken = [one for one in work if one.case and one.acknowledged]
    if not taken:
        return {}
    rows = await pool.fetch(query("case_takers"), [one.stream for one in taken], [one.case for one in taken])
    return {(row["stream"].removeprefix("journey-"), row["number"]): row["by"] for row in rows if row["by"]}


class _Parts:
    """The conditions of a statement: only those that are asked for, so that each has a plan of its own."""

    def __init__(self, *parameters: object) -> None:
        self.parameters: list[object] = list(parameters)
        self.conditions: list[str] = []

    def add(self, condition: str, *values: object) -> None:
        places = [f"${len(self.parameters) + nth}" for nth in range(1, len(values) + 1)]
        self.parameters += values
        self.conditions.append(condition.format(*places))

    def restrict(self, scope: Scope) -> None:
        if scope.mentor is not None:
            self.add("mentor = {}", scope.mentor)
        if scope.programs is not None and len(scope.programs) == 1:
            self.add("program = {}", *scope.programs)
        elif scope.programs is not None:
            self.add("program = any({}::text[])", sorted(scope.programs))


async def _work(pool: Pool, statement: str, parts: _Parts, order: str, limit: int) -> list[Work]:
    where = "".join(f" and {one}" for one in parts.conditions)
    text = f"{query(statement)}{where} order by {order} limit {limit:d}"
    return [_row(row) for row in await _ATTENTION.fetch(pool, text, *parts.parameters)]


def _row(row: Any) -> Work:
    values = dict(row)
    return Work(severity=_SEVERITY[values.pop("grave")], case=values.pop("number"), **values)
