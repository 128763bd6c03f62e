"""The scores of a journey's sessions, given by people on the kit's rubric (R40, R41, R49).

In reading order: events, command, state, evolve, decide. The stream is `scores-` and the journey's id.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import AwareDatetime, Field

from domain.decider import Decider
from domain.ids import JourneyId, KitDigest, MentorId, PathwayId, ProgramId, SessionId, Slug, StreamId
from domain.kit.quality import Rubric, Verdict
from domain.refusal import RefusalCode, Rejected
from domain.values import Actor, Event, Frozen, Personal, Whole, changed

Role = Literal["self", "peer", "qa"]
"""Who scores: the mentor themself, another mentor, or a reviewer of the program."""
_MOST_MINUTES = 600


def scores_stream(journey: JourneyId) -> StreamId:
    return StreamId(f"scores-{journey}")


class Code(RefusalCode):
    """Why a score is not recorded."""

    NO_RUBRIC = "no_rubric"
    SCORE_INVALID = "score_invalid"
    """`fields`: those that do not fit the rubric."""
    SCORED_OTHERWISE = "scored_otherwise"
    """Whoever scores has scored the session before, and otherwise."""
    NOTHING_SCORED = "nothing_scored"
    """There is no score that could be corrected."""
    SCORE_NEEDS_REASON = "score_needs_reason"


class SessionScored(Event):
    """A person has judged a session. Another person's score of the same session is another event."""

    type: ClassVar[str] = "quality.session_scored"
    journey: JourneyId
    session: SessionId
    program: ProgramId
    kit: KitDigest
    """The version whose rubric it goes by: the one that the journey follows."""
    kit_version: str
    pathway: PathwayId | None = None
    mentor: MentorId | None = None
    """Who held the session. None: nobody knows any more."""
    held_at: AwareDatetime
    by: Actor
    role: Role
    questions: Mapping[Slug, Verdict] = {}
    """The answers, by the question's id."""
    dimensions: Mapping[Slug, Whole] = {}
    """The marks from 1 to 5, by the dimension's id."""
    notes: Personal = ""
    minutes: int | None = None
    """How long it took."""
    round: Slug | None = None
    """The round that sampled the session, and which item of it. None: it was scored without one."""
    item: Slug | None = None


class ScoreCorrected(SessionScored):
    """Whoever scored the session has said something else since: this counts instead."""

    type: ClassVar[str] = "quality.score_corrected"
    reason: Personal


ScoreEvent = SessionScored | ScoreCorrected
EVENTS: dict[str, type[ScoreEvent]] = {one.type: one for one in (SessionScored, ScoreCorrected)}


_OPINION = frozenset({"questions", "dimensions", "notes"})


def without_opinion(kind: str, data: Mapping[str, object]) -> Mapping[str, object]:
    """The stored data of an event, for whoever may be the second to score an item of a round: nothing of what the first
    one said. Their own pages and `GET /v1/journeys/{journey}/scores` show it once both have scored."""
    if kind not in EVENTS or data.get("item") is None:
        return data
    return {name: value for name, value in data.items() if name not in _OPINION}


class Given(Frozen):
    """What a person says about a session."""

    questions: Mapping[Slug, Verdict] = {}
    """The answers `yes`, `partly` or `no`, by the question's id. One that nobody can tell is left out."""
    dimensions: Mapping[Slug, Whole] = {}
    """The marks from 1 to 5, by the dimension's id."""
    notes: Personal = ""
    """For whoever reads the score: ops, and the mentor."""
    minutes: Annotated[Whole, Field(ge=1, le=_MOST_MINUTES)] | None = None
    """How long it took, so that the minutes of a round can be held against its budget."""


class About(Frozen):
    """The session that is judged, as the log has it."""

    journey: JourneyId
    session: SessionId
    program: ProgramId
    kit: KitDigest
    kit_version: str
    pathway: PathwayId | None
    mentor: MentorId | None
    held_at: datetime


class ScoreSession(Frozen):
    """Judge a session. The same again changes nothing; something else takes `corrects` and a reason."""

    about: About
    rubric: Rubric
    given: Given
    by: Actor
    role: Role
    round: Slug | None = None
    item: Slug | None = None
    corrects: bool = False
    reason: Personal = ""


class Key(NamedTuple):
    """What there is one score of."""

    session: str
    by: str
    item: str
    """Empty where it belongs to no round."""


class ScoresState(Frozen):
    scores: Mapping[Key, ScoreEvent] = {}


INITIAL = ScoresState()


def key_of(event: ScoreEvent) -> Key:
    return Key(event.session, event.by, event.item or "")


def evolve(state: ScoresState, event: ScoreEvent) -> ScoresState:
    return changed(state, {"scores": {**state.scores, key_of(event): event}})


def decide(state: ScoresState, command: ScoreSession, at: datetime) -> Sequence[ScoreEvent]:
    """Returns no event for a score that is recorded like that."""
    _require_fit(command)
    before = state.scores.get(Key(command.about.session, command.by, command.item or ""))
    if before and _says(before) == command.given:
        return []
    if before is None:
        if command.corrects:
            says = f"{command.by} has not scored this session, so there is nothing to correct; leave out `corrects`"
            raise Rejected(Code.NOTHING_SCORED, says)
        return [SessionScored(at=at, **_fields(command))]
    if not command.corrects:
        says = f"{command.by} scored this session on {before.at:%Y-%m-%d}, and otherwise; to change it, send `corrects`"
        raise Rejected(Code.SCORED_OTHERWISE, f"{says} and a reason")
    if not command.reason.strip():
        raise Rejected(Code.SCORE_NEEDS_REASON, "a correction needs a reason; say why the score changes")
    return [ScoreCorrected(at=at, **_fields(command), reason=command.reason)]


def _require_fit(command: ScoreSession) -> None:
    if command.rubric.is_empty:
        says = f"{command.about.program} {command.about.kit_version} has no rubric to score sessions by"
        raise Rejected(Code.NO_RUBRIC, f"{says}; a kit has its questions and dimensions under `rubric`")
    if problems := list(command.rubric.problems_with(command.given.questions, command.given.dimensions)):
        says = "; ".join(f"{field}: {why}" for field, why in problems)
        raise Rejected(Code.SCORE_INVALID, f"the score does not fit the rubric: {says}", {"fields": _names(problems)})


def _names(problems: Sequence[tuple[str, str]]) -> list[str]:
    return [field for field, _ in problems]


def _says(event: ScoreEvent) -> Given:
    return Given(questions=event.questions, dimensions=event.dimensions, notes=event.notes, minutes=event.minutes)


def _fields(command: ScoreSession) -> dict[str, object]:
    return {
        **dict(command.about),
        **dict(command.given),
        "by": command.by,
        "role": command.role,
        "round": command.round,
        "item": command.item,
    }


SCORES: Decider[ScoreSession, ScoresState, ScoreEvent] = Decider(EVENTS, INITIAL, decide, evolve)


def mentor_of(by: str) -> MentorId | None:
    """The mentor who gives a score; None where somebody of ops does."""
    role, _, name = by.partition(":")
    return MentorId(name) if role == "mentor" and name else None


def role_of(by: str, mentor: MentorId | None) -> Role:
    """As what somebody scores the session of this mentor."""
    scorer = mentor_of(by)
    if scorer is None:
        return "qa"
    return "self" if scorer == mentor else "peer"
