"""The board: every journey in one row, with what it waits for, from whom, and what happens next."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

from domain.ids import JourneyId, StreamId
from domain.journey import Awaited, attention
from domain.kit import Role, Severity
from domain.kit.escalation.risk_flag import ANY
from domain.kit.words import GRAVITY
from domain.values import Frozen
from projections.fold import Rows
from projections.journeys import JourneySnapshot, JourneyView
from projections.reading import View
from projections.sql import query
from store import people
from store.database import Pool

_NEVER = datetime.max.replace(tzinfo=UTC)  # asyncpg writes this as 'infinity'
Sort = Literal["due", "attention", "journey", "since", "name", "mentor", "next"]
"""What is due first; the gravest cases; by id; the longest in its stage first; by the name of the learner, or of the
mentor; what happens next on its own."""


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
            list(dict.fromkeys(_key(one.duty, one.who) for one in waits)),
            awaited.since if awaited else None,
            *((awaited.due_at, awaited.rule) if awaited else (_NEVER, None)),
            *((timer.at, timer.rule, timer.label) if timer else (None, None, None)),
            *(snapshot.version, state.offer.mentor if state.offer else None),
            state.cohort.cohort if state.cohort else None,
            (flags := [one.flag for one in reversed(state.flags)]),
        )
        due_at = awaited.due_at if awaited else _NEVER
        return {
            "board": [row],
            "board_awaited": [(stream, key, due_at, snapshot.journey) for key in _keys(waits)],
            "board_flags": [(stream, key, due_at, snapshot.journey) for key in _flag_keys(flags)],
        }


def _keys(waits: Iterable[Awaited]) -> Iterable[str]:
    """By what a journey is found: each duty with whoever has it, and either of the two alone."""
    found = ((one.duty, one.who) for one in waits)
    return dict.fromkeys(key for duty, who in found for key in (_key(duty, who), _key(duty, None), _key(None, who)))


def _flag_keys(flags: Sequence[str]) -> Iterable[str]:
    return dict.fromkeys((*flags, ANY)) if flags else ()


def _key(duty: str | None, who: Role | None) -> str:
    return f"{duty or ''}{f':{who}' if who else ''}"


class Criteria(Frozen):
    """Which journeys: those that meet all that is not None."""

    program: str | None = None
    stage: str | None = None
    segment: str | None = None
    pathway: str | None = None
    cohort: str | None = None
    """The group that the learner is in."""
    waiting_for: str | None = None
    """Somebody is awaited to do this, whatever else is due first."""
    waiting_on: Role | None = None
    """They are awaited; with `waiting_for`, to do just this."""
    mentor: str | None = None
    learner: str | None = None
    attention: Severity | None = None
    """This grave, or graver."""
    flag: str | None = None
    """This risk flag stands; `any`: whichever it is."""
    paused: bool | None = None
    open: bool | None = None
    """Whether the journey still runs."""


class Filter(Criteria):
    """The same, with what depends on when somebody asks."""

    overdue_at: datetime | None = None
    """Only what was due before this moment."""
    programs: frozenset[str] | None = None
    """Only these programs: those that the reader may see."""
    journeys: tuple[str, ...] = ()
    """Only these, by id; none given: any."""
    search: str | None = None
    """Learners whose id this is, or a word of whose name begins with each of its words."""
    by_name: bool = True
    """Whether `search` looks at names, or at ids alone."""
    learners: tuple[str, ...] | None = None
    """Those whom `search` found, where that has been looked up."""


_ALL = Filter()


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a row in a sorted board."""

    rank: int
    """How grave its cases are. By name: 1 for one whose name is not known, who comes after the others."""
    at: datetime | None
    """What the board is sorted by, where that is a time."""
    journey: str


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
    others: _Order = "nameless" if sort == "name" else "mentorless"
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


