"""Moves the open journeys of a program to another version of its kit: first a plan, then, if wanted, the move."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Literal

from client.journeys import JourneyClient, NoSuchJourney, Refused
from domain.ids import JourneyId, journey_stream
from domain.journey import JourneyState, Rejected, fold
from domain.journey.moving import moving
from projections.journeys import JOURNEY_CODEC
from projections.views.board import OpenJourney
from queries.open_journeys import open_rows
from runtime.fan_out import fan_out
from store import kits
from store.database import Pool
from store.event_log import EventLog
from store.kits import PublishedKit

_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open journey, and what moving it would mean."""

    journey: JourneyId
    learner: str
    stage: str
    kit: str
    """The digest that it follows now."""
    becomes: Literal["moves", "stays", "cannot"]
    """`stays`: it follows that kit already."""
    changes: tuple[str, ...] = ()
    """The changes of its dates and steps, in sentences. Empty where only its rules change."""
    reason: str | None = None
    """Why it cannot be moved."""


@dataclass(frozen=True, slots=True)
class Plan:
    program: str
    to: PublishedKit
    as_of: datetime
    candidates: Sequence[Candidate]

    @property
    def moves(self) -> Sequence[Candidate]:
        return [one for one in self.candidates if one.becomes == "moves"]


async def plan(pool: Pool, program: str, to: PublishedKit, journeys: Sequence[str] = ()) -> Plan:
    """What moving would mean for every open journey of the program, or for those named, at this moment.

    Told from the board, for which there are, and from the log, for where each stands. Changes nothing.

    Raises:
        NoSuchJourney: for one named that is not an open journey of the program.
    """
    at = datetime.now(UTC)
    planning = _Planning(pool, to, at)
    rows = [row async for row in open_rows(pool, program) if not journeys or row.journey in journeys]
    if unknown := set(journeys) - {row.journey for row in rows}:
        raise NoSuchJourney(JourneyId(min(unknown)))
    return Plan(program, to, at, await fan_out(planning.candidate, rows, _AT_ONCE))


class _Planning:
    def __init__(self, pool: Pool, to: PublishedKit, at: datetime) -> None:
        self._pool, self._log = pool, EventLog(pool)
        self._to, self._at = to, at

    async def candidate(self, row: OpenJourney) -> Candidate:
        state = fold(JOURNEY_CODEC.decode_known(await self._log.read_stream(journey_stream(row.journey))))
        assert state, "a journey on the board has begun"
        if state.kit == self._to.digest:
            return _as(row, state, "stays")
        if state.closing:  # since the board was read
            return _as(row, state, "cannot", reason="it has closed")
        try:
            means = moving(await kits.load(self._pool, state.kit), kits.read(self._to), state, self._at)
        except Rejected as refusal:
            return _as(row, state, "cannot", reason=str(refusal))
        changes = list(map(str, means.changes))
        if state.pause and changes:
            changes.append("it is paused: resuming moves these dates by the length of the pause")
        return _as(row, state, "moves", changes=tuple(changes))


def _as(
    row: OpenJourney,
    state: JourneyState,
    becomes: Literal["moves", "stays", "cannot"],
    *,
    changes: tuple[str, ...] = (),
    reason: str | None = None,
) -> Candidate:
    return Candidate(row.journey, row.learner, state.stage, state.kit, becomes, changes, reason)


@dataclass(frozen=True, slots=True)
class Outcome:
    journey: JourneyId
    moved: bool
    reason: str | None = None
    """Why not."""


async def carry_out(
    journeys: JourneyClient, planned: Plan, reason: str, by: str, progress: Callable[[int], None]
) -> list[Outcome]:
    """Moves the journeys that can be moved according to the plan. Each journey decides on its state at that moment.

    `progress` is called with the number of journeys that are done. Safe to repeat after an interruption: journeys that
    have been moved stay where they are.
    """
    done = count(1)

    async def move(one: Candidate) -> Outcome:
        outcome = await _move(journeys, one.journey, {"kit": planned.to.digest, "reason": reason, "by": by})
        progress(next(done))
        return outcome

    return await fan_out(move, planned.moves, _AT_ONCE)


async def _move(journeys: JourneyClient, journey: JourneyId, payload: Mapping[str, str]) -> Outcome:
    try:
        await journeys.send(journey, "move_to_kit", payload)
    except Refused as refusal:
        return Outcome(journey, moved=False, reason=str(refusal))
    except NoSuchJourney:
        return Outcome(journey, moved=False, reason="Temporal does not run it; trellis revive takes it up")
    return Outcome(journey, moved=True)
