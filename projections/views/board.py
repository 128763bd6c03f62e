"""The board: every journey in one row, with what it waits for, from whom, and what happens next."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

from domain.ids import JourneyId, StreamId
from domain.journey import Awaited, attention
from domain.kit import Role, Severity
from domain.kit.words import GRAVITY
from domain.values import Frozen
from projections.fold import Rows
from projections.journeys import JourneySnapshot, JourneyView
from projections.reading import View
from projections.sql import query
from store.database import Pool

_NEVER = datetime.max.replace(tzinfo=UTC)  # asyncpg writes this as 'infinity'
Sort = Literal["due", "attention", "journey"]


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


class Board(JourneyView):
    name = "board"
    columns: ClassVar = {
        "board": (
            *("stream", "journey", "program", "learner", "stage", "stage_since", "pathway", "segment", "mentor"),
            *("paused_until", "ending", "attention", "grave", "open_cases", "waiting_for", "about", "waiting_on"),
            *("awaited", "since", "due_at", "due_rule", "next_at", "next_rule", "next_label", "version", "proposed"),
        ),
        "board_awaited": ("stream", "key", "first_due_at", "of_journey"),
    }
    keys: ClassVar = {"board_awaited": "key"}

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
            list(dict.fromkeys(_key(one.duty, one.who) for one in waits)),
            awaited.since if awaited else None,
            *((awaited.due_at, awaited.rule) if awaited else (_NEVER, None)),
            *((timer.at, timer.rule, timer.label) if timer else (None, None, None)),
            *(snapshot.version, state.offer.mentor if state.offer else None),
        )
        due_at = awaited.due_at if awaited else _NEVER
        return {
            "board": [row],
            "board_awaited": [(stream, key, due_at, snapshot.journey) for key in _keys(waits)],
        }


def _keys(waits: Iterable[Awaited]) -> Iterable[str]:
    """By what a journey is found: each duty with whoever has it, and either of the two alone."""
    found = ((one.duty, one.who) for one in waits)
    return dict.fromkeys(key for duty, who in found for key in (_key(duty, who), _key(duty, None), _key(None, who)))


def _key(duty: str | None, who: Role | None) -> str:
    return f"{duty or ''}{f':{who}' if who else ''}"


class Criteria(Frozen):
    """Which journeys: those that meet all that is not None."""

    program: str | None = None
    stage: str | None = None
    segment: str | None = None
    waiting_for: str | None = None
    """Somebody is awaited to do this, whatever else is due first."""
    waiting_on: Role | None = None
    """They are awaited; with `waiting_for`, to do just this."""
    mentor: str | None = None
    learner: str | None = None
    attention: Severity | None = None
    """This grave, or graver."""
    paused: bool | None = None
    open: bool | None = None
    """Whether the journey still runs."""


class Filter(Criteria):
    """The same, with what depends on when somebody asks."""

    overdue_at: datetime | None = None
    """Only what was due before this moment."""
    programs: frozenset[str] | None = None
    """Only these programs: those that the reader may see."""


_ALL = Filter()


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a row in a sorted board."""

    grave: int
    due_at: datetime | None
    journey: str


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[BoardRow]
    next: Cursor | None
    """Where the next page begins; None on the last one."""


NOTHING = Page([], None)
_BOARD = View(board=5)
_SEGMENTS = View(board=2)
_SINCE_EVER = View(board=1)


async def page(
    pool: Pool, where: Filter = _ALL, sort: Sort = "due", after: Cursor | None = None, limit: int = 50
) -> Page:
    """By the first due, by gravity and then the first due (only what has an open case), or by name. Cursors stay valid
    while rows come and go.
    """
    text, parameters = statement(where, sort, after, limit + 1)
    rows = await _BOARD.fetch(pool, text, *parameters)
    shown = [_row(row) for row in rows[:limit]]
    more = len(rows) > limit
    return Page(shown, Cursor(GRAVITY[shown[-1].attention], shown[-1].due_at, shown[-1].journey) if more else None)


_CONDITIONS = {
    "program": "program = {}",
    "stage": "stage = {}",
    "segment": "segment = {}",
    "mentor": "mentor = {}",
    "learner": "learner = {}",
    "overdue_at": "due_at < {}",
}
_FLAGS = {
    ("paused", True): "paused_until is not null",
    ("paused", False): "paused_until is null",
    ("open", True): "ending is null",
    ("open", False): "ending is not null",
}
_ORDER: dict[Sort | Literal["wanted"], str] = {
    "due": "due_at, journey",
    "wanted": "first_due_at, of_journey",
    "attention": "grave desc, due_at, journey",
    "journey": "journey",
}


def statement(where: Filter, sort: Sort, after: Cursor | None, limit: int) -> tuple[str, list[object]]:
    """The statement and its parameters. It has only the conditions that are asked for: one statement for all of them
    would have to do with one plan for all of them.
    """
    parameters: list[object] = []

    def place(value: object) -> str:
        parameters.append(value)
        return f"${len(parameters)}"

    wanted = _key(where.waiting_for, where.waiting_on)
    chosen = query("board_page")
    if wanted:
        chosen += f" join views.board_awaited on board_awaited.stream = board.stream and key = {place(wanted)}"
    order = _ORDER["wanted" if wanted and sort == "due" else sort]
    conditions = [_CONDITIONS[name].format(place(value)) for name in _CONDITIONS if (value := getattr(where, name))]
    conditions += [flag for (name, wanted), flag in _FLAGS.items() if getattr(where, name) is wanted]
    if where.programs is not None:
        conditions.append(f"program = any({place(sorted(where.programs))}::text[])")
    if where.attention or sort == "attention":
        conditions.append(f"grave >= {GRAVITY[where.attention] or 1}")
    if after:
        conditions.append(_beyond(sort, order, after, place))
    if conditions:
        chosen += f" where {' and '.join(conditions)}"
    return f"{chosen} order by {order} limit {limit:d}", parameters


def _beyond(sort: Sort, order: str, after: Cursor, place: Callable[[object], str]) -> str:
    if sort == "journey":
        return f"journey > {place(after.journey)}"
    columns = order if sort == "due" else "due_at, journey"
    beyond = f"({columns}) > ({place(after.due_at or _NEVER)}, {place(after.journey)})"
    return beyond if sort == "due" else f"(grave < {after.grave:d} or (grave = {after.grave:d} and {beyond}))"


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
    rows = await _BOARD.fetch(pool, query("board_unmatched"), program, limit)
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
    if values["due_at"].year == _NEVER.year:  # asyncpg reads 'infinity' as a time without a zone
        values["due_at"] = None
    values["awaited"] = tuple(values["awaited"])
    return BoardRow(**values)
