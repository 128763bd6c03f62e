"""The typed client of rounds of matching: begin one, decide about its draft, take one back.

As client/journeys.py, it imports nothing of Trellis beyond the contract of the workflow.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.ids import ProgramId, RoundId
from domain.refusal import Rejected
from domain.round.decide import Code
from workflows.contract import (
    PROGRAM_TASK_QUEUE,
    REJECTED,
    ROUND_WORKFLOW,
    TAKE_BACK_WORKFLOW,
    BeginMatching,
    RoundEnded,
    RoundStatus,
    TakeBack,
    matching_workflow,
    take_back_workflow,
)

PATIENCE = timedelta(minutes=2)
"""How long an answer is waited for: that of a draft of thousands takes some seconds."""


class NobodyMatches(Exception):
    """No worker took the request in time. It is kept, and carried out once there is one."""

    def __init__(self, program: str) -> None:
        super().__init__(
            f"nobody has answered for the round of {program!r}: is a worker with the role programs running? "
            "`trellis doctor` tells"
        )


class RoundClient:
    """Talks to the workflows of rounds. Holds nothing but the connection.

    Every call raises Rejected where the round refuses it, NobodyMatches where nobody answers in time, and
    `temporalio.service.RPCError` where Temporal cannot be reached.
    """

    def __init__(self, temporal: Client, task_queue: str = PROGRAM_TASK_QUEUE) -> None:
        self._temporal = temporal
        self._task_queue = task_queue

    async def begin(self, program: ProgramId) -> RoundStatus:
        """Begins a round on demand, and returns when its draft is made. Raises Rejected while another is open, and
        where nobody waits."""
        if not await self.start(BeginMatching(program=program, cause="demand")):
            raise await self._is_open(program)
        try:
            return await self._update(program, "drafted")
        except Rejected as refusal:
            if refusal.code != Code.NO_ROUND:
                raise
        return await self._ended(program)

    async def ask(self, program: ProgramId, command: str, payload: Mapping[str, Any]) -> RoundStatus:
        """Sends a command to the program's open round, by the name of its update."""
        return await self._update(program, command, dict(payload))

    async def start(self, begin: BeginMatching) -> bool:
        """Returns False when a round of the program is open already; then nothing is started."""
        try:
            await self._temporal.start_workflow(
                ROUND_WORKFLOW,
                begin,
                id=matching_workflow(begin.program_id),
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                static_summary=f"Matching in {begin.program}",
            )
        except WorkflowAlreadyStartedError:
            return False
        return True

    async def taken_back(self, round_: RoundId) -> RoundStatus:
        """Returns when everything is withdrawn that can be."""
        handle = self._temporal.get_workflow_handle(take_back_workflow(round_), result_type=RoundEnded)
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                ended: RoundEnded = await handle.result()
        except TimeoutError as error:
            raise NobodyMatches(round_) from error
        assert ended.status, "a round that is taken back is there"
        return ended.status

    async def start_taking_back(self, round_: RoundId) -> bool:
        """Returns False when it is under way."""
        try:
            await self._temporal.start_workflow(
                TAKE_BACK_WORKFLOW,
                TakeBack(round=round_),
                id=take_back_workflow(round_),
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                static_summary=f"Taking back {round_}",
            )
        except WorkflowAlreadyStartedError:
            return False
        return True

    async def _ended(self, program: ProgramId) -> RoundStatus:
        """Of a round that was over before it could be asked. Raises Rejected when nobody waited."""
        handle = self._temporal.get_workflow_handle(matching_workflow(program), result_type=RoundEnded)
        ended: RoundEnded = await handle.result()
        if ended.status is None:
            raise Rejected(Code.NOBODY_WAITS, f"nobody waits for a mentor in {program!r}, so there is no round")
        return ended.status

    async def _is_open(self, program: ProgramId) -> Rejected:
        status = await self._status(program)
        which = f"round {status.round}" if status else "a round"
        return Rejected(
            Code.OPEN,
            f"{which} of {program!r} is open, and there is one at a time; see `trellis match show {program}`, then "
            f"release or discard it",
            {"round": status.round if status else None},
        )

    async def _status(self, program: ProgramId) -> RoundStatus | None:
        try:
            found: RoundStatus | None = await self._handle(program).query(
                "status", result_type=RoundStatus, rpc_timeout=timedelta(seconds=5)
            )
        except (RPCError, ApplicationError):
            return None
        return found

    async def _update(self, program: ProgramId, name: str, payload: dict[str, Any] | None = None) -> RoundStatus:
        arguments = [] if payload is None else [payload]
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                answer: RoundStatus = await self._handle(program).execute_update(
                    name, args=arguments, result_type=RoundStatus
                )
        except WorkflowUpdateFailedError as error:
            raise _refusal(error) from error
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
            raise NobodyMatches(program) from error
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                says = f"no round of {program!r} is open; begin one with `trellis match round {program}`"
                raise Rejected(Code.NO_ROUND, says) from error
            raise
        return answer

    def _handle(self, program: ProgramId) -> WorkflowHandle[Any, Any]:
        return self._temporal.get_workflow_handle(matching_workflow(program))


def _refusal(error: WorkflowUpdateFailedError) -> Exception:
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type == REJECTED:
        details = cause.details[0] if cause.details else {}
        return Rejected(details.get("code", "refused"), cause.message, details.get("data"))
    return error
