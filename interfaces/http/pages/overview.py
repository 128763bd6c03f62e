"""How a program fares: the funnel, and what was promised and delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from queries import funnel, returns
from queries.funnel import Overview
from queries.listing import Listing
from queries.returns import Return


@dataclass(frozen=True, slots=True)
class FunnelPage:
    since: date
    last: date
    listings: Sequence[Listing]
    programs: Sequence[str]


@dataclass(frozen=True, slots=True)
class ReturnPage:
    title: str
    introduction: str
    listings: Sequence[Listing]


def funnel_of(found: Overview) -> FunnelPage:
    programs = sorted({one.program for one in found.segments})
    return FunnelPage(found.since, found.until - timedelta(days=1), funnel.listings(found), programs)


def return_of(found: Return) -> ReturnPage:
    return ReturnPage(found.title, returns.introduction(found), returns.listings(found))