_CONDITIONS = {
    "program": "program = {}",
    "stage": "stage = {}",
    "segment": "segment = {}",
    "pathway": "pathway = {}",
    "cohort": "cohort = {}",
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
_Order = Sort | Literal["wanted", "flagged", "nameless", "mentorless"]
_ORDER: dict[_Order, str] = {
    "due": "due_at, journey",
    "wanted": "board_awaited.first_due_at, board_awaited.of_journey",
    "flagged": "board_flags.first_due_at, board_flags.of_journey",
    "attention": "grave desc, due_at, journey",
    "journey": "journey",
    "since": "stage_since, journey",
    "next": "coalesce(next_at, 'infinity'), journey",
    "nameless": "journey",
    "mentorless": "journey",
}
_JOINS: Mapping[_Order, str] = {
    "nameless": " left join trellis.people on person_id = learner and kind = 'learner'",
    "mentorless": " left join trellis.people on person_id = mentor and kind = 'mentor'",
}
_WHO: Mapping[Sort, str] = {"name": "learner", "mentor": "mentor"}
"""By whose name is sorted: the column, and the kind of people."""
_WALKS: Mapping[Sort, int] = {"name": 1_000, "mentor": 100}
"""How many people are looked at in the order of their names."""


class _Statement:
    """Has only the conditions that are asked for: one statement for all of them would have to do with one plan for all
    of them."""

    def __init__(self, where: Filter, sort: _Order) -> None:
        self.parameters: list[object] = []
        self._sort = sort
        wanted = _key(where.waiting_for, where.waiting_on)
        found_by = "flagged" if where.flag else "wanted" if wanted else sort
        self.order = _ORDER.get(found_by if sort == "due" else sort, "")
        self.joins = _JOINS.get(sort, "")
        for table, key in (("board_awaited", wanted), ("board_flags", where.flag)):
            if key:
                self.joins += (
                    f" join views.{table} on {table}.stream = board.stream and {table}.key = {self._placed(key)}"
                )
        self.conditions = list(self._conditions(where))

    def _placed(self, value: object) -> str:
        self.parameters.append(value)
        return f"${len(self.parameters)}"

    def _conditions(self, where: Filter) -> Iterator[str]:
        yield from (
            text.format(self._placed(one)) for name, text in _CONDITIONS.items() if (one := getattr(where, name))
        )
        yield from (flag for (name, wanted), flag in _FLAGS.items() if getattr(where, name) is wanted)
        if where.programs is not None:
            yield f"program = any({self._placed(sorted(where.programs))}::text[])"
        if where.journeys:
            yield f"journey = any({self._placed(list(where.journeys))}::text[])"
        if where.learners is not None:
            yield f"learner = any({self._placed(list(where.learners))}::text[])"
        if where.attention or self._sort == "attention":
            yield f"grave >= {GRAVITY[where.attention] or 1}"
        if self._sort in {"nameless", "mentorless"}:
            yield "people.person_id is null"

    def beyond(self, after: Cursor) -> None:
        at, journey = after.at or _NEVER, after.journey
        match self._sort:
            case "journey" | "nameless" | "mentorless":
                text = f"journey > {self._placed(journey)}"
            case "attention":
                later = f"(due_at, journey) > ({self._placed(at)}, {self._placed(journey)})"
                text = f"(grave < {after.rank:d} or (grave = {after.rank:d} and {later}))"
            case _:
                text = f"({self.order}) > ({self._placed(at)}, {self._placed(journey)})"
        self.conditions.append(text)

    def beyond_name(self, after: Cursor | None) -> tuple[str, str]:
        """What is behind a place in the order of names: of people alone, and of journeys."""
        if after is None:
            return "", ""
        named = query("board_name" if self._sort == "name" else "board_mentor_name")
        name = f"({named})".replace("JOURNEY", place := self._placed(after.journey))
        return f" and sort_name >= {name}", f" and (people.sort_name, journey) > ({name}, {place})"

    @property
    def where(self) -> str:
        return f" where {' and '.join(self.conditions)}" if self.conditions else ""

    @property
    def further(self) -> str:
        return "".join(f" and {one}" for one in self.conditions)


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


def statement(where: Filter, sort: _Order, after: Cursor | None, limit: int) -> tuple[str, list[object]]:
    """The statement and its parameters."""
    asked = _Statement(where, sort)
    if after:
        asked.beyond(after)
    text = f"{query('board_page')}{asked.joins}{asked.where} order by {asked.order} limit {limit:d}"
    return text, asked.parameters


def walked(
    where: Filter, sort: Sort, after: Cursor | None, limit: int, walk: int | None = None
) -> tuple[str, list[object]]:
    """The journeys of the first people by name, `walk` of them. Rows that may not be the next ones are left out: those
    of the last name that was looked at."""
    asked = _Statement(where, sort)
    people, journeys = asked.beyond_name(after)
    parts = {
        "PAGE": query("board_page"), "WHO": _WHO[sort], "JOINS": asked.joins, "WALK": str(walk or _WALKS[sort]),
        "PEOPLE": people, "JOURNEYS": f"{asked.further}{journeys}", "LIMIT": str(limit),
    }  # fmt: skip
    return _filled("board_walked", parts), asked.parameters


def sorted_by_name(where: Filter, sort: Sort, after: Cursor | None, limit: int) -> tuple[str, list[object]]:
    """The same of all journeys that match."""
    asked = _Statement(where, sort)
    _, journeys = asked.beyond_name(after)
    parts = {
        "PAGE": query("board_page"), "WHO": _WHO[sort], "CHOSEN": f"{asked.joins}{asked.where}",
        "JOURNEYS": journeys, "LIMIT": str(limit),
    }  # fmt: skip
    return _filled("board_sorted", parts), asked.parameters


def _filled(name: str, parts: Mapping[str, str]) -> str:
    return re.sub(r"\b[A-Z]{3,}\b", lambda found: parts.get(found[0], found[0]), query(name))


async def counted(pool: Pool, where: Filter, most: int = MOST_FOUND) -> int:
    """How many journeys there are, up to `most`; one more: there are more than these. Raises TooManyFound."""
    asked = _Statement(await resolved(pool, where), "due")
    text = query("board_counted").replace("CHOSEN", f"{asked.joins}{asked.where}").replace("MOST", f"{most + 1:d}")
    rows = await _BOARD.fetch(pool, text, *asked.parameters)
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
    if values["due_at"].year == _NEVER.year:  # asyncpg reads 'infinity' as a time without a zone
        values["due_at"] = None
    values["awaited"], values["flags"] = tuple(values["awaited"]), tuple(values["flags"])
    return BoardRow(**values)
