"""Who a learner is, what they set out for, and how far they have come. Told from the log and from `people`.

What they said is personal: it is for whoever looks after them, and in no log, metric or view.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.ids import JourneyId, activity_stream
from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.journey.state import MilestoneStanding, SessionStanding
from projections import daily_activity
from projections.reading import BeingRebuilt
from queries.answers import Answered, beside_questions
from queries.journey_record import Story, read_story
from queries.work import Work, work_of
from store import people
from store.database import Pool
from store.event_log import EventLog
from store.people import Person

_RECENTLY = timedelta(days=28)
_INTAKE_OF_THE_FILE = "answers"
"""Where the importers keep what was answered before the journey began; what was sent in counts."""


@dataclass(frozen=True, slots=True)
class Named:
    id: str
    name: str
    """Its title in the kit, or the name of the person; the id again where neither knows it."""


@dataclass(frozen=True, slots=True)
class Sessions:
    held: int
    missed: int
    """By the learner or by the mentor."""
    called_off: int
    to_come: int
    not_told: int
    """Those whose time has passed without a word on how they went."""


@dataclass(frozen=True, slots=True)
class Milestones:
    passed: int
    in_review: int
    open: int
    overdue: int
    """Those of the open ones that were due already."""
    failed: int
    waived: int


@dataclass(frozen=True, slots=True)
class Confidence:
    given: int
    """From 1 to 10."""
    at: datetime


@dataclass(frozen=True, slots=True)
class OutcomeTold:
    kind: str
    value: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    sessions: Sessions
    milestones: Milestones
    last_seen_at: datetime | None
    """The latest sign of the learner, here or where they work; None: there was none yet."""
    active_days: int | None
    """On how many of the last four weeks' days they were active where they work, in UTC; None: that is not known."""
    confidence: Confidence | None
    """As they gave it last."""
    outcomes: tuple[OutcomeTold, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    journey: JourneyId
    learner: Named
    time_zone: str | None
    attributes: Mapping[str, Any]
    """What else is known of the learner, as JSON values."""
    program: str
    stage: str
    paused_until: datetime | None
    ending: str | None
    intake: tuple[Answered, ...]
    """Every question; without answers until the intake is sent in."""
    segment: Named | None
    pathway: Named | None
    mentor: Named | None
    progress: Progress
    work: tuple[Work, ...]
    """Each milestone of the pathway, with what was handed in and said about it."""
    as_of: datetime


async def profile(pool: Pool, journey: JourneyId) -> Profile:
    """Raises NoSuchJourney when the log knows none of this name."""
    return await profile_of(pool, await read_story(pool, journey))


async def profile_of(pool: Pool, story: Story) -> Profile:
    learner = await people.get(pool, story.state.learner)
    mentor = await people.get(pool, story.state.mentor) if story.state.mentor else None
    active = await EventLog(pool).last_before(activity_stream(story.journey), story.as_of)
    days = await _active_days(pool, story) if active else None
    return build_profile(story, learner, mentor, active.occurred_at if active else None, days)


async def _active_days(pool: Pool, story: Story) -> int | None:
    """None while the view is built."""
    until = story.as_of.astimezone(UTC).date() + timedelta(days=1)
    try:
        return len(await daily_activity.of_journey(pool, story.journey, until - _RECENTLY, until))
    except BeingRebuilt:
        return None


def build_profile(
    story: Story,
    learner: Person | None,
    mentor: Person | None,
    active_at: datetime | None = None,
    active_days: int | None = None,
) -> Profile:
    """`active_at`: when the learner was last active where they work; `active_days`: as in Progress."""
    state = story.state
    attributes = dict(learner.attributes) if learner else {}
    attributes.pop(_INTAKE_OF_THE_FILE, None)
    return Profile(
        journey=story.journey,
        learner=_person(state.learner, learner),
        time_zone=learner.time_zone if learner else None,
        attributes=attributes,
        program=state.program,
        stage=state.stage,
        paused_until=state.pause.until if state.pause else None,
        ending=state.closing.ending if state.closing else None,
        intake=beside_questions(story.kit.intake, state.answers or state.answers_so_far or {}),
        segment=_segment(story),
        pathway=_pathway(story),
        mentor=_person(state.mentor, mentor) if state.mentor else None,
        progress=_progress(story, active_at, active_days),
        work=work_of(story),
        as_of=story.as_of,
    )


def _person(person: str, known: Person | None) -> Named:
    return Named(person, known.name if known else person)


def _segment(story: Story) -> Named | None:
    found = story.kit.segment_of(story.state.answers) if story.state.answers is not None else None
    return Named(found.id, found.title) if found else None


def _pathway(story: Story) -> Named | None:
    chosen = story.state.pathway
    found = story.kit.pathway(chosen) if chosen else None
    return Named(chosen, found.title if found else chosen) if chosen else None


def _progress(story: Story, active_at: datetime | None, active_days: int | None) -> Progress:
    feedback = [one for one in story.events if isinstance(one, e.FeedbackGiven)]
    outcomes = _outcomes(story.events)
    return Progress(
        sessions=_sessions(story),
        milestones=_milestones(story),
        last_seen_at=max(_signs(story, active_at), default=None),
        active_days=active_days,
        confidence=Confidence(feedback[-1].confidence, feedback[-1].at) if feedback else None,
        outcomes=outcomes,
    )


def _outcomes(events: Iterable[JourneyEvent]) -> tuple[OutcomeTold, ...]:
    """As they count now: what was corrected is told as the correction has it, since when it was recorded."""
    found: dict[tuple[str, str], OutcomeTold] = {}
    for one in events:
        if isinstance(one, e.OutcomeRecorded):
            found[one.kind, one.value] = OutcomeTold(one.kind, one.value, one.at)
        elif isinstance(one, e.OutcomeCorrected):
            since = found.pop((one.kind, one.replaces)).at
            found[one.kind, one.value] = OutcomeTold(one.kind, one.value, since)
    return tuple(sorted(found.values(), key=lambda one: one.at))


def _sessions(story: Story) -> Sessions:
    """Of a journey that is over, what lay ahead is no longer to come."""
    told = [one.attendance for one in story.state.sessions if one.attendance]
    untold = [one for one in story.state.sessions if not one.attendance]
    ahead = [one for one in untold if _lies_ahead(story, one)]
    return Sessions(
        held=sum(one.held for one in story.state.sessions),
        missed=sum(one in ("missed_by_learner", "missed_by_mentor") for one in told),
        called_off=sum(one in ("cancelled_in_time", "cancelled_late") for one in told),
        to_come=0 if story.state.closing else len(ahead),
        not_told=len(untold) - len(ahead),
    )


def _lies_ahead(story: Story, session: SessionStanding) -> bool:
    return session.starts_at >= story.clock


def _milestones(story: Story) -> Milestones:
    by_status: dict[str, list[MilestoneStanding]] = {}
    for one in story.state.milestones:
        by_status.setdefault(one.status, []).append(one)
    still_open = by_status.get("open", [])
    return Milestones(
        passed=len(by_status.get("passed", ())),
        in_review=len(by_status.get("submitted", ())),
        open=len(still_open),
        overdue=sum(one.due_at < story.clock for one in still_open),
        failed=len(by_status.get("failed", ())),
        waived=len(by_status.get("waived", ())),
    )


def _signs(story: Story, active_at: datetime | None) -> Iterator[datetime]:
    """A pathway begins with the learner counted as seen; that alone is no sign of them."""
    if active_at:
        yield active_at
    yield from (one.at for one in story.events if isinstance(one, e.IntakeSubmitted))
    begins = [one.starts_at for one in story.events if isinstance(one, e.PathwayStarted)]
    seen = story.state.last_seen_at
    if seen and seen not in begins:
        yield seen
