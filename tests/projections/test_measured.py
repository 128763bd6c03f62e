"""The view that measures are counted from: for any size of batch, and beside what the domain's own state says."""

from collections.abc import Iterable

from hypothesis import given

from domain.journey import JourneyState
from domain.kit import Kit
from projections.kits import Kits
from projections.measuring import Progress
from projections.views.measured import Measured
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.domain.journeys import MOVES, Move, kits, travel
from tests.projections.stories import KIT, publish, tell
from tests.support.deliveries import LONG, SHORT, STORIES
from tests.support.following import in_batches_of, show


@in_batches_of
async def test_batches_of_any_size_give_the_rows_of_the_whole_stream(pool: Pool, dsn: str, size: int) -> None:
    for kit in (KIT, LONG, SHORT):
        await publish(pool, kit)
    for version in range(max(map(len, STORIES))):
        for number, events in enumerate(STORIES):
            await tell(EventLog(pool), number, events[: version + 1], after=version)
    await sequencer.drain(dsn)
    await show(dsn, "measured", size)
    view, known = Measured(), Kits({kit.digest: kit for kit in (KIT, LONG, SHORT)})
    expected: dict[str, list[tuple[object, ...]]] = {table: [] for table in view.columns}
    for row in await pool.fetch("select stream, state from views.measured join view_measured_1.states using (stream)"):
        for table, rows in view.rows(row["stream"], view.load(row["state"]), (), known).items():
            expected[table].extend(rows)
    for table, columns in view.columns.items():
        found = await pool.fetch(f"select {', '.join(columns)} from views.{table}")  # noqa: S608
        assert set(map(_hashable, found)) == set(map(_hashable, expected[table])), table
        assert found


def _hashable(row: Iterable[object]) -> tuple[object, ...]:
    return tuple(tuple(one) if isinstance(one, list) else one for one in row)


@given(kits(), kits(), MOVES)
def test_on_any_way_it_knows_what_the_domain_knows(kit: Kit, other: Kit, moves: list[Move]) -> None:
    view = Measured()
    known: Progress | None = None
    for step in travel(kit, moves, other):
        for event in step.events:
            if event.type in view.handles:
                known = view.evolve(known, event)
        assert known
        _agree(known, step.after)


def _agree(known: Progress, state: JourneyState) -> None:
    assert (known.mentor, known.pathway) == (state.mentor, state.pathway)
    assert known.ending == (state.closing.ending if state.closing else None)
    latest = {one.session: one.attendance for one in known.sittings}
    owed = {(one.kind, one.about): one.due_at for one in known.duties if one.is_open}
    for session in state.sessions:
        if session.attendance:
            assert latest[session.session] == session.attendance
        if session.follow_up_due_at:
            assert owed["follow_up", session.session] == session.follow_up_due_at
        if session.notes_due_at:
            assert owed["notes", session.session] == session.notes_due_at
    if state.stage in ("sessions", "wrap_up"):
        assert {about for kind, about in owed if kind == "case"} <= {one.case for one in state.cases}
        asked = {one.milestone for one in state.milestones if one.status == "open"}
        assert {about for kind, about in owed if kind == "milestone"} <= asked
