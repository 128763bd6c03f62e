"""The board: every journey in one row, with what it waits for, from whom, and what happens next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from domain.ids import JourneyId, StreamId
from domain.journey import Awaited, attention
from domain.kit import Role, Severity
from domain.kit.escalation.risk_flag import ANY
from domain.kit.words import GRAVITY
from projections.board_filter import (
    NEVER,
    Cursor,
    Filter,
    Order,
    Sort,
    awaited_key,
    counting,
    sorted_by_name,
    statement,
    walked,
)
from projections.fold import Rows
from projections.journeys import JourneySnapshot, JourneyView
from projections.reading import View
from projections.sql import query
from store import people
from store.database import Pool


@dataclass(frozen=True, slots=True)
class BoardRow:
    journey: JourneyId
    program: str
    learner: str
    stage: str
    stage_since: datetime
    pathway: str | None
    segment: str | None
    """By what was answered in the intake, as the kit that the journey follows has it; None before, and for the rest."""
    mentor: str | None
    paused_until: datetime | None
    ending: str | None
    attention: Severity | None
    open_cases: int
    waiting_for: str | None
    """The duty that is due first, such as `milestone_review`; None when nothing is awaited."""
    about: str | None
    waiting_on: Role | None
    awaited: tuple[str, ...]
    """All that is awaited, what is due first at first, each kind once: `milestone_review:mentor`."""
    since: datetime | None
    due_at: datetime | None
    due_rule: str | None
    next_at: datetime | None
    """When the next timer goes off, unless what it waits for happens first."""
    next_rule: str | None
    next_label: str | None
    version: int
    """Of the journey's stream, up to which the row is."""
    cohort: str | None
    """The group that the learner is in."""
    flags: tuple[str, ...]
    """Risk flags with which nobody has dealt yet, the last raised first. One is dealt with when the last case about it
    is resolved; without a case, when somebody checks in."""


class Board(JourneyView):
    name = "board"
    columns: ClassVar = {
        "board": (
            *("stream", "journey", "program", "learner", "stage", "stage_since", "pathway", "segment", "mentor"),
            *("paused_until", "ending", "attention", "grave", "open_cases", "waiting_for", "about", "waiting_on"),
            *("awaited", "since", "due_at", "due_rule", "next_at", "next_rule", "next_label", "version", "proposed"),
            *("cohort", "flags"),
        ),
        "board_awaited": ("stream", "key", "first_due_at", "of_journey"),
        "board_flags": ("stream", "key", "first_due_at", "of_journey"),
    }
    keys: ClassVar = {"board_awaited": "key", "board_flags": "key"}

    def rows(self, snapshot: JourneySnapshot, /) -> Rows:
        stream, state, kit, waits = snapshot.stream, snapshot.state, snapshot.kit, snapshot.awaited
        segment = kit.segment_of(state.answers) if state.answers is not None else None
        awaited = waits[0] if waits else None
        timer = snapshot.next_timer
        gravest = attention(state)
        row = (
            *(stream, snapshot.journey, state.program, state.learner, state.stage, state.stage_since),
            *(state.pathway, segment.id if segment else None, state.mentor, state.pause.until if state.pause else None),
            *(state.closing.ending if state.closing else None, gravest, GRAVITY[gravest], len(state.cases)),
            *((awaited.duty, awaited.about, awaited.who) if awaited else (None, None, None)),
            list(dict.fromkeys(awaited_key(one.duty, one.who) for one in waits)),
            awaited.since if awaited else None,
            *((awaited.due_at, awaited.rule) if awaited else (NEVER, None)),
            *((timer.at, timer.rule, timer.label) if timer else (None, None, None)),
            *(snapshot.version, state.offer.mentor if state.offer else None),
            state.cohort.cohort if state.cohort else None,
            (flags := [one.flag for one in reversed(state.flags)]),
        )
        due_at = awaited.due_at if awaited else NEVER
        return {
            "board": [row],
            "board_awaited": [(stream, key, due_at, snapshot.journey) for key in _keys(waits)],
            "board_flags": [(stream, key, due_at, snapshot.journey) for key in _flag_keys(flags)],
        }


def _keys(waits: Iterable[Awaited]) -> Iterable[str]:
    """By what a journey is found: each duty with whoever has it, and either of the two alone."""
    found = ((one.duty, one.who) for one in waits)
    return dict.fromkeys(
        key for duty, who in found for key in (awaited_key(duty, who), awaited_key(duty, None), awaited_key(None, who))
    )


def _flag_keys(flags: Sequence[str]) -> Iterable[str]:
    return dict.fromkeys((*flags, ANY)) if flags else ()


_ALL = Filter()


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[BoardRow]
    next: Cursor | None
    """Where the next page begins; None on the last one."""


NOTHING = Page([], None)
_BOARD = View(board=7)
_WAITING = View(board=5)
_SEGMENTS = View(board=2)
_SINCE_EVER = View(board=1)


async def page(
    pool: Pool, where: Filter = _ALL, sort: Sort = "due", after: Cursor | None = None, limit: int = 50
) -> Page:
    """`attention` has only what has an open case. Cursors stay valid while rows come and go. Raises TooManyFound."""
    where = await resolved(pool, where)
    if sort in {"name", "mentor"}:
        return await _by_name(pool, where, sort, after, limit)
    text, parameters = statement(where, sort, after, limit + 1)
    return _page(await _BOARD.fetch(pool, text, *parameters), sort, limit)


