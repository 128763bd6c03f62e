"""The quality of sessions: what a reviewer needs for one of them, the scores of a journey, a program's figures.

Whoever reviews a session that is scored twice sees nothing of what the other reviewer says until both have.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from analysis import agreement, intervals
from analysis.samples import Summary
from domain.ids import JourneyId, KitDigest, MentorId, ProgramId, SessionId
from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.kit import Dimension, Kit, RubricQuestion
from domain.quality import reviews as r
from domain.quality import scores as s
from domain.quality.sampling import Risk, Stratum
from domain.refusal import NotFound, Rejected
from kits.lookup import newest
from projections.views import qa_samples, session_scores
from projections.views.session_scores import SCALES, Judged, Tally
from queries.journey_record import JourneyRecord, read_record
from queries.sessions import Meeting, NoSuchSession, meetings_of
from store.database import Pool
from store.transact import read, read_many

_HELD = ("attended", "late")
_MOST_ROUNDS = 100


class NoSuchItem(NotFound):
    """No round of reviews has this item."""

    def __init__(self, item: str) -> None:
        super().__init__(f"No round of reviews has an item {item[:120]!r}. `trellis qa queue` lists those to review.")


@dataclass(frozen=True, slots=True)
class HeldSession:
    """A session that was held, with the version of the kit that its journey follows."""

    about: s.About
    kit: Kit
    record: JourneyRecord


async def held_session(pool: Pool, journey: JourneyId, session: SessionId) -> HeldSession:
    """Raises NoSuchJourney, NoSuchSession; Rejected for a session that was not held."""
    record = await read_record(pool, journey)
    standing = next((one for one in record.state.sessions if one.session == session), None)
    if standing is None:
        raise NoSuchSession(journey, session, (one.session for one in record.state.sessions))
    if standing.attendance not in _HELD:
        raise Rejected("session_not_held", f"session {session!r} was not held, so there is nothing to score")
    about = s.About(
        journey=journey,
        session=session,
        program=ProgramId(record.kit.program),
        kit=KitDigest(record.kit.digest),
        kit_version=record.kit.version,
        pathway=record.state.pathway,
        mentor=_who_held(record.events, session),
        held_at=standing.starts_at,
    )
    return HeldSession(about, record.kit, record)


def _who_held(events: Iterable[JourneyEvent], session: SessionId) -> MentorId | None:
    """The mentor at the time when the attendance was recorded first as held."""
    present = held_by = None
    for one in events:
        match one:
            case e.MentorMatched():
                present = one.mentor
            case e.MentorReleased():
                present = None
            case e.AttendanceRecorded() if one.session == session:
                held_by = present
            case _:
                pass
    return held_by


async def round_with(pool: Pool, item: str) -> r.RoundState:
    """Raises NoSuchItem."""
    round_ = r.round_of(item)
    state = (await read(pool, r.qa_stream(round_), r.REVIEWS)).state if round_ else None
    if state is None or item not in state.items:
        raise NoSuchItem(item)
    return state


@dataclass(frozen=True, slots=True)
class ScoreShown:
    """What one person said about a session."""

    session: SessionId
    mentor: MentorId | None
    """Who held the session."""
    by: str
    role: s.Role
    questions: Mapping[str, str]
    dimensions: Mapping[str, int]
    notes: str
    scored_at: datetime
    corrected_because: str | None
    """None: it stands as it was given."""
    kit_version: str
    item: str | None


async def scores_of(pool: Pool, journey: JourneyId, reader: str, session: str | None = None) -> list[ScoreShown]:
    """The scores of a journey's sessions, the first first. While a session waits for its second reviewer, what the
    first one said is shown to nobody else."""
    state = (await read(pool, s.scores_stream(journey), s.SCORES)).state
    found = [one for one in state.scores.values() if session is None or one.session == session]
    hidden = await _not_to_be_seen(pool, found)
    return [_shown(one) for one in found if one.item not in hidden or one.by == reader]


async def _not_to_be_seen(pool: Pool, those: Iterable[s.ScoreEvent]) -> set[str]:
    items = {one.item for one in those if one.item}
    streams = {r.qa_stream(r.round_of(one)) for one in items}
    rounds = [one.state for one in (await read_many(pool, streams, r.REVIEWS)).values() if one.state]
    return {
        item.item
        for state in rounds
        if state.is_open
        for item in state.items.values()
        if item.item in items and (twin := state.twin_of(item)) and not twin.is_settled
    }


def _shown(one: s.ScoreEvent) -> ScoreShown:
    return ScoreShown(
        session=one.session,
        mentor=one.mentor,
        by=one.by,
        role=one.role,
        questions=one.questions,
        dimensions=one.dimensions,
        notes=one.notes,
        scored_at=one.at,
        corrected_because=one.reason if isinstance(one, s.ScoreCorrected) else None,
        kit_version=one.kit_version,
        item=one.item,
    )


@dataclass(frozen=True, slots=True)
class ToReview:
    """All that a reviewer needs: what happened in the session, the form, and what to look for."""

    item: str
    program: ProgramId
    journey: JourneyId
    learner: str | None
    """The learner's name. None: the reviewer is another mentor, who need not know."""
    mentor: MentorId | None
    """Who held it. None, as before."""
    stratum: Stratum
    risks: tuple[Risk, ...]
    state: Literal["open", "taken", "reviewed", "skipped", "lapsed"]
    by: str | None
    """Who has taken or settled it."""
    closes_at: datetime
    minutes: int
    """That a review usually takes."""
    look_for: tuple[str, ...]
    """In sentences: why the session was sampled, and what the rubric looks for."""
    session: Meeting
    questions: tuple[RubricQuestion, ...]
    dimensions: tuple[Dimension, ...]
    given: ScoreShown | None
    """What this reviewer has said. None: nothing yet."""


