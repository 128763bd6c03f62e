"""Whether a program is ready to grow, counted from the log, and what opening enrollment asks."""

import pytest

from domain.growth import Evidence, Part
from domain.ids import ProgramId
from domain.kit import Kit
from projections.growth import evidence
from projections.runner import catch_up
from queries.growth import NOT_ASKED, growth_readiness
from runtime.exits import Exit
from services.enrolling import Enrollment
from services.places import current_state
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.commands import Trellis
from tests.projections.stories import AT, DAY, KIT, publish, tell
from tests.support.deliveries import LONG, SHORT, STORIES

READY = KIT.program_id
GATED = Kit.model_validate(
    LONG.model_dump(mode="json") | {"version": "gated", "growth": {"beyond": 2, "trainable": None, "improving": None}}
)


@pytest.fixture
async def told(pool: Pool, dsn: str) -> None:
    for kit in (KIT, LONG, SHORT, GATED):
        await publish(pool, kit, AT + (DAY if kit is GATED else 0 * DAY))
    for number, events in enumerate(STORIES):
        await tell(EventLog(pool), number, events)
    await sequencer.drain(dsn)
    await catch_up(dsn)


@pytest.mark.usefixtures("told")
async def test_the_evidence_is_counted_from_the_log(pool: Pool) -> None:
    found: Evidence = await evidence(pool, READY, ("a.md",), AT + 45 * DAY)
    assert (found.completed, found.outcomes_known) == (Part(2, 3), Part(0, 3))
    assert (found.recent, found.earlier) == (Part(1, 1), Part(1, 2))
    assert (found.sessions_held, found.follow_ups_in_time) == (Part(8, 9), Part(1, 3))
    assert found.trained == Part(0, 3)
    assert found.change
    assert found.change.low < found.change.estimate == 0.5
    assert found.by_mentor == (2,), "both with the same mentor"


@pytest.mark.usefixtures("told")
async def test_enrollment_for_many_waits_for_the_rules_or_a_reason(trellis: Trellis, pool: Pool) -> None:
    shown = await trellis("growth", "ready")
    assert (shown.exit, "Not ready to grow" in shown.out) == (Exit.OK, True), shown
    assert "3 journeys" in shown.out
    told = (await trellis("growth", "ready", "--json")).json
    assert told["unmet"] == ["repeatable", "measurable", "not_one_star"]
    assert (await trellis("enrollment", "open", "ready", "--places", "2")).exit == Exit.OK
    refused = await trellis("enrollment", "open", "ready", "--places", "80")
    assert (refused.exit, "not ready to grow: repeatable, measurable and not one star" in refused.err) == (
        Exit.FAILED,
        True,
    )
    opened = await trellis("enrollment", "open", "ready", "--override", "two more mentors", "--by", "ops:ana")
    assert "opened although the program is not ready to grow: repeatable, measurable" in opened.out
    now = await current_state(pool, Enrollment(pool), ProgramId("ready"))
    assert (now.is_open, now.places) == (True, None)


async def test_a_kit_without_rules_asks_nothing(pool: Pool, dsn: str) -> None:
    await publish(pool, KIT)
    await catch_up(dsn)
    found = await growth_readiness(pool, READY)
    assert (found.asked, found.ready, found.says) == (False, True, NOT_ASKED)
