"""Starts many journeys, several at a time. Journeys that have started before are left alone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from pydantic import ValidationError
from temporalio.service import RPCError

from client.journeys import JourneyClient, NotStarted, Refused
from client.starting import Entrant, begin_one
from domain.ids import JourneyId, LearnerId, ProgramId, journey_stream
from domain.journey.terms import Ending
from domain.kit import Kit
from domain.program import Code, ProgramState
from domain.refusal import Rejected
from runtime.fan_out import fan_out
from store import people
from store.database import Pool, query

_AT_ONCE = 16


@dataclass
class Started:
    """The result, by journey."""

    begun: list[JourneyId] = field(default_factory=list)
    running: list[JourneyId] = field(default_factory=list)
    """These had started before."""
    ended: list[JourneyId] = field(default_factory=list)
    """These have closed and stay closed."""
    answered: list[JourneyId] = field(default_factory=list)
    partly_answered: list[JourneyId] = field(default_factory=list)
    """Some answers to the intake were recorded for these; the rest is awaited."""
    failed: dict[JourneyId, str] = field(default_factory=dict)


async def entrants(
    pool: Pool, program: ProgramId, state: ProgramState, learners: Sequence[LearnerId], *, with_answers: bool = True
) -> list[Entrant]:
    """Adds the stored answers of each learner."""
    known = await people.by_ids(pool, learners) if with_answers else {}
    return [
        Entrant(one, state.journey_of(program, one), known[one].attributes.get("answers", {}) if one in known else {})
        for one in learners
    ]


async def start_all(
    client: JourneyClient, kit: Kit, those: Iterable[Entrant], advance: Callable[[], None] = lambda: None
) -> Started:
    """Starts the journeys that have not started yet, and sends in the known answers.

    Safe to repeat after an interruption. An error of one journey does not keep the others from starting.
    """
    started = Started()

    async def begin(one: Entrant) -> None:
        try:
            await _begin(client, kit, one, started)
        except (Refused, NotStarted, RPCError, ValidationError) as error:
            started.failed[one.journey] = str(error)
        advance()

    await fan_out(begin, those, _AT_ONCE)
    return started


async def _begin(client: JourneyClient, kit: Kit, one: Entrant, started: Started) -> None:
    begun, answered = await begin_one(client, kit, one)
    getattr(started, begun).append(one.journey)
    if answered:
        getattr(started, answered).append(one.journey)


async def ended_before(pool: Pool, program: ProgramId, learner: LearnerId, state: ProgramState) -> Rejected:
    """Why a learner is not enrolled whose journey has closed, unless another is asked for."""
    journey = state.journey_of(program, learner)
    how = (await closings(pool, [journey])).get(journey)
    when = f" on {how.at:%d %B %Y} ({how.ending.replace('_', ' ')})" if how else ""
    return Rejected(
        Code.ENDED,
        f"the journey {journey} closed{when}. To start another one: trellis start {program} {learner} --again",
        {"journey": journey},
    )


class Closing(NamedTuple):
    at: datetime
    ending: Ending


async def closings(pool: Pool, journeys: Sequence[JourneyId]) -> dict[JourneyId, Closing]:
    """When and how these journeys closed. Open ones are left out."""
    rows = await pool.fetch(query("journeys_closed"), [journey_stream(one) for one in journeys])
    return {JourneyId(row["journey"]): Closing(row["occurred_at"], row["ending"]) for row in rows}