async def to_review(pool: Pool, item: str, reader: str) -> ToReview:
    """Raises NoSuchItem."""
    state = await round_with(pool, item)
    one = state.item(item)
    record = await read_record(pool, one.journey)
    meetings, is_peer = await meetings_of(pool, record), s.mentor_of(reader) is not None
    own = [score for score in await scores_of(pool, one.journey, reader, one.session) if score.item == item]
    return ToReview(
        item=item,
        program=state.begun.program,
        journey=one.journey,
        learner=None if is_peer else meetings.name,
        mentor=None if is_peer else one.mentor,
        stratum=one.stratum,
        risks=one.risks,
        state=one.standing if state.is_open or one.is_settled else "lapsed",
        by=one.by,
        closes_at=state.begun.closes_at,
        minutes=state.begun.minutes_a_review,
        look_for=tuple(_look_for(one, record.kit)),
        session=meetings.only(one.session),
        questions=record.kit.rubric.questions,
        dimensions=record.kit.rubric.dimensions,
        given=next((score for score in own if score.by == reader), None),
    )


_WHY: Mapping[Stratum, str] = {
    "due": "The mentor's turn has come.",
    "risk": "Something about the journey or the mentor's last review shows a risk.",
    "new": "The mentor has held few sessions so far.",
    "other": "Drawn by chance.",
}
_RISKS: Mapping[Risk, str] = {
    "open_case": "A case of the journey is open: is it named, and is the learner helped?",
    "missed_session": "A session was missed before this one: was it picked up again?",
    "low_mark": "The mentor's last review had low marks: what has become better?",
}


def _look_for(one: r.Item, kit: Kit) -> Iterable[str]:
    yield _WHY[one.stratum]
    yield from (_RISKS[risk] for risk in one.risks)
    yield from (
        f"{question.ask} Look for: {question.look_for}." for question in kit.rubric.questions if question.look_for
    )


