"""Bulk actions as pages: choosing what to do, what would come of it, and how far it has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from pydantic_core import from_json

from domain.bulk import Outcome
from domain.values import counted, roughly
from domain.words import plain
from interfaces.http.pages.bulk.actions import named
from interfaces.http.pages.fields import Form
from interfaces.http.pages.rendering import When
from interfaces.http.v1.bulk import BulkPage
from projections.views.bulks import BulkRow
from services.bulk import BulkPlan, BulkShown
from services.bulk.planning import ExpectedRefusals
from store.bulk import BulkRefusals, ItemRow

STANDINGS: Mapping[str, str] = {
    "planned": "planned", "running": "running", "paused": "paused", "stopped": "stopped", "finished": "finished",
}  # fmt: skip
OUTCOMES: Mapping[Outcome | str, str] = {
    "done": "done", "unchanged": "nothing to do", "refused": "refused", "unanswered": "no answer yet",
    "left": "still to come",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewPage:
    """What to do with the journeys that are chosen."""

    chosen: str
    says: str
    actions: Sequence[tuple[str, str, bool]]
    """Address, words, and whether it is the one whose form is shown."""
    form: Form | None
    missing: str


@dataclass(frozen=True, slots=True)
class Sampled:
    journey: str
    learner: str
    stage: str | None
    becomes: str
    why: str
    mentor: str | None


@dataclass(frozen=True, slots=True)
class PlanPage:
    """What would come of it. Nothing has been done yet."""

    title: str
    journeys: str
    lasts: str
    examined: str
    expected: Sequence[tuple[str, int]]
    refusals: Sequence[ExpectedRefusals]
    sample: Sequence[Sampled]
    more: int
    begin: Form
    back: str


@dataclass(frozen=True, slots=True)
class Line:
    """A bulk action in the list of them."""

    id: str
    title: str
    status: str
    journeys: int
    came: str
    by: str
    planned: When


@dataclass(frozen=True, slots=True)
class ListPage:
    lines: Sequence[Line]
    first: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Item:
    journey: str
    learner: str
    outcome: str
    says: str
    mentor: str | None
    at: When | None


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    count: int
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class BulkActionPage:
    id: str
    opens: bool
    """Whether the reader may open the pages of its journeys."""
    title: str
    status: str
    journeys: int
    handled: int
    since: Sequence[tuple[str, When]]
    by: str
    reason: str
    chosen: str
    content: Sequence[tuple[str, str]]
    refusals: Sequence[BulkRefusals]
    tabs: Sequence[Tab]
    items: Sequence[Item]
    next: str | None
    buttons: Sequence[Form]
    stop: Form | None
    says: str
    """How far it is, for those who do not see the bar."""


def plan_page(plan: BulkPlan, names: Mapping[str, str], begin: Form, back: str) -> PlanPage:
    title = named(plan.action, plan.command)
    examined = "" if plan.examined == plan.journeys else f"of {plan.examined:,} of them that were looked at"
    come = plan.expected
    return PlanPage(
        title=title,
        journeys=counted(plan.journeys, "journey"),
        lasts=_lasts(plan.seconds),
        examined=examined,
        expected=[("would change", come.done), ("nothing to do", come.unchanged), ("would be refused", come.refused)],
        refusals=plan.refusals,
        sample=[
            Sampled(
                one.journey,
                names.get(one.learner, one.learner),
                one.stage,
                {"done": "would change", "unchanged": "nothing to do", "refused": "would be refused"}[one.becomes],
                one.says or "",
                names.get(one.mentor, one.mentor) if one.mentor else None,
            )
            for one in plan.sample
        ],
        more=plan.journeys - len(plan.sample),
        begin=begin,
        back=back,
    )


def back_of(found: BulkShown) -> str:
    """The form with which it was planned, with its choice of journeys."""
    action = found.command or found.action
    query = [("action", action)]
    for name, one in found.filter.items():
        several = str(one).split() if name == "journeys" else [str(one).lower() if isinstance(one, bool) else one]
        query += [(name, each) for each in several]
    return f"/bulk/new?{urlencode(query)}"


def _lasts(seconds: float) -> str:
    return counted(max(1, round(seconds)), "second") if seconds < 120 else roughly(timedelta(seconds=seconds))


def list_page(page: BulkPage, now: datetime, *, is_first: bool) -> ListPage:
    following = f"/bulk?{urlencode({'after': page.next})}" if page.next else None
    return ListPage([_line(one, now) for one in page.rows], None if is_first else "/bulk", following)


def _line(one: BulkRow, now: datetime) -> Line:
    counts = {"done": one.done, "unchanged": one.unchanged, "refused": one.refused, "unanswered": one.unanswered}
    came = ", ".join(f"{many:,} {OUTCOMES[name]}" for name, many in counts.items() if many)
    return Line(
        one.id, named(one.action, one.command), one.status, one.journeys, came, one.by, When.of(one.planned_at, now)
    )


def bulk_action_page(
    found: BulkShown,
    items: Sequence[ItemRow],
    names: Mapping[str, str],
    *,
    opens: bool,
    outcome: str | None,
    following: int | None,
    forms: Sequence[Form],
    now: datetime,
) -> BulkActionPage:
    handled = found.journeys - found.left
    moments = (("planned", found.planned_at), ("begun", found.begun_at), ("over", found.ended_at))
    grave = [one for one in forms if one.grave]
    return BulkActionPage(
        id=found.id,
        opens=opens,
        title=named(found.action, found.command),
        status=found.status,
        journeys=found.journeys,
        handled=handled,
        since=[(word, When.of(at, now)) for word, at in moments if at],
        by=found.by,
        reason=found.reason,
        chosen=", ".join(_filter(name, one) for name, one in found.filter.items()),
        content=[(plain(name), _text(one)) for name, one in _content(found.content).items() if name != "by"],
        refusals=found.refusals,
        tabs=_tabs(found, outcome),
        items=[_item(one, names, now) for one in items],
        next=_address(found.id, outcome, following) if following else None,
        buttons=[one for one in forms if not one.grave],
        stop=grave[0] if grave else None,
        says=f"{found.status}: {handled:,} of {counted(found.journeys, 'journey')}",
    )


def _filter(name: str, one: str | bool) -> str:
    if name == "journeys":
        return f"{counted(len(str(one).split()), 'journey')}, chosen one by one"
    return plain(name) if one is True else f"{plain(name)}: {'no' if one is False else one}"


def _content(content: str) -> Mapping[str, Any]:
    found = from_json(content)
    return found if isinstance(found, dict) else {}


def _text(one: Any) -> str:
    return one if isinstance(one, str) else str(one)


def _tabs(found: BulkShown, outcome: str | None) -> Sequence[Tab]:
    came = found.outcomes
    counts: Mapping[str, int] = {
        "done": came.done, "unchanged": came.unchanged, "refused": came.refused, "unanswered": came.unanswered,
        "left": found.left,
    }  # fmt: skip
    every = Tab("all", found.journeys, _address(found.id, None, None), outcome is None)
    return (
        every,
        *(
            Tab(OUTCOMES[name], many, _address(found.id, name, None), outcome == name)
            for name, many in counts.items()
            if many or outcome == name
        ),
    )


def _address(bulk: str, outcome: str | None, after: int | None) -> str:
    query = {name: value for name, value in (("outcome", outcome), ("after", after)) if value}
    return f"/bulk/{bulk}?{urlencode(query)}" if query else f"/bulk/{bulk}"


def _item(one: ItemRow, names: Mapping[str, str], now: datetime) -> Item:
    return Item(
        one.journey,
        names.get(one.learner, one.learner),
        OUTCOMES[one.outcome or "left"],
        one.says or "",
        names.get(one.mentor, one.mentor) if one.mentor else None,
        When.of(one.at, now) if one.at else None,
    )
