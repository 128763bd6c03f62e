"""Sends commands at a steady rate, and keeps its own record of what became of each."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal
from uuid import uuid4

from temporalio.client import Client, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError

from client.journeys import JourneyClient, NoSuchJourney, NotAnswering, Refused
from domain.ids import JourneyId
from workflows.contract import Begin

Way = Literal["update", "signal"]
_RETRY_SECONDS = 0.5
_GIVE_UP_SECONDS = 180.0
_RPC = timedelta(seconds=20)
_AWAY = (RPCError, NoSuchJourney, NotAnswering, TimeoutError, RuntimeError, WorkflowUpdateRPCTimeoutOrCancelledError)


@dataclass(frozen=True, slots=True)
class Sent:
    """A command with words of its own, and what its sender knows of it."""

    journey: JourneyId
    way: Way
    command: str
    words: str
    payload: Mapping[str, Any]
    attempts: int
    outcome: Literal["acknowledged", "refused", "unknown"]


@dataclass
class Sender:
    temporal: Client
    program: str
    journeys: list[JourneyId]
    draws: random.Random
    record: list[Sent] = field(default_factory=list)
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    async def begin_all(self) -> None:
        client, at_once = JourneyClient(self.temporal), asyncio.Semaphore(16)

        async def begin(number: int, journey: JourneyId) -> None:
            async with at_once:
                await self._insist(
                    lambda: client.begin(
                        Begin(program=self.program, learner=f"l-{number}", continue_after=(1, 7, 500)[number % 3]),
                        journey,
                    )
                )

        await asyncio.gather(*(begin(number, journey) for number, journey in enumerate(self.journeys)))

    async def send(self, rate: float, stop: asyncio.Event) -> None:
        """At `rate` commands a second until `stop`; returns when each has its outcome."""
        while not stop.is_set():
            task = asyncio.create_task(self._send_one())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            await asyncio.sleep(self.draws.expovariate(rate))
        await self.settle()

    async def settle(self) -> None:
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def _send_one(self) -> None:
        journey = self.draws.choice(self.journeys)
        way: Way = "update" if self.draws.random() < 0.5 else "signal"
        words = f"w-{self.draws.getrandbits(64):016x}"
        command, payload = self.draws.choice(_COMMANDS)(words)
        client, update_id = JourneyClient(self.temporal), str(uuid4())
        attempts = 0

        async def attempt() -> None:
            nonlocal attempts
            attempts += 1
            if way == "update":
                await client.send(journey, command, payload, command_id=update_id)
            else:  # a signal has no id: one whose answer was lost is not sent again
                handle = self.temporal.get_workflow_handle(journey)
                await handle.signal(command, payload, rpc_timeout=_RPC)

        outcome: Literal["acknowledged", "refused", "unknown"] = "acknowledged"
        try:
            if way == "update":
                await self._insist(attempt)
            else:
                await attempt()
        except Refused:
            outcome = "refused"
        except _AWAY:
            outcome = "unknown"
        self.record.append(Sent(journey, way, command, words, payload, attempts, outcome))

    async def _insist(self, call: Any) -> None:
        """Until the servers are back: under the same id, so that it happens once."""
        async with asyncio.timeout(_GIVE_UP_SECONDS):
            while True:
                try:
                    async with asyncio.timeout(30):
                        await call()
                except Refused:
                    raise
                except _AWAY:
                    await asyncio.sleep(_RETRY_SECONDS)
                else:
                    return


_COMMANDS = (
    lambda words: ("give_feedback", {"confidence": 3, "notes": words}),
    lambda words: ("raise_risk_flag", {"flag": "other", "notes": words}),
    lambda words: ("ask_for_help", {"notes": words}),
)
"""Each leaves an event that holds its words, or is refused."""
