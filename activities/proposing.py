"""What a round sends to journeys, a bounded number at a time: proposals, and their withdrawal.

Every command has an id that follows from the round and the learner, so that one that is sent again, in another attempt
or after the process was killed, is recognized by its journey and answered as it was.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Literal, TypeVar

from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError

from client.journeys import JourneyClient, NoSuchJourney, NotAnswering, Refused
from domain.ids import JourneyId, LearnerId, RoundId
from domain.journey.commands import ApproveMatch, OfferMatch
from domain.kit import Kit
from domain.matching.collecting import TRIED_OTHERWISE, ways
from domain.round import events as e
from domain.round.events import Drafted

AT_ONCE = 16
PATIENCE = timedelta(seconds=30)
"""How long one journey is waited for. One that has not answered by then has the command, and may follow it later."""
_LONGEST = 500

Answer = Literal["offered", "matched", "withdrawn", "silent"] | e.Refused
"""What became of a command. `silent`: the journey has not answered."""
Item = TypeVar("Item")


class Proposer:
    """Raises RPCError when Temporal cannot be reached."""

    def __init__(self, journeys: JourneyClient, round_: RoundId, at_once: int = AT_ONCE) -> None:
        self._journeys = journeys
        self._at_once = at_once
        self._round = round_

    async def propose(self, pairs: Iterable[Drafted], newest: Kit) -> dict[JourneyId, Answer]:
        """Offers these matches, or makes them, as the newest kit says; a journey that follows a kit which says
        otherwise gets the other command."""

        async def one(pair: Drafted) -> tuple[JourneyId, Answer]:
            return pair.journey, await self._propose(pair, newest)

        return dict(await _in_turns(one, pairs, self._at_once))

    async def withdraw(self, pairs: Iterable[Drafted], reason: str) -> dict[JourneyId, Answer]:
        async def one(pair: Drafted) -> tuple[JourneyId, Answer]:
            payload = {"round": self._round, "reason": reason, "by": "system"}
            refusal = await self._send(pair.journey, pair.learner, "withdraw_offer", payload)
            return pair.journey, refusal or "withdrawn"

        return dict(await _in_turns(one, pairs, self._at_once))

    async def _propose(self, pair: Drafted, newest: Kit) -> Answer:
        first, other = ways(newest)
        answer = await self._put(pair, first)
        if isinstance(answer, e.Refused) and answer.code in TRIED_OTHERWISE:
            return await self._put(pair, other)
        return answer

    async def _put(self, pair: Drafted, way: type[OfferMatch | ApproveMatch]) -> Answer:
        payload = {"mentor": pair.mentor, "reason": pair.reason, "round": self._round, "by": "system"}
        refusal = await self._send(pair.journey, pair.learner, way.name, payload)
        return refusal or ("offered" if way is OfferMatch else "matched")

    async def _send(
        self, journey: JourneyId, learner: LearnerId, command: str, payload: Mapping[str, Any]
    ) -> e.Refused | Literal["silent"] | None:
        """None: the journey has followed it."""
        command_id = f"round-{self._round}:{learner}:{command}"
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                await self._journeys.send(journey, command, payload, command_id=command_id)
        except Refused as refusal:
            return e.Refused(code=refusal.code, says=str(refusal)[:_LONGEST])
        except (TimeoutError, NotAnswering, NoSuchJourney, WorkflowUpdateRPCTimeoutOrCancelledError):
            return "silent"
        return None


async def _in_turns(
    work: Callable[[Item], Awaitable[tuple[JourneyId, Answer]]], items: Iterable[Item], at_once: int
) -> list[tuple[JourneyId, Answer]]:
    turns = asyncio.Semaphore(at_once)

    async def one(item: Item) -> tuple[JourneyId, Answer]:
        async with turns:
            return await work(item)

    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(one(item)) for item in items]
    return [task.result() for task in running]
