"""The table of journeys: what is shown of it, what it can be filtered and sorted by, and what is saved of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import get_args
from urllib.parse import quote

from domain.access import Caller, KeyRole
from domain.ids import ProgramId
from domain.journey.terms import Stage
from domain.kit import Kit
from domain.kit.escalation.risk_flag import ANY
from domain.kit.words import DUTIES
from domain.values import counted
from domain.words import plain
from interfaces.http.pages.fields import Form, Option, form_of
from interfaces.http.pages.journeys.address import SHOWS, Asked, saved, to_save
from interfaces.http.pages.journeys.rows import Row, row_of
from interfaces.http.v1.journeys import BoardPage, SearchTooBroad, narrowed, page_of
from interfaces.http.v1.saved_views import SavedViewShown, ViewToSave, views_of
from kits.lookup import NoSuchProgram, newest
from projections.board_filter import Criteria, Sort
from projections.views import board, cohorts
from queries.command_choices import flags_of
from queries.stage_counts import StageCounts
from queries.titles import KnownTitles
from store import people
from store.database import Pool

_MOST_COHORTS = 200
_MOST_NAMESAKES = 20
_MOST_COUNTED = 1_000
"""Of what a filter finds. The counts of stages are exact."""
_SORTS: Mapping[Sort, str] = {
    "due": "what is due first",
    "attention": "the most severe case first",
    "since": "the longest in their stage first",
    "name": "by name",
    "mentor": "by mentor",
    "next": "what happens next first",
    "journey": "by id",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A stage with how many journeys of the programs are in it."""

    label: str
    count: int
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that holds."""

    says: str
    without: str
    """The address without it."""


@dataclass(frozen=True, slots=True)
class View:
    name: str
    address: str
    shared_by: str | None
    current: bool
    forget: str | None
    """Where it is forgotten, by those who may."""


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    address: str | None
    """Where the table is sorted by it."""
    sorted: str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What the filters can be, and are."""

    given: Mapping[str, str]
    programs: Sequence[str]
    stages: Sequence[Option]
    pathways: Sequence[Option]
    segments: Sequence[Option]
    cohorts: Sequence[str]
    duties: Sequence[Option]
    flags: Sequence[Option]
    """Without those of a program: only that there is one at all."""
    shows: Sequence[Option]
    sorts: Sequence[Option]
    is_open: bool
    """Whether more than the search is filled in."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why the table is empty, and what to do."""

    title: str
    says: str
    address: str
    label: str


@dataclass(frozen=True, slots=True)
class Table:
    total: str
    rows: Sequence[Row]
    columns: Sequence[Column]
    tabs: Sequence[Tab]
    chips: Sequence[Chip]
    views: Sequence[View]
    save: Form | None
    filters: Filters
    first: str | None
    next: str | None
    all_of_them: Mapping[str, str]
    """The filters, as a bulk action takes them; empty where it would take none of these."""
    acts: bool
    """Whether the reader may plan bulk actions."""
    opens: bool
    """Whether the pages of journeys and mentors, which hold personal data, are for the reader."""
    counted: str
    """How many these are: `all 1,234 that match`."""
    problem: str
    clear: str
    is_new: bool
    """Whether there is no program yet."""
    nothing: Nothing


@dataclass(frozen=True, slots=True)
class Known:
    """What is not asked anew for every page."""

    stages: StageCounts
    titles: KnownTitles


