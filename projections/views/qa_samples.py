"""Rounds of reviews, with what each has sampled, and which sessions the next one can be drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from domain.ids import JourneyId, MentorId, ProgramId, RoundId, SessionId
from domain.quality.reviews import EVENTS, TAKEN_FOR, Item, RoundBegun, RoundEvent, RoundState, evolve
from domain.quality.sampling import Held, Risk, Stratum
from projections.fold import Fold, Rows
from projections.kits import Kits
from projections.reading import View
from projections.sql import query
from store.codec import Codec
from store.database import Pool


class QaSamples(Fold[RoundEvent, RoundState]):
    name = "qa_samples"
    version = 1
    handles = frozenset(EVENTS)
    codec = Codec(EVENTS)
    state = RoundState
    columns: ClassVar = {
        "qa_rounds": (
            *("stream", "round", "program", "number", "begun_at", "since", "until", "closes_at", "closed_at"),
            *("sessions", "mentors", "sampled", "twice", "mentors_left", "minutes", "minutes_used", "reviewed"),
            *("skipped", "waiting"),
        ),
        "qa_samples": (
            *("stream", "item", "round", "program", "journey", "session", "mentor", "held_at", "stratum", "risks"),
            *("twin", "state", "by", "taken_at", "sampled_at", "closes_at"),
        ),
    }
    keys: ClassVar = {"qa_samples": "item"}

    def evolve(self, state: RoundState | None, event: RoundEvent) -> RoundState:
        if state is None and not isinstance(event, RoundBegun):
            raise ValueError(f"a round of reviews begins with {RoundBegun.type}, not with {event.type}")
        after = evolve(state, event)
        assert after, "what has begun has a state"
        return after

    def rows(self, stream: str, state: RoundState, _: object, __: Kits, /) -> Rows:
        begun, items = state.begun, list(state.items.values())
        reviewed = [one for one in items if one.standing == "reviewed"]
        waiting = sum(not one.is_settled for one in items) if state.is_open else 0
        row = (
            *(stream, state.id, begun.program, begun.number, begun.at, begun.since, begun.until, begun.closes_at),
            *(state.closed_at, begun.sessions, begun.mentors, begun.sampled, begun.twice, begun.mentors_left),
            *(begun.minutes, sum(one.minutes or begun.minutes_a_review for one in reviewed), len(reviewed)),
            *(sum(one.standing == "skipped" for one in items), waiting),
        )
        return {"qa_rounds": [row], "qa_samples": [_item_row(stream, state, one) for one in items]}


def _item_row(stream: str, state: RoundState, one: Item) -> tuple[object, ...]:
    standing = one.standing if state.is_open or one.is_settled else "lapsed"
    return (
        *(stream, one.item, state.id, state.begun.program, one.journey, one.session, one.mentor, one.held_at),
        *(one.stratum, list(one.risks), one.twin, standing, one.by, one.taken_at, state.begun.at),
        state.begun.closes_at,
    )


@dataclass(frozen=True, slots=True)
class ReviewRound:
    round: RoundId
    program: ProgramId
    number: int
    begun_at: datetime
    since: datetime
    until: datetime
    """The sessions that the sample is of were held in [since, until)."""
    closes_at: datetime
    closed_at: datetime | None
    """None: it is open."""
    sessions: int
    """From how many the sample was drawn; a group session is one."""
    mentors: int
    sampled: int
    twice: int
    """How many of them are for two reviewers."""
    mentors_left: int
    """Whose turn had come, and for whom the minutes did not suffice."""
    minutes: int
    """The budget."""
    minutes_used: int
    """By what reviewers said; the usual time where they did not say."""
    reviewed: int
    """Items; a session that is scored twice is two."""
    skipped: int
    waiting: int


@dataclass(frozen=True, slots=True)
class RoundsTogether:
    rounds: int
    sampled: int
    reviewed: int
    skipped: int
    waiting: int
    """Of rounds that are open."""
    minutes: int
    """That the reviews took."""


@dataclass(frozen=True, slots=True)
class QueuedReview:
    item: str
    round: RoundId
    journey: JourneyId
    session: SessionId
    mentor: MentorId
    held_at: datetime
    stratum: Stratum
    """Why it was sampled: the mentor's turn (`due`), a risk, a new mentor, or chance (`other`)."""
    risks: tuple[Risk, ...]
    state: Literal["open", "taken"]
    by: str | None
    taken_at: datetime | None
    closes_at: datetime
    """What is not reviewed by then lapses."""


_ROUNDS = View(qa_samples=1)
_CANDIDATES = View(delivered=3, board=1, qa_samples=1, session_scores=1)


async def rounds(pool: Pool, program: str, limit: int = 20) -> list[ReviewRound]:
    """The latest first. Raises BeingRebuilt."""
    return [ReviewRound(*row) for row in await _ROUNDS.fetch(pool, query("qa_rounds_list"), program, limit)]


async def rounds_between(pool: Pool, program: str, since: datetime, until: datetime) -> RoundsTogether:
    """Of those that began in [since, until). Raises BeingRebuilt."""
    return RoundsTogether(*await _ROUNDS.fetchrow(pool, query("qa_rounds_between"), program, since, until))


async def queue(
    pool: Pool, program: str, reviewer: str, now: datetime, *, not_of: str | None = None, limit: int = 100
) -> Sequence[QueuedReview]:
    """What this reviewer can review: theirs first, then what closes first. Of a mentor's own sessions (`not_of`)
    there is none. Raises BeingRebuilt."""
    found = await _ROUNDS.fetch(pool, query("qa_queue"), program, reviewer, now - TAKEN_FOR, not_of, limit)
    return [QueuedReview(**{**row, "risks": tuple(row["risks"])}) for row in found]


async def candidates(pool: Pool, program: str, since: datetime, until: datetime, low_mark: float) -> Sequence[Held]:
    """Raises BeingRebuilt."""
    found = await _CANDIDATES.fetch(pool, query("qa_candidates"), program, since, until, low_mark)
    return [Held.model_validate(dict(row)) for row in found]
