"""The numbers of rounds, of matching and of reviews."""

from domain.ids import ProgramId
from store.database import Executor, query


async def last_number(executor: Executor, program: ProgramId) -> int:
    """Of the program's last round of matching; 0 without one."""
    return await last_number_of(executor, "round", program)


async def last_number_of(executor: Executor, category: str, program: ProgramId) -> int:
    """Of the program's last round whose streams are of this category; 0 without one."""
    last: int = await executor.fetchval(query("rounds_last"), f"{category}-{program}-", category)
    return last