async def read_table(pool: Pool, known: Known, asked: Asked, caller: Caller, programs: Sequence[str]) -> Table:
    """`programs`: the ids of those that the reader may use."""
    asked, problem = await _with_mentor(pool, asked, caller)
    try:
        page, many = await _page(pool, asked, caller)
    except SearchTooBroad as error:
        page, many, problem = BoardPage([], None), 0, str(error.detail)
    ids = (*(row.learner for row in page.rows), *(row.mentor for row in page.rows if row.mentor))
    names = await people.names_of(pool, ids) if caller.sees_personal_data else {}
    groups = await known.titles.groups(row.cohort for row in page.rows if row.cohort)
    now = datetime.now(UTC)
    acts, tabs = caller.role is KeyRole.OPS, await _tabs(known.stages, asked, caller)
    views = await views_of(pool, caller) if caller.sees_personal_data else []
    return Table(
        total=_counted(many, len(page.rows)),
        rows=[row_of(row, names, groups, now) for row in page.rows],
        columns=_columns(asked),
        tabs=tabs,
        chips=[Chip(_says(name, one), asked.address(**{name: None})) for name, one in asked.filters],
        views=[_view(one, asked, caller) for one in views],
        save=_save(asked, caller) if caller.sees_personal_data else None,
        filters=await _filters(pool, asked, programs),
        first=asked.address() if asked.query.after else None,
        next=asked.address(after=page.next) if page.next else None,
        all_of_them=_for_bulk(asked),
        acts=acts,
        counted=_of_these(many),
        opens=caller.role in (KeyRole.OPS, KeyRole.MENTOR),
        problem=problem,
        clear=Asked(asked.query.model_copy(update=_NOTHING), "open").address(program=asked.query.program),
        is_new=not programs and caller.programs is None,
        nothing=_nothing(tabs, asked, programs),
    )


def _nothing(tabs: Sequence[Tab], asked: Asked, programs: Sequence[str]) -> Nothing:
    if not tabs or any(one.count for one in tabs):
        says = "Take a filter away, or look at all journeys, also those that have ended."
        return Nothing("No journey matches.", says, "/journeys?show=all", "Show all journeys")
    says = "A journey begins when a learner is enrolled in a program, or by `trellis start`."
    program = asked.query.program or (programs[0] if len(programs) == 1 else None)
    if program is None:
        return Nothing("No journeys yet.", says, "/programs", "Choose a program")
    return Nothing("No journeys yet.", says, f"/programs/{quote(program, safe='')}/enrollment", "Enroll learners")


_NOTHING = dict.fromkeys(Criteria.model_fields) | {"search": None, "overdue": False, "open": True}


async def _page(pool: Pool, asked: Asked, caller: Caller) -> tuple[BoardPage, int]:
    where = await narrowed(pool, asked.query, caller)
    page = await page_of(pool, asked.query, where, caller)
    if where is not None and asked.query.sort == "attention" and where.attention is None:
        where = where.model_copy(update={"attention": "notice"})  # this order has no others
    if page.next is None and asked.query.after is None:
        return page, len(page.rows)
    return page, await board.counted(pool, where, _MOST_COUNTED) if where else 0


async def _with_mentor(pool: Pool, asked: Asked, caller: Caller) -> tuple[Asked, str]:
    """The mentor by id, where a name was given that one mentor has; and what to say otherwise."""
    said = asked.query.mentor
    if said is None or not caller.sees_personal_data or await people.get(pool, said):
        return asked, ""
    named = await people.named(pool, said, "mentor", _MOST_NAMESAKES)
    if len(named) == 1:
        query = asked.query.model_copy(update={"mentor": named[0].person_id})
        return replace(asked, query=query), ""
    if not named:
        return asked, ""
    those = ", ".join(f"{one.name} ({one.person_id})" for one in named[:5])
    return asked, f"{counted(len(named), 'mentor')} have a name like {said}. Give the id of one: {those}."


def _of_these(many: int) -> str:
    if many > _MOST_COUNTED:
        return "all that match"
    return "the one that matches" if many == 1 else f"all {many:,} that match"


def _counted(many: int, shown: int) -> str:
    if many > _MOST_COUNTED:
        return f"More than {_MOST_COUNTED:,} journeys, {shown} on this page"
    total = counted(max(many, shown), "journey")
    return total if shown >= many else f"{total}, {shown} on this page"


async def _tabs(stages: StageCounts, asked: Asked, caller: Caller) -> Sequence[Tab]:
    """None for mentors: the counts are of whole programs."""
    if caller.role is KeyRole.MENTOR:
        return ()
    program = asked.query.program
    counts = await stages.by_stage(caller.programs_of(program))
    shown = [
        Tab(plain(stage), counts.get(stage, 0), _only(asked, stage, "open"), _is_only(asked, stage))
        for stage in get_args(Stage)
        if stage != "closed"
    ]
    running = sum(one.count for one in shown)
    ended = Tab("ended", counts.get("closed", 0), _only(asked, None, "ended"), asked.show == "ended")
    return (Tab("all open", running, _only(asked, None, "open"), _is_only(asked, None)), *shown, ended)


