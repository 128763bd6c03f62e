"""Sends a command to a journey, whether Temporal runs it or not."""

from collections.abc import Mapping
from typing import Any

from client.journeys import JourneyClient, NoSuchJourney
from domain.ids import JourneyId
from queries.journey_record import read_beginning
from store.database import Pool
from workflows.contract import Answer, Begin


async def send(
    pool: Pool,
    client: JourneyClient,
    journey: JourneyId,
    command: str,
    payload: Mapping[str, Any],
    *,
    command_id: str | None = None,
    if_version: int | None = None,
) -> Answer:
    """As `JourneyClient.send`. A journey that closed, or that Temporal lost, is taken up from the log.

    Raises:
        NoSuchJourney: when the log has no such journey either.
    """
    try:
        return await client.send(journey, command, payload, command_id=command_id, if_version=if_version)
    except NoSuchJourney:
        begin = await _from_the_log(pool, journey)
    return await client.begin_and_send(begin, command, payload, journey, command_id=command_id, if_version=if_version)


async def signal(
    pool: Pool, client: JourneyClient, journey: JourneyId, command: str, payload: Mapping[str, Any]
) -> None:
    """The same without waiting for the answer."""
    try:
        await client.signal(journey, command, payload)
    except NoSuchJourney:
        await client.begin(await _from_the_log(pool, journey), journey)
        await client.signal(journey, command, payload)


async def _from_the_log(pool: Pool, journey: JourneyId) -> Begin:
    """Raises NoSuchJourney."""
    started = await read_beginning(pool, journey)
    if started is None:
        raise NoSuchJourney(journey)
    return Begin(program=started.program, learner=started.learner)
