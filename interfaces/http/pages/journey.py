"""A journey: where it stands and why, what comes next, what happened, its learner, sessions, and guides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.ids import JourneyId
from domain.journey.words import Words, words_of
from domain.kit import Role
from domain.words import plain
from interfaces.http.pages.board import Row, row_of
from interfaces.http.pages.guides import guides_of
from interfaces.http.pages.learner import Learner, learner_of
from interfaces.http.pages.rendering import When, exact
from interfaces.http.v1.journeys import found
from kits.guides import Guide
from projections.reading import BeingRebuilt
from projections.views import timeline, upcoming
from projections.views.timeline import Entry
from projections.views.upcoming import ComingTimer
from queries.handled_commands import HandledCommand
from queries.journey_record import JourneyRecord, read_record
from queries.profile import profile_of
from queries.sessions import meetings_of
from queries.why import OpenDuty, why_with_mentors
from store.database import Pool
from store.people import names_of


@dataclass(frozen=True, slots=True)
class Timer:
    at: When
    what: str
    rule: str
    stopped_by: Role


@dataclass(frozen=True, slots=True)
class Event:
    at: When
    what: str
    said: Sequence[Words]
    by: str
    rule: str | None


@dataclass(frozen=True, slots=True)
class Wait:
    what: str
    about: str
    said: Sequence[Words]
    who: Role
    since: When
    due: When
    rule: str
    source: str
    commands: Sequence[str]


@dataclass(frozen=True, slots=True)
class Last:
    at: When
    what: str
    because: str


@dataclass(frozen=True, slots=True)
class Reasons:
    waits: Sequence[Wait]
    last: Last


@dataclass(frozen=True, slots=True)
class Journey:
    journey: str
    as_of: str
    now: Row
    timers: Sequence[Timer]
    happened: Sequence[Event]
    refused: Sequence[Event]
    why: Reasons
    learner: Learner
    guides: Sequence[Guide]


async def read_journey(pool: Pool, journey: JourneyId) -> Journey:
    """Raises HTTPException 404."""
    row = await found(pool, journey)
    names = await names_of(pool, [row.learner, *([row.mentor] if row.mentor else [])])
    entries = await timeline.of_journey(pool, journey)
    story = await read_record(pool, journey)
    why = await why_with_mentors(pool, story)
    timers = await _timers(pool, journey)
    now = datetime.now(UTC)
    return Journey(
        journey=journey,
        as_of=exact(now),
        now=row_of(row, names, now),
        timers=[Timer(When.of(one.at, now), one.label, one.rule, one.stopped_by) for one in timers],
        happened=[_event(one, story, now) for one in entries if not one.refused],
        refused=[_event(one, story, now) for one in entries if one.refused],
        why=Reasons([_wait(one, why.as_of) for one in why.waits], _last(why.last, why.as_of)),
        learner=learner_of(await profile_of(pool, story), await meetings_of(pool, story)),
        guides=guides_of(story),
    )


async def _timers(pool: Pool, journey: JourneyId) -> Sequence[ComingTimer]:
    """Empty while an upgrade builds the view: the page is readable without it."""
    try:
        return await upcoming.of_journey(pool, journey)
    except BeingRebuilt:
        return ()


def _event(one: Entry, story: JourneyRecord, now: datetime) -> Event:
    by = "automatic" if one.by in (None, "system") else f"{one.by}, {plain(one.command or '')}"
    return Event(When.of(one.at, now), one.words, words_of(story.events[one.version - 1]), by, one.rule)


def _wait(one: OpenDuty, now: datetime) -> Wait:
    return Wait(
        what=": ".join(filter(None, (one.says, one.title))),
        about=one.about,
        said=one.said,
        who=one.who,
        since=When.of(one.since, now),
        due=When.of(one.due_at, now),
        rule=one.rule,
        source=one.source,
        commands=one.commands,
    )


def _last(one: HandledCommand, now: datetime) -> Last:
    by = f"{one.by}, {plain(one.command or '')}" if one.by not in (None, "system") else "automatic"
    because = ", ".join(filter(None, (by, one.rule and f"rule {one.rule}", one.source)))
    return Last(When.of(one.at, now), "; ".join(one.events), because)
