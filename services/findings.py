"""What people do with findings, and looks of the detectors besides those of the schedule."""

import asyncio
from datetime import UTC, datetime, timedelta

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from domain.finding import FINDINGS, ConfirmFinding, DismissFinding, findings_stream
from domain.ids import FindingId, JourneyId, ProgramId
from domain.values import Actor
from store.database import Pool
from store.transact import given, transact
from workflows.contract import DETECTING, PROGRAM_TASK_QUEUE
from workflows.detecting_activities import Looked, LookForFindings

PATIENCE = timedelta(seconds=30)


class NobodyLooks(Exception):
    """No worker has looked in time. It goes on as soon as there is one."""

    def __init__(self, program: str) -> None:
        super().__init__(
            f"nobody has finished looking at what was written in {program!r} yet: is a worker with the role programs "
            "running? `trellis doctor` tells. The look goes on by itself"
        )


async def look(
    temporal: Client,
    program: ProgramId,
    since: datetime | None = None,
    *,
    task_queue: str = PROGRAM_TASK_QUEUE,
    patience: timedelta = PATIENCE,
) -> Looked:
    """`since`: as in LookForFindings. Whoever asks while a look is under way gets the result of that one.

    Raises NobodyLooks.
    """
    handle = await temporal.start_workflow(
        DETECTING,
        LookForFindings(program=program, since=since),
        id=f"findings-now-{program}",
        task_queue=task_queue,
        result_type=Looked,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=f"Look for findings in {program}",
    )
    try:
        async with asyncio.timeout(patience.total_seconds()):
            looked: Looked = await handle.result()
    except TimeoutError as error:
        raise NobodyLooks(program) from error
    return looked


async def confirm(pool: Pool, journey: JourneyId, finding: FindingId, reason: str, by: Actor) -> None:
    """Raises NotFound; Rejected when another judgment is changed without a reason."""
    await _judge(pool, journey, ConfirmFinding(finding=finding, reason=reason, by=by))


async def dismiss(pool: Pool, journey: JourneyId, finding: FindingId, reason: str, by: Actor) -> None:
    """Raises NotFound; Rejected when another judgment is changed without a reason."""
    await _judge(pool, journey, DismissFinding(finding=finding, reason=reason, by=by))


async def _judge(pool: Pool, journey: JourneyId, command: ConfirmFinding | DismissFinding) -> None:
    await transact(pool, findings_stream(journey), FINDINGS, command, datetime.now(UTC), meta=given(command))
