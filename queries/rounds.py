"""Rounds of matching: those of a program, one with its draft, and what became of what it proposed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.ids import JourneyId, LearnerId, MentorId, ProgramId, RoundId, journey_stream, round_id, round_stream
from domain.journey import EVENTS, JourneyEvent
from domain.journey import events as e
from domain.refusal import NotFound
from domain.round import ROUND, Phase, RoundState
from domain.round.events import Cause, Drafted, Refused, RoundDrafted
from domain.words import plain
from projections.views.rounds import RoundRow, rounds
from queries.listing import Listing
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog, RecordedEvent
from store.people import names_of
from store.rounds import last_number
from store.transact import read

Became = Literal[
    "drafted",
    "not_sent",
    "unanswered",
    "proposed",
    "matched",
    "declined",
    "questioned",
    "expired",
    "withdrawn",
    "refused",
]
"""`drafted`: the round is not released. `proposed`: somebody who is asked has not answered yet."""

_CODEC: Codec[JourneyEvent] = Codec(EVENTS)


class NoSuchRound(NotFound):
    def __init__(self, program: str, number: int | None) -> None:
        which = f"round {number}" if number else "round yet"
        super().__init__(f"{program!r} has no {which}; `trellis match list {program}` lists those there are")


class NotMatched(NotFound):
    """No round has this learner in its draft, or there is no draft yet."""


class NoPool(NotFound):
    def __init__(self, round_: RoundId) -> None:
        super().__init__(
            f"the pool of round {round_} is not kept here, so it cannot be calculated again; begin another round, and "
            "ask about that one"
        )


@dataclass(frozen=True, slots=True)
class ProposedPair:
    journey: JourneyId
    learner: LearnerId
    mentor: MentorId
    points: float
    pinned: bool
    reason: str
    """Why these two, as those who are asked are told. Personal data."""
    became: Became
    refused: Refused | None = None
    """Why the journey did not take it."""
    learner_name: str | None = None
    mentor_name: str | None = None
    """Names are personal data. None: nobody has said."""


@dataclass(frozen=True, slots=True)
class LeftLearner:
    journey: JourneyId
    learner: LearnerId
    why: str
    """`excluded`, `below_least`, or `no_place`."""
    says: str
    """Personal data."""
    learner_name: str | None = None


@dataclass(frozen=True, slots=True)
class SetPair:
    learner: LearnerId
    mentor: MentorId


@dataclass(frozen=True, slots=True)
class RoundRecord:
    round: RoundId
    program: ProgramId
    number: int
    cause: Cause
    phase: Phase
    begun_at: datetime
    released_at: datetime | None
    taken_back_at: datetime | None
    ended_at: datetime | None
    stale: bool
    """Whether pairs were pinned or forbidden, or that was undone, since the draft was made."""
    draft: RoundDrafted | None
    """Its figures and its certificate. None: there is none yet."""
    pinned: tuple[SetPair, ...]
    forbidden: tuple[SetPair, ...]
    pairs: tuple[ProposedPair, ...]
    """By learner."""
    left: tuple[LeftLearner, ...]
    """Learners for whom the draft has nobody, by learner."""

    def count(self, became: Became) -> int:
        return sum(one.became == became for one in self.pairs)


async def round_state(pool: Pool, program: ProgramId, number: int | None = None) -> RoundState:
    """The round with this number, or the last one. Raises NoSuchRound."""
    wanted = number or await last_number(pool, program)
    found = await read(pool, round_stream(round_id(program, wanted)), ROUND) if wanted else None
    if found is None or found.state is None:
        raise NoSuchRound(program, number)
    return found.state


async def round_record(pool: Pool, program: ProgramId, number: int | None = None) -> RoundRecord:
    """The round with this number, or the last one. Raises NoSuchRound."""
    state = await round_state(pool, program, number)
    became = await _became(pool, state)
    names = await names_of(pool, _people(state))
    return RoundRecord(
        round=state.id,
        program=state.program,
        number=state.number,
        cause=state.cause,
        phase=state.phase,
        begun_at=state.begun_at,
        released_at=state.released_at,
        taken_back_at=state.taken_back_at,
        ended_at=state.ended_at,
        stale=state.is_stale,
        draft=state.drafted,
        pinned=tuple(SetPair(*one) for one in sorted(state.pinned.items())),
        forbidden=tuple(SetPair(*one) for one in sorted(state.forbidden)),
        pairs=tuple(
            _pair(state, one, became, names) for one in sorted(state.pairs.values(), key=lambda one: one.learner)
        ),
        left=tuple(
            LeftLearner(one.journey, one.learner, one.why, one.says, names.get(one.learner))
            for one in sorted(state.left.values(), key=lambda one: one.learner)
        ),
    )


def _people(state: RoundState) -> Iterator[str]:
    for pair in state.pairs.values():
        yield from (pair.learner, pair.mentor)
    yield from (one.learner for one in state.left.values())


def _pair(
    state: RoundState, one: Drafted, became: Mapping[JourneyId, Became], names: Mapping[str, str]
) -> ProposedPair:
    refused = state.refused.get(one.journey)
    return ProposedPair(
        journey=one.journey,
        learner=one.learner,
        mentor=one.mentor,
        points=one.points,
        pinned=one.pinned,
        reason=one.reason,
        became="refused" if refused else became[one.journey],
        refused=refused,
        learner_name=names.get(one.learner),
        mentor_name=names.get(one.mentor),
    )


async def _became(pool: Pool, state: RoundState) -> dict[JourneyId, Became]:
    unsent: Became = "not_sent" if state.released_at else "drafted"
    found: dict[JourneyId, Became] = dict.fromkeys(state.pairs, unsent)
    if state.sent:
        recorded = await EventLog(pool).read_streams(journey_stream(one) for one in state.sent)
        found |= {one: became(recorded.get(journey_stream(one), ()), state.id) for one in state.sent}
    return found


def became(recorded: Iterable[RecordedEvent], round_: RoundId) -> Became:
    """What became of a round's proposal, by the events of the journey."""
    found: Became = "unanswered"
    for event in _CODEC.decode_known(recorded):
        match event:
            case e.MatchOffered() if event.round == round_:
                found = "proposed"
            case e.MentorMatched() if event.round == round_ or found == "proposed":
                return "matched"
            case e.OfferDeclined() if found == "proposed":
                return "declined"
            case e.OfferQuestioned() if found == "proposed":
                return "questioned"
            case e.OfferExpired() if found == "proposed":
                return "expired"
            case e.OfferWithdrawn() if found == "proposed":
                return "withdrawn"
            case _:
                pass
    return found


