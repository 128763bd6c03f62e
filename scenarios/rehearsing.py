"""A play from start to end: its servers, the journeys, the views, and the comparison with the expectations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from projections.board_filter import Filter
from projections.runner import catch_up
from projections.views import board
from projections.views.board import BoardRow
from scenarios.comparing import differences_from_expected
from scenarios.playing import AT_ONCE, Player, Refusal
from scenarios.servers import Servers
from store.database import Pool, query
from store.sequencer import drain

_PAGE = 1000


@dataclass(frozen=True)
class PlayResult:
    """The result of a play."""

    journeys: int
    ended: int
    commands: int
    events: int
    """The events of journeys, without days of activity."""
    last_moment: datetime
    """The time that passed in the scenario, not in the play."""
    seconds: float
    """How long the play took, without the start of its servers."""
    worker_restarts: int
    refusals: Sequence[Refusal]
    differences_from_expected: Sequence[str]
    """The differences from the expectations; empty if there are no expectations."""
    board: Sequence[BoardRow]

    @property
    def commands_a_second(self) -> float:
        return self.commands / self.seconds if self.seconds else 0.0


async def rehearse(player: Player, on: Servers, at_once: int = AT_ONCE) -> PlayResult:
    """Plays to the end and reads the result.

    Raises:
        RPCError: when the Temporal server is lost.
        StoreError: when the log or a view rejects what is written to it.
    """
    await player.prepare()
    began = monotonic()
    await player.play(at_once)
    seconds = monotonic() - began
    await drain(on.dsn)
    await catch_up(on.dsn)
    program = player.scenario.kit.program
    row = await on.pool.fetchrow(query("journeys_extent"), f"journey-{program}.")
    assert row, "an aggregate is always one row"
    events, last_moment = row
    return PlayResult(
        journeys=player.tally.begun,
        ended=player.tally.ended,
        commands=player.tally.commands,
        events=events,
        last_moment=last_moment,
        seconds=seconds,
        worker_restarts=on.worker.restarts,
        refusals=tuple(player.tally.refusals),
        differences_from_expected=await differences_from_expected(player.scenario, on.pool),
        board=await whole_board(on.pool, program),
    )


async def whole_board(pool: Pool, program: str) -> list[BoardRow]:
    """Every journey of the program, sorted by id."""
    rows: list[BoardRow] = []
    page = await board.page(pool, Filter(program=program), "journey", limit=_PAGE)
    rows += page.rows
    while page.next:
        page = await board.page(pool, Filter(program=program), "journey", page.next, limit=_PAGE)
        rows += page.rows
    return rows
