"""The profile of a learner: who they are, their goals, and their progress. Read from the log and from `people`.

The answers are personal data: shown to those who look after the learner, and never written to logs, metrics or views.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.ids import JourneyId, activity_stream
from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.journey.state import MilestoneStanding, SessionStanding
from projections.reading import BeingRebuilt
from projections.views import daily_activity
from queries.answers import Answered, answers_to
from queries.journey_record import JourneyRecord, read_record
from queries.work import Work, work_of
from store import people
from store.database import Pool
from store.event_log import EventLog
from store.people import Person

_RECENTLY = timedelta(days=28)
_INTAKE_OF_THE_FILE = "answers"
"""The attribute where importers keep answers given before the journey started. A submitted intake takes precedence."""


@dataclass(frozen=True, slots=True)
class Named:
    id: str
    name: str
    """The title in the kit, or the name of the person; the id if there is neither."""


@dataclass(frozen=True, slots=True)
class Sessions:
    held: int
    missed: int
    """By the learner or by the mentor."""
    called_off: int
    to_come: int
    not_told: int
    """Sessions in the past without recorded attendance."""


@dataclass(frozen=True, slots=True)
class Milestones:
    passed: int
    in_review: int
    open: int
    overdue: int
    """The open ones that are past their due date."""
    failed: int
    waived: int


@dataclass(frozen=True, slots=True)
class Confidence:
    given: int
    """From 1 to 10."""
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordedOutcome:
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
    """The latest value that the learner gave."""
    outcomes: tuple[RecordedOutcome, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    journey: JourneyId
    learner: Named
    time_zone: str | None
    attributes: Mapping[str, Any]
    """Further attributes of the learner, as JSON values."""
    program: str
    stage: str
    paused_until: datetime | None
    ending: str | None
    intake: tuple[Answered, ...]
    """Every question; without answers until the intake is submitted."""
    segment: Named | None
    pathway: Named | None
    mentor: Named | None
    progress: Progress
    work: tuple[Work, ...]
    """Each milestone of the pathway, with its submissions and reviews."""
    as_of: datetime


async def profile(pool: Pool, journey: JourneyId) -> Profile:
    """Raises NoSuchJourney when the log has no such journey."""
    return await profile_of(pool, await read_record(pool, journey))


async def profile_of(pool: Pool, record: JourneyRecord) -> Profile:
    learner = await people.get(pool, record.state.learner)
    mentor = await people.get(pool, record.state.mentor) if record.state.mentor else None
    active = await EventLog(pool).last_before(activity_stream(record.journey), record.as_of)
    days = await _active_days(pool, record) if active else None
    return build_profile(record, learner, mentor, active.occurred_at if active else None, days)


async def _active_days(pool: Pool, record: JourneyRecord) -> int | None:
    """None while the view is built."""
    until = record.as_of.astimezone(UTC).date() + timedelta(days=1)
    try:
        return len(await daily_activity.of_journey(pool, record.journey, until - _RECENTLY, until))
    except BeingRebuilt:
        return None


def build_profile(
    record: JourneyRecord,
    learner: Person | None,
    mentor: Person | None,
    active_at: datetime | None = None,
    active_days: int | None = None,
) -> Profile:
    """`active_at`: when the learner was last active where they work; `active_days`: as in Progress."""
    state = record.state
    attributes = dict(learner.attributes) if learner else {}
    attributes.pop(_INTAKE_OF_THE_FILE, None)
    return Profile(
        journey=record.journey,
        learner=_person(state.learner, learner),
        time_zone=learner.time_zone if learner else None,
        attributes=attributes,
        program=state.program,
        stage=state.stage,
        paused_until=state.pause.until if state.pause else None,
        ending=state.closing.ending if state.closing else None,
        intake=answers_to(record.kit.intake, state.answers or state.answers_so_far or {}),
        segment=_segment(record),
        pathway=_pathway(record),
        mentor=_person(state.mentor, mentor) if state.mentor else None,
        progress=_progress(record, active_at, active_days),
        work=work_of(record),
        as_of=record.as_of,
    )


def _person(person: str, known: Person | None) -> Named:
    return Named(person, known.name if known else person)


def _segment(record: JourneyRecord) -> Named | None:
    found = record.kit.segment_of(record.state.answers) if record.state.answers is not None else None
    return Named(found.id, found.title) if found else None


def _pathway(record: JourneyRecord) -> Named | None:
    chosen = record.state.pathway
    found = record.kit.pathway(chosen) if chosen else None
    return Named(chosen, found.title if found else chosen) if chosen else None


def _progress(record: JourneyRecord, active_at: datetime | None, active_days: int | None) -> Progress:
    feedback = [one for one in record.events if isinstance(one, e.FeedbackGiven)]
    outcomes = _outcomes(record.events)
    return Progress(
        sessions=_sessions(record),
        milestones=_milestones(record),
        last_seen_at=max(_signs(record, active_at), default=None),
        active_days=active_days,
        confidence=Confidence(feedback[-1].confidence, feedback[-1].at) if feedback else None,
        outcomes=outcomes,
    )


def _outcomes(events: Iterable[JourneyEvent]) -> tuple[RecordedOutcome, ...]:
    """After corrections: a corrected outcome has its corrected value and the date of the correction."""
    found: dict[tuple[str, str], RecordedOutcome] = {}
    for one in events:
        if isinstance(one, e.OutcomeRecorded):
            found[one.kind, one.value] = RecordedOutcome(one.kind, one.value, one.at)
        elif isinstance(one, e.OutcomeCorrected):
            since = found.pop((one.kind, one.replaces)).at
            found[one.kind, one.value] = RecordedOutcome(one.kind, one.value, since)
    return tuple(sorted(found.values(), key=lambda one: one.at))


def _sessions(record: JourneyRecord) -> Sessions:
    """A closed journey has no upcoming sessions."""
    recorded = [one.attendance for one in record.state.sessions if one.attendance]
    untold = [one for one in record.state.sessions if not one.attendance]
    ahead = [one for one in untold if _lies_ahead(record, one)]
    return Sessions(
        held=sum(one.held for one in record.state.sessions),
        missed=sum(one in ("missed_by_learner", "missed_by_mentor") for one in recorded),
        called_off=sum(one in ("cancelled_in_time", "cancelled_late") for one in recorded),
        to_come=0 if record.state.closing else len(ahead),
        not_told=len(untold) - len(ahead),
    )


def _lies_ahead(record: JourneyRecord, session: SessionStanding) -> bool:
    return session.starts_at >= record.clock


def _milestones(record: JourneyRecord) -> Milestones:
    by_status: dict[str, list[MilestoneStanding]] = {}
    for one in record.state.milestones:
        by_status.setdefault(one.status, []).append(one)
    still_open = by_status.get("open", [])
    return Milestones(
        passed=len(by_status.get("passed", ())),
        in_review=len(by_status.get("submitted", ())),
        open=len(still_open),
        overdue=sum(one.due_at < record.clock for one in still_open),
        failed=len(by_status.get("failed", ())),
        waived=len(by_status.get("waived", ())),
    )


def _signs(record: JourneyRecord, active_at: datetime | None) -> Iterator[datetime]:
    """The start of the pathway counts as activity in the state, but it is no activity of the learner."""
    if active_at:
        yield active_at
    yield from (one.at for one in record.events if isinstance(one, e.IntakeSubmitted))
    begins = [one.starts_at for one in record.events if isinstance(one, e.PathwayStarted)]
    seen = record.state.last_seen_at
    if seen and seen not in begins:
        yield seen
