"""How a program fares: the funnel, and what was promised and delivered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from projections.views.intake import Asked
from queries import funnel, returns
from queries.funnel import Overview
from queries.listing import Listing
from queries.returns import Return
from queries.titles import Titles


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


def funnel_of(found: Overview, titles: Mapping[str, Titles]) -> FunnelPage:
    """`titles`: of each program whose intake is shown."""
    asked = [_with_title(one, titles[one.program]) for one in found.questions]
    found = replace(found, questions=asked)
    programs = sorted({one.program for one in found.segments})
    return FunnelPage(found.since, found.until - timedelta(days=1), funnel.listings(found), programs)


def _with_title(one: Asked, titles: Titles) -> Asked:
    return replace(one, question=titles.named("question", one.question)) if one.question else one


def return_of(found: Return) -> ReturnPage:
    return ReturnPage(found.title, returns.introduction(found), returns.listings(found))
