"""Bounded fan-out: order, bound, errors."""

import asyncio
from collections.abc import Iterator

import pytest

from runtime.fan_out import fan_out


async def test_results_keep_the_order_of_the_items_and_no_more_run_than_may() -> None:
    running, most = 0, 0

    async def work(item: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for _ in range(item % 3):
            await asyncio.sleep(0)
        running -= 1
        return item * item

    assert await fan_out(work, range(10), 3) == [item * item for item in range(10)]
    assert most == 3


async def test_without_items_nothing_is_done() -> None:
    assert await fan_out(asyncio.sleep, [], 3) == []


async def test_a_long_list_is_read_as_places_become_free() -> None:
    read: list[int] = []
    let_go = asyncio.Event()

    def items() -> Iterator[int]:
        for item in range(100):
            read.append(item)
            yield item

    async def work(_: int) -> None:
        await let_go.wait()

    working = asyncio.create_task(fan_out(work, items(), 4))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert read == [0, 1, 2, 3]
    let_go.set()
    await working
    assert read == list(range(100))


async def test_the_first_error_ends_the_others_and_is_raised_as_it_is() -> None:
    ended: list[int] = []

    async def work(item: int) -> None:
        if item == 1:
            raise ValueError("one of them")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append(item)
            raise

    with pytest.raises(ValueError, match="one of them"):
        await fan_out(work, range(10), 3)
    await asyncio.sleep(0)
    assert ended == [0, 2]
