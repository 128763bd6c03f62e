"""The numbers of rounds of matching."""

from domain.ids import ProgramId, RoundId, round_stream
from store.database import Executor, query


async def last_number(executor: Executor, program: ProgramId) -> int:
    """Of the program's last round; 0 without one."""
    last: int = await executor.fetchval(query("rounds_last"), f"{round_stream(RoundId(program))}-")
    return last