def _only(asked: Asked, stage: str | None, show: str) -> str:
    return asked.address(stage=stage, show=None if show == "open" else show)


def _is_only(asked: Asked, stage: str | None) -> bool:
    return asked.show == "open" and asked.query.stage == stage


def _columns(asked: Asked) -> Sequence[Column]:
    return [
        _column(asked, "Learner", "name", "ascending"),
        _column(asked, "Stage", "since", "descending"),
        _column(asked, "Waiting for", "due", "ascending"),
        _column(asked, "Next", "next", "ascending"),
        _column(asked, "Mentor", "mentor", "ascending"),
        _column(asked, "Risk", "attention", "descending"),
    ]


def _column(asked: Asked, label: str, sort: Sort, way: str) -> Column:
    return Column(label, asked.address(sort=sort), way if asked.query.sort == sort else None)


def _says(name: str, value: str) -> str:
    match name:
        case "attention":
            return f"risk: {value}" if value == "critical" else f"risk: {value} or graver"
        case "flag":
            return "any risk flag" if value == ANY else f"risk flag: {plain(value)}"
        case "overdue":
            return "overdue"
        case "waiting_for":
            return f"waiting for {next((says for duty, says in DUTIES.items() if duty == value), plain(value))}"
        case "search":
            return f"name: {value}"
        case _:
            return f"{plain(name)}: {value}"


def _view(one: SavedViewShown, asked: Asked, caller: Caller) -> View:
    may = one.mine or caller.role is KeyRole.OPS
    forget = f"/saved-views/{one.id}/forget" if may else None
    return View(one.name, saved(one.query), None if one.mine else one.owner, one.query == to_save(asked), forget)


def _save(asked: Asked, caller: Caller) -> Form:
    return form_of(
        ViewToSave,
        "/saved-views",
        title="Save this view",
        says="Filters and order are kept under a name. A search by name is not.",
        fixed={"query": to_save(asked), "back_to": asked.address()},
        without=() if caller.role is KeyRole.OPS else ("shared",),
        labels={"shared": "Share it with everybody who may use its program"},
    )


async def _filters(pool: Pool, asked: Asked, programs: Sequence[str]) -> Filters:
    program = asked.query.program or (programs[0] if len(programs) == 1 else None)
    kit = await _kit(pool, program)
    groups = await cohorts.listed(pool, [program], limit=_MOST_COHORTS) if program and kit and kit.cohorts else []
    return Filters(
        given=asked.given,
        programs=programs,
        stages=[Option(one, plain(one)) for one in get_args(Stage)],
        pathways=[Option(one.id, one.title) for one in kit.pathways] if kit else [],
        segments=[Option(one.id, one.title) for one in kit.segments] if kit else [],
        cohorts=[one.cohort for one in groups],
        duties=[Option(duty, says) for duty, says in DUTIES.items()],
        flags=_flags(kit, asked.query.flag),
        shows=[Option(one, says) for one, says in SHOWS.items()],
        sorts=[Option(one, says) for one, says in _SORTS.items()],
        is_open=any(name not in {"search", "stage"} for name, _ in asked.filters),
    )


def _flags(kit: Kit | None, given: str | None) -> Sequence[Option]:
    """People may raise flags that no rule of the kit knows: one by which is filtered is among the choices anyway."""
    named = dict.fromkeys((*(flags_of(kit) if kit else ()), *((given,) if given else ())))
    return [Option(ANY, "any flag"), *(Option(one, plain(one)) for one in named if one != ANY)]


async def _kit(pool: Pool, program: str | None) -> Kit | None:
    try:
        return await newest(pool, ProgramId(program)) if program else None
    except NoSuchProgram:
        return None


def _for_bulk(asked: Asked) -> Mapping[str, str]:
    """A search is resolved when the action is planned."""
    query = asked.query.model_dump(
        mode="json", exclude_none=True, exclude_defaults=True, exclude={"sort", "after", "limit"}
    )
    attention = {"attention": "notice"} if asked.query.sort == "attention" and not asked.query.attention else {}
    given = query | attention
    if not given.keys() - {"open", "paused"}:
        return {}
    return {name: str(one).lower() if isinstance(one, bool) else str(one) for name, one in given.items()}