def listing(found: Sequence[RoundRow], program: str | None) -> Listing:
    title = f"Rounds of {program}" if program else "Rounds of matching"
    return Listing(title, _COLUMNS, [_row(one) for one in found])


_COLUMNS = (
    *("round", "begun (UTC)", "why", "stands", "wait", "get a mentor", "fit", "sent", "refused"),
    "withdrawn",
)


def _row(one: RoundRow) -> tuple[object, ...]:
    drafted = one.waiting is not None
    return (
        *(one.round, f"{one.begun_at:%Y-%m-%d %H:%M}", WHY[one.cause], standing(one.phase, one.taken_back_at)),
        *((one.waiting, one.pairs) if drafted else ("", "")),
        "" if one.mean_points is None else f"{one.mean_points:.0f}",
        *((one.sent, one.refused, one.withdrawn) if one.released_at else ("", "", "")),
    )


WHY: Mapping[Cause, str] = {"schedule": "by schedule", "demand": "on demand", "urgent": "for an urgent learner"}


def standing(phase: Phase, taken_back_at: datetime | None) -> str:
    return "taken back" if taken_back_at else plain(phase)


async def rounds_of(pool: Pool, program: str | None, limit: int = 100) -> list[RoundRow]:
    """The latest first. Raises BeingRebuilt."""
    return await rounds(pool, program, limit=limit)
