"""The same work for many items, several at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sized
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


async def fan_out(work: Callable[[Item], Awaitable[Result]], items: Iterable[Item], at_once: int) -> list[Result]:
    """The results, in the order of the items. `items` is read as places become free, so it may be long.

    The first error ends the work on all other items and is raised as it is.
    """
    results: dict[int, Result] = {}
    waiting = enumerate(items)

    async def take_turns() -> None:
        for number, item in waiting:
            results[number] = await work(item)

    workers = at_once if not isinstance(items, Sized) else min(at_once, len(items))
    tasks = [asyncio.create_task(take_turns()) for _ in range(workers)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
    return [results[number] for number in sorted(results)]
