"""The versions of a program's kit: what differs, who follows which, and moving journeys to another one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from interfaces.http.pages.rendering import When
from kits.diff import Difference
from store.kits import KitVersion, PublishedKit

MOST = 100
_MOST_DIFFERENCES = 300


@dataclass(frozen=True, slots=True)
class VersionLine:
    version: str
    digest: str
    published: When
    current: bool
    journeys: int
    """Open ones that follow it."""


@dataclass(frozen=True, slots=True)
class DifferenceShown:
    whom: str
    says: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DiffShown:
    old: str
    new: str
    says: str
    differences: Sequence[DifferenceShown]


@dataclass(frozen=True, slots=True)
class VersionsPage:
    program: str
    current: str
    versions: Sequence[VersionLine]
    more: bool
    old: str
    new: str
    diff: DiffShown | None
    acts: bool
    others: int
    """Open journeys that follow another version than the current one."""


def version_lines(
    found: Sequence[KitVersion], current: PublishedKit, journeys: Mapping[str, int], now: datetime
) -> list[VersionLine]:
    return [
        VersionLine(
            one.version,
            one.digest,
            When.of(one.published_at, now),
            one.digest == current.digest,
            journeys.get(one.digest, 0),
        )
        for one in found[:MOST]
    ]


def diff_shown(old: str, new: str, found: Sequence[Difference]) -> DiffShown:
    if not found:
        says = "Both run every journey in the same way."
    elif len(found) > _MOST_DIFFERENCES:
        says = f"The first {_MOST_DIFFERENCES} of {len(found):,} differences, in the order of the kit."
    else:
        says = "In the order of the kit."
    shown = [DifferenceShown(one.whom, one.says, one.before, one.after) for one in found[:_MOST_DIFFERENCES]]
    return DiffShown(old, new, says, shown)
