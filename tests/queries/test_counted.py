"""What many people look at is counted once for all of them, and again when its views have moved on."""

import asyncio

import pytest

from queries import counted as counted_module
from queries.counted import Counted
from store.database import Pool

_MOVED = """insert into trellis.projections (name, generation, version, shape, position, status)
            values ($1, 1, 1, '', 1, 'live')"""


async def test_again_when_a_view_has_moved_on_and_where_there_is_much_not_at_once(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list[int]()

    async def make() -> int:
        made.append(len(made))
        await asyncio.sleep(0)
        return len(made)

    few, many = Counted(pool, {"board"}, make, lambda _: 3), Counted(pool, {"board"}, make, lambda _: 5_000)
    assert await asyncio.gather(*(few.read() for _ in range(4))) == [1] * 4
    assert await many.read() == 2
    await pool.execute(_MOVED, "attention")
    assert (await few.read(), await many.read()) == (1, 2), "of another view"
    await pool.execute(_MOVED, "board")
    assert (await few.read(), await many.read()) == (3, 2)
    monkeypatch.setattr(counted_module, "_AGAIN_SECONDS", 0)
    assert await many.read() == 4
    monkeypatch.setattr(counted_module, "_BELIEVED_SECONDS", 0)
    assert await few.read() == 5