@dataclass(frozen=True, slots=True)
class ScoreFigure:
    """What scores of one kind say about one question or dimension."""

    kind: Literal["question", "dimension"]
    name: str
    says: str
    """As the newest kit words it; the name alone, where it has no such question any more."""
    role: s.Role
    scores: int
    mean: float
    """Of a question from 0 to 1, of a dimension from 1 to 5."""
    low: float | None
    high: float | None
    """The interval of the mean, at 95 %. None: too few scores."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two reviewers of one session agree on one question or dimension, beyond chance."""

    kind: Literal["question", "dimension"]
    name: str
    says: str
    sessions: int
    """That were scored twice."""
    same: int
    """In how many of them both said the same."""
    alpha: float | None
    """Krippendorff's, for ordered values. None: too few, or everybody said the same throughout."""


@dataclass(frozen=True, slots=True)
class QualityFigures:
    program: ProgramId
    since: datetime | None
    until: datetime | None
    figures: tuple[ScoreFigure, ...]
    agreement: tuple[Agreement, ...]


async def figures(
    pool: Pool, program: ProgramId, since: datetime | None = None, until: datetime | None = None
) -> QualityFigures:
    """Of the sessions that were held in [since, until). Raises NoSuchProgram, BeingRebuilt."""
    words = _words(await newest(pool, program))
    tallies = await session_scores.tallies(pool, program, since, until)
    twice = await session_scores.scored_twice(pool, program, since, until)
    return QualityFigures(
        program, since, until, tuple(_figure(one, words) for one in tallies), tuple(_agreements(twice, words))
    )


def _words(kit: Kit) -> Mapping[tuple[str, str], str]:
    asked = {("question", one.id): one.ask for one in kit.rubric.questions}
    return asked | {("dimension", one.id): one.title for one in kit.rubric.dimensions}


def _figure(one: Tally, words: Mapping[tuple[str, str], str]) -> ScoreFigure:
    says = words.get((one.kind, one.name), one.name)
    interval = intervals.mean(Summary.measured(one.scores, one.mean, one.variance, SCALES[one.kind]))
    low, high = (interval.low, interval.high) if interval else (None, None)
    return ScoreFigure(one.kind, one.name, says, one.role, one.scores, one.mean, low, high)


def _agreements(judged: Sequence[Judged], words: Mapping[tuple[str, str], str]) -> Iterable[Agreement]:
    by_name: dict[tuple[Literal["question", "dimension"], str], dict[object, dict[str, float]]] = {}
    for one in judged:
        units = by_name.setdefault((one.kind, one.name), {})
        units.setdefault((one.stream, one.session, one.round), {})[one.by] = one.value
    for (kind, name), units in by_name.items():
        pairs = [unit for unit in units.values() if len(unit) > 1]
        yield Agreement(
            kind=kind,
            name=name,
            says=words.get((kind, name), name),
            sessions=len(pairs),
            same=sum(len(set(unit.values())) == 1 for unit in pairs),
            alpha=agreement.alpha(pairs, "ordinal"),
        )


async def queue(pool: Pool, program: ProgramId, reviewer: str, now: datetime) -> Sequence[qa_samples.QueuedReview]:
    """What this reviewer can take, or has taken. Raises NoSuchProgram; Rejected where mentors do not review."""
    kit, mentor = await newest(pool, program), s.mentor_of(reviewer)
    if mentor and not (kit.quality and kit.quality.peers):
        raise Rejected(r.Code.NO_PEERS, "mentors do not review in this program; `quality.peers` in its kit says so")
    return await qa_samples.queue(pool, program, reviewer, now, not_of=mentor)


async def rounds(pool: Pool, program: ProgramId, limit: int = 20) -> list[qa_samples.ReviewRound]:
    """The latest first. Raises NoSuchProgram, BeingRebuilt."""
    await newest(pool, program)
    return await qa_samples.rounds(pool, program, min(limit, _MOST_ROUNDS))
