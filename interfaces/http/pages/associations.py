"""The page of what goes with good ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from interfaces.http.pages.rendering import exact
from queries.listing import Listing
from queries.measures.associations import Associations
from queries.measures.behaviors import BehaviorAssociation
from queries.measures.comparisons import Group
from queries.measures.pathways import PathwayAssociation
from queries.measures.words import difference, figure

_TOO_LITTLE = "too little evidence"


@dataclass(frozen=True, slots=True)
class AssociationsPage:
    program: str
    title: str
    shown: str
    says: str
    listings: Sequence[Listing]


def associations_page(found: Associations) -> AssociationsPage:
    columns = ("A mentor who", "Momentum", "With it", "Without", "Adjusted difference", "Stands out")
    levels = ("Level", "Pathway", "End", "Here", "Others of the level", "Adjusted difference", "Stands out")
    pathways = [one for one in found.pathways if one.here.n]
    return AssociationsPage(
        program=found.program,
        title=found.title,
        shown=f"as of {exact(found.as_of)}",
        says=f"Comparisons take at least {found.least_journeys} journeys on either side, of behaviors those of "
        f"{found.least_mentors} mentors or more. Differences are adjusted for the version of the kit, "
        "those of behaviors also for pathway and segment, and their intervals are widened so that with a confidence of "
        "95% all of them hold.",
        listings=[
            Listing(
                "Behaviors of mentors, and momentum of their learners", columns, list(map(_behavior, found.behaviors))
            ),
            Listing("Pathways, by the level of learners", levels, list(map(_pathway, pathways))),
        ],
    )


def _behavior(one: BehaviorAssociation) -> tuple[object, ...]:
    groups = (_group(one.showing, "share"), _group(one.lacking, "share"))
    return one.behavior_title, one.momentum_title, *groups, _apart(one, "share"), _stands_out(one)


def _pathway(one: PathwayAssociation) -> tuple[object, ...]:
    unit = "points" if one.end == "gain" else "share"
    groups = (_group(one.here, unit), _group(one.others, unit))
    return one.level_title, one.pathway, one.end_title, *groups, _apart(one, unit), _stands_out(one)


def _group(one: Group, unit: str) -> str:
    return f"{figure(one.value, unit)} of {one.n}"


def _apart(one: BehaviorAssociation | PathwayAssociation, unit: str) -> str:
    apart = one.difference
    return difference(apart.estimate, apart.low, apart.high, unit) if apart else _TOO_LITTLE


def _stands_out(one: BehaviorAssociation | PathwayAssociation) -> str:
    return "yes" if one.stands_out else ""
