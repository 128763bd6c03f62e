"""A program at a glance: its diagram with how many are where, the funnel, and what was promised and delivered."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from markupsafe import Markup

from domain.kit import Kit
from domain.values import counted
from domain.words import plain
from interfaces.http.pages.asked import NOTHING
from interfaces.http.pages.rendering import When
from kits.draw import Here as Drawn
from kits.draw import Live, svg_of_now
from projections.standings import Standing
from queries.listing import Listing
from queries.overview import STAGES, FunnelStep, ProgramFunnel
from queries.returns import Return, listings
from store.kits import PublishedKit


@dataclass(frozen=True, slots=True)
class StageLine:
    label: str
    address: str
    journeys: int
    paused: int
    attention: int
    overdue: int


@dataclass(frozen=True, slots=True)
class FunnelLine:
    label: str
    reached: str
    width: float
    """Of 100, for the bar."""
    of_begun: str
    of_before: str
    here: str
    left: str


@dataclass(frozen=True, slots=True)
class ProgramLine:
    program: str
    title: str
    version: str
    published: When


@dataclass(frozen=True, slots=True)
class ProgramsPage:
    rows: Sequence[ProgramLine]


@dataclass(frozen=True, slots=True)
class OverviewPage:
    program: str
    title: str
    promise: str
    audience: str
    version: str
    published: When
    diagram: Markup
    stages: Sequence[StageLine]
    open: str
    enrollment: str
    since: str
    until: str
    funnel_says: str
    funnel: Sequence[FunnelLine]
    promised: Listing | None
    """None: nobody has started yet."""


def live(found: Iterable[Standing]) -> Live:
    """For the diagram."""
    rows = [one for one in found if one.ending is None]
    waiting: Counter[str] = Counter()
    for one in rows:
        waiting[one.waiting_for or ""] += one.journeys
    endings: Counter[str] = Counter()
    for one in found:
        endings[one.ending or ""] += one.journeys
    in_sessions = [one for one in rows if one.stage == "sessions"]
    return Live(
        stages={stage: _here(one for one in rows if one.stage == stage) for stage in STAGES},
        pathways={
            pathway: _here(one for one in in_sessions if one.pathway == pathway)
            for pathway in {one.pathway or "" for one in in_sessions}
        },
        reviews=waiting["intake_review"],
        offers=waiting["offer"],
        endings={name: many for name, many in endings.items() if name},
    )


def _here(those: Iterable[Standing]) -> Drawn:
    rows = list(those)
    return Drawn(sum(one.journeys for one in rows), sum(one.attention for one in rows))


@dataclass(frozen=True, slots=True)
class Here:
    """Where everybody is, as the page shows it."""

    diagram: Markup
    stages: Sequence[StageLine]
    open: str


def here(kit: Kit, found: Sequence[Standing]) -> Here:
    diagram = Markup(svg_of_now(kit, live(found)))  # noqa: S704 - kits/draw escapes what it writes
    return Here(diagram, stage_lines(kit.program, found), open_says(found))


def stage_lines(program: str, found: Sequence[Standing]) -> list[StageLine]:
    return [_stage(program, stage, [one for one in found if one.stage == stage]) for stage in (*STAGES, "closed")]


def _stage(program: str, stage: str, rows: Sequence[Standing]) -> StageLine:
    return StageLine(
        label=plain(stage).capitalize(),
        address=f"/journeys?{urlencode({'program': program, 'stage': stage})}",
        journeys=sum(one.journeys for one in rows),
        paused=sum(one.paused for one in rows),
        attention=sum(one.attention for one in rows),
        overdue=sum(one.overdue for one in rows),
    )


_REACHED = {"intake": "Started", "matching": "Matching", "sessions": "Sessions", "wrap_up": "Wrap-up"}


def funnel_lines(found: ProgramFunnel) -> list[FunnelLine]:
    return [_step(one) for one in found.steps]


def _step(one: FunnelStep) -> FunnelLine:
    return FunnelLine(
        label=_REACHED.get(one.stage, "Completed"),
        reached=f"{one.reached:,}",
        width=round(100 * (one.of_begun or 0), 1),
        of_begun=_percent(one.of_begun),
        of_before=_percent(one.of_before) if one.stage != "intake" else NOTHING,
        here=f"{one.here:,}" if one.stage != "completed" else NOTHING,
        left=f"{one.left:,}" if one.stage != "completed" else NOTHING,
    )


def _percent(share: float | None) -> str:
    return NOTHING if share is None else f"{share:.0%}"


def funnel_says(found: ProgramFunnel) -> str:
    begun = found.steps[0].reached
    return (
        f"{counted(begun, 'learner')} who started from {found.since:%d %b %Y} to "
        f"{found.until - timedelta(days=1):%d %b %Y}, and how far they have come by now."
    )


def promised(found: Return) -> Listing | None:
    """Of the version with which most learners started."""
    return next(iter(listings(found)), None) if found.delivered.learners.begun else None


def open_says(found: Sequence[Standing]) -> str:
    rows = [one for one in found if one.ending is None]
    attention, overdue = sum(one.attention for one in rows), sum(one.overdue for one in rows)
    return (
        f"{counted(sum(one.journeys for one in rows), 'open journey')}, {attention:,} with a case, {overdue:,} overdue"
    )


def program_line(one: PublishedKit, title: str, now: datetime) -> ProgramLine:
    return ProgramLine(one.program, title, one.version, When.of(one.published_at, now))