async def _by_name(pool: Pool, where: Filter, sort: Sort, after: Cursor | None, limit: int) -> Page:
    """Those with a name first, and then the others, by id."""
    named: list[Any] = []
    if not (after and after.rank):
        named = list(await _named(pool, where, sort, after, limit + 1))
    if len(named) > limit:
        return _page(named, sort, limit)
    beyond = after if after and after.rank else None
    others: Order = "nameless" if sort == "name" else "mentorless"
    text, parameters = statement(where, others, beyond, limit + 1 - len(named))
    nameless = await _BOARD.fetch(pool, text, *parameters)
    shown = _page([*named, *nameless], sort, limit)
    if shown.next and len(named) < limit:
        return replace(shown, next=replace(shown.next, rank=1))
    return shown


async def _named(pool: Pool, where: Filter, sort: Sort, after: Cursor | None, limit: int) -> Sequence[Any]:
    """Found along the names, where enough of the first ones match; else what matches is sorted by its names. Neither
    alone will do: those who match may all stand at the end of the alphabet, or be everybody."""
    if where.learners is None and not (where.learner or where.journeys or where.mentor):
        text, parameters = walked(where, sort, after, limit)
        if len(rows := await _BOARD.fetch(pool, text, *parameters)) == limit:
            return rows
    text, parameters = sorted_by_name(where, sort, after, limit)
    return await _BOARD.fetch(pool, text, *parameters)


def _page(rows: Sequence[Any], sort: Sort, limit: int) -> Page:
    shown = [_row(row) for row in rows[:limit]]
    return Page(shown, _place(shown[-1], sort) if len(rows) > limit else None)


def _place(row: BoardRow, sort: Sort) -> Cursor:
    match sort:
        case "name" | "mentor":
            return Cursor(0, None, row.journey)
        case "since":
            at: datetime | None = row.stage_since
        case "next":
            at = row.next_at
        case _:
            at = row.due_at
    return Cursor(GRAVITY[row.attention], at, row.journey)


MOST_FOUND = 10_000
"""People whom a search finds, and journeys that are counted, where nobody says otherwise."""


def ids_in(search: str) -> list[str]:
    """The learners whose id a search may be: it may also be that of their journey."""
    return list(dict.fromkeys((search.strip(), search.strip().rpartition(".")[2])))


class TooManyFound(ValueError):
    """A search finds more people than a page can be made of."""


async def resolved(pool: Pool, where: Filter) -> Filter:
    """With the learners whom the search finds, so that they are looked up once. Raises TooManyFound."""
    if where.search is None or where.learners is not None:
        return where
    found = await people.found(pool, where.search, MOST_FOUND + 1) if where.by_name else []
    if len(found) > MOST_FOUND:
        raise TooManyFound
    return where.model_copy(update={"learners": (*found, *ids_in(where.search))})


async def counted(pool: Pool, where: Filter, most: int = MOST_FOUND) -> int:
    """How many journeys there are, up to `most`; one more: there are more than these. Raises TooManyFound."""
    text, parameters = counting(await resolved(pool, where), most)
    rows = await _BOARD.fetch(pool, text, *parameters)
    return int(rows[0][0])


async def one(pool: Pool, journey: JourneyId) -> BoardRow | None:
    row = await _BOARD.fetchrow(pool, query("board_one"), f"journey-{journey}")
    return _row(row) if row else None


@dataclass(frozen=True, slots=True)
class OpenJourney:
    journey: JourneyId
    program: str
    learner: str


async def open_journeys(
    pool: Pool, program: str | None = None, after: str = "", limit: int = 1000
) -> list[OpenJourney]:
    """By name, those behind `after`. Works with every version of the board, so it also answers during an upgrade."""
    rows = await _SINCE_EVER.fetch(pool, query("board_open"), program, after, limit)
    return [OpenJourney(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Count:
    program: str
    stage: str
    journeys: int
    paused: int
    attention: int
    """Those with an open case."""


async def unmatched(pool: Pool, program: str, limit: int) -> dict[StreamId, int]:
    """The streams of journeys that wait for a mentor, with nobody proposed and not paused, and their versions; those
    who have waited longest first. A moment behind the log. Raises BeingRebuilt."""
    rows = await _WAITING.fetch(pool, query("board_unmatched"), program, limit)
    return {StreamId(row["stream"]): row["version"] for row in rows}


async def counts(pool: Pool) -> list[Count]:
    """By program and stage; only those that have any."""
    return [Count(*row) for row in await _SINCE_EVER.fetch(pool, query("board_counts"))]


@dataclass(frozen=True, slots=True)
class SegmentCount:
    program: str
    segment: str | None
    """None: those who have not answered yet, and those who fit no segment."""
    journeys: int
    open: int
    paused: int
    attention: int
    """Those with an open case."""
    completed: int


async def segments(pool: Pool, program: str | None = None) -> list[SegmentCount]:
    """By program and segment; only those that have any."""
    return [SegmentCount(*row) for row in await _SEGMENTS.fetch(pool, query("board_segments"), program)]


def _row(row: Any) -> BoardRow:
    values = dict(row)
    if values["due_at"].year == NEVER.year:  # asyncpg reads 'infinity' as a time without a zone
        values["due_at"] = None
    values["awaited"], values["flags"] = tuple(values["awaited"]), tuple(values["flags"])
    return BoardRow(**values)
