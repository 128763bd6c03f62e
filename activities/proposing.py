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
from domain.round import events as e
from domain.round.events import Drafted

AT_ONCE = 16
PATIENCE = timedelta(seconds=30)
"""How long one journey is waited for. One that has not answered by then has the command, and may follow it later."""
_LONGEST = 500
_NOT_POSSIBLE, _REQUIRED = "offer_not_possible", "offer_required"

Answer = Literal["offered", "matched", "withdrawn", "silent"] | e.Refused
"""What became of a command. `silent`: the journey has not answered."""
Item = TypeVar("Item")


class Proposer:
    """Raises RPCError when Temporal cannot be reached."""

    def __init__(self, journeys: JourneyClient, round_: RoundId) -> None:
        self._journeys = journeys
        self._round = round_

    async def propose(self, pairs: Iterable[Drafted], *, asks: bool) -> dict[JourneyId, Answer]:
        """Offers these matches, or makes them. `asks`: whether the newest kit asks somebody; a journey that follows a
        kit which says otherwise gets the other command."""

        async def one(pair: Drafted) -> tuple[JourneyId, Answer]:
            return pair.journey, await self._propose(pair, asks=asks)

        return dict(await _in_turns(one, pairs))

    async def withdraw(self, pairs: Iterable[Drafted], reason: str) -> dict[JourneyId, Answer]:
        async def one(pair: Drafted) -> tuple[JourneyId, Answer]:
            payload = {"round": self._round, "reason": reason, "by": "system"}
            refusal = await self._send(pair.journey, pair.learner, "withdraw_offer", payload)
            return pair.journey, refusal or "withdrawn"

        return dict(await _in_turns(one, pairs))

    async def _propose(self, pair: Drafted, *, asks: bool) -> Answer:
        first, other = ("offer_match", "approve_match") if asks else ("approve_match", "offer_match")
        answer = await self._put(pair, first)
        if isinstance(answer, e.Refused) and answer.code in (_NOT_POSSIBLE, _REQUIRED):
            return await self._put(pair, other)
        return answer

    async def _put(self, pair: Drafted, command: str) -> Answer:
        payload = {"mentor": pair.mentor, "reason": pair.reason, "round": self._round, "by": "system"}
        refusal = await self._send(pair.journey, pair.learner, command, payload)
        return refusal or ("offered" if command == "offer_match" else "matched")

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
    work: Callable[[Item], Awaitable[tuple[JourneyId, Answer]]], items: Iterable[Item]
) -> list[tuple[JourneyId, Answer]]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(item: Item) -> tuple[JourneyId, Answer]:
        async with turns:
            return await work(item)

    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(one(item)) for item in items]
    return [task.result() for task in running]
