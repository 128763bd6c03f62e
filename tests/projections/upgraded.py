"""A board as an older Trellis left it, and a rebuild that is halfway."""

from typing import ClassVar

from projections.journeys import JourneyViews
from projections.registry import PROJECTIONS
from projections.runner import catch_up
from projections.views.attention import Attention
from projections.views.board import Board
from projections.views.upcoming import Upcoming
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.projections.stories import publish, story, tell


class OldRows(Board):
    columns: ClassVar = {
        **Board.columns,
        "board": tuple("another" if one == "segment" else one for one in Board.columns["board"]),
    }


class OldBoard(JourneyViews):
    """The first version of the board: without segments."""

    version = 1
    tables = PROJECTIONS["board"].tables.replace("segment", "another")
    indexes = ""

    def __init__(self) -> None:
        super().__init__([OldRows(), Attention(), Upcoming()])


async def leave_old_board(pool: Pool, dsn: str) -> None:
    """With one open journey, `ready.l-1`."""
    await publish(pool)
    await tell(EventLog(pool), 1, story(1, 8))
    await sequencer.drain(dsn)
    await catch_up(dsn, [OldBoard()])


async def half_build(pool: Pool) -> None:
    """As if a rebuild of 1,000 events, taken up 10 seconds ago after 100 of them, had done 300: 35 seconds are left."""
    await pool.execute(
        """insert into trellis.projections (name, generation, version, shape, status, building_since, built_before)
           values ('board', 2, 3, 'new', 'building', clock_timestamp() - interval '10 seconds', 100)"""
    )
    await pool.execute(
        """insert into trellis.slices (name, generation, slice, slices, target, events, done)
           values ('board', 2, 0, 2, 9, 600, 200), ('board', 2, 1, 2, 9, 400, 100)"""
    )
