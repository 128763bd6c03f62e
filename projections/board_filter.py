"""Which journeys of the board, in which order, from where on: and the SQL that this becomes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from domain.kit import Role, Severity
from domain.kit.words import GRAVITY
from domain.values import Frozen
from projections.sql import query

NEVER = datetime.max.replace(tzinfo=UTC)  # asyncpg writes this as 'infinity'
Sort = Literal["due", "attention", "journey", "since", "name", "mentor", "next"]
"""What is due first; the gravest cases; by id; the longest in its stage first; by the name of the learner, or of the
mentor; what happens next on its own."""


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


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a row in a sorted board."""

    rank: int
    """How grave its cases are. By name: 1 for one whose name is not known, who comes after the others."""
    at: datetime | None
    """What the board is sorted by, where that is a time."""
    journey: str


def awaited_key(duty: str | None, who: Role | None) -> str:
    """The key in `views.board_awaited` of journeys that wait for this, for this somebody, or for both."""
    return f"{duty or ''}{f':{who}' if who else ''}"


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
Order = Sort | Literal["wanted", "flagged", "nameless", "mentorless"]
_ORDER: dict[Order, str] = {
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
_JOINS: Mapping[Order, str] = {
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

    def __init__(self, where: Filter, sort: Order) -> None:
        self.parameters: list[object] = []
        self._sort = sort
        wanted = awaited_key(where.waiting_for, where.waiting_on)
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
        at, journey = after.at or NEVER, after.journey
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


def statement(where: Filter, sort: Order, after: Cursor | None, limit: int) -> tuple[str, list[object]]:
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


def counting(where: Filter, most: int) -> tuple[str, list[object]]:
    """How many match, up to `most` and one more."""
    asked = _Statement(where, "due")
    parts = {"CHOSEN": f"{asked.joins}{asked.where}", "MOST": f"{most + 1:d}"}
    return _filled("board_counted", parts), asked.parameters


def _filled(name: str, parts: Mapping[str, str]) -> str:
    return re.sub(r"\b[A-Z]{3,}\b", lambda found: parts.get(found[0], found[0]), query(name))
