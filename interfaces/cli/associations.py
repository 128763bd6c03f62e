"""`trellis associations`: which behaviors of mentors go with momentum, and which pathways serve whom."""

from collections.abc import Iterator

from client.api.models import Associations, BehaviorAssociation, PathwayAssociation
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Json, Program
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.reaching import api
from queries.measures.words import difference, figure


def associations(program: Program, *, json: Json = False) -> None:
    """Show what goes with good ends: behaviors of mentors, and pathways by the level of learners.

    These are associations and no causes: learners who are alike in what was known at the start are compared, and what
    was not known can still explain a difference. Comparisons with too few journeys or mentors are left out, and the
    intervals are widened for how many comparisons there are. No mentor is named.
    """
    with api() as trellis:
        found = trellis.get_associations(program)
    if json:
        print_answer(found)
        return
    show(*_lines(found))


def _lines(found: Associations) -> Iterator[Line | Grid]:
    yield Line((f"{found.title}: associations, not causes, as of {found.as_of:%d %b %Y %H:%M} UTC", "bold"))
    yield Line(
        f"At least {found.least_journeys} journeys of {found.least_mentors} mentors on either side; adjusted for"
        " version, pathway and segment."
    )
    yield Line(("Behaviors of mentors and momentum of their learners", "bold"))
    columns = ("a mentor who", "momentum", "with it", "without", "adjusted difference", "")
    yield Grid(columns, [_behavior(one) for one in found.behaviors])
    if found.pathways:
        yield Line(("Pathways, by the level of learners", "bold"))
        levels = ("level", "pathway", "", "here", "others of the level", "adjusted difference", "")
        yield Grid(levels, [_pathway(one) for one in found.pathways if one.here.n])


def _behavior(one: BehaviorAssociation) -> Row:
    cells = (
        *(one.behavior_title, one.momentum_title),
        *(_group(one.showing.value, one.showing.n), _group(one.lacking.value, one.lacking.n)),
        *(_apart(one, "share"), "stands out" if one.stands_out else ""),
    )
    return Row(cells, "bold" if one.stands_out else "")


def _pathway(one: PathwayAssociation) -> Row:
    unit = "points" if one.end == "gain" else "share"
    cells = (
        *(one.level_title, one.pathway, one.end_title),
        *(_group(one.here.value, one.here.n, unit), _group(one.others.value, one.others.n, unit)),
        *(_apart(one, unit), "stands out" if one.stands_out else ""),
    )
    return Row(cells, "bold" if one.stands_out else "")


def _group(value: float | None, n: int, unit: str = "share") -> str:
    return f"{figure(value, unit)} of {n}"


def _apart(one: BehaviorAssociation | PathwayAssociation, unit: str) -> str:
    apart = one.difference
    return difference(apart.estimate, apart.low, apart.high, unit) if apart else "too little evidence"
