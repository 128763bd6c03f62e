"""What the figures say of an installation, on real views."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from domain.journey import JourneyEvent
from projections import figures
from projections.runner import catch_up
from runtime.metrics import FIGURES, Metrics
from store import courier, reconciliations, sequencer
from store.database import Pool
from store.event_log import EventLog
from store.reconciliations import Look
from tests.metrics.shown import shown
from tests.projections.stories import AT, DAY, KIT, publish, story, tell
from tests.support.deliveries import LONG, SHORT, STORIES


async def told(pool: Pool, dsn: str, stories: Sequence[list[JourneyEvent]]) -> None:
    for kit in (KIT, LONG, SHORT):
        await publish(pool, kit)
    for number, events in enumerate(stories):
        await tell(EventLog(pool), number, events)
    await sequencer.drain(dsn)
    await catch_up(dsn)


@pytest.fixture
async def three_journeys(pool: Pool, dsn: str) -> None:
    """Waiting for an intake; with an open case; closed."""
    await told(pool, dsn, [story(0, 1), story(1, 8), story(2)])


@pytest.mark.usefixtures("three_journeys")
async def test_journeys_by_stage_and_status_and_the_log(pool: Pool) -> None:
    async with pool.acquire() as connection:
        await courier.stop(connection, 7, "ValueError: no such year")
    await reconciliations.save(pool, Look("journey", 9, datetime.now(UTC), behind=2, missing=3, failing=1, woken=4))
    metrics = Metrics(pool)
    assert shown(metrics) == {"trellis_snapshot_up": {(): 0}}, "no figures before they are read, rather than zeros"
    await metrics.refresh()
    found = shown(metrics)

    assert found["trellis_snapshot_up"] == {(): 1}
    assert [one for one, up in found["trellis_figures_up"].items() if not up] == []
    assert found["trellis_journeys"] == {
        ("ready", "intake", "active"): 1,
        ("ready", "sessions", "active"): 1,
        ("ready", "closed", "completed"): 1,
    }
    assert found["trellis_journeys_attention"]["ready", "sessions"] == 1
    assert found["trellis_events_recorded_total"] == {(): 1 + 8 + 15}
    assert found["trellis_events_unsequenced_oldest_seconds"] == {(): 0}
    assert found["trellis_projection_lag_events"][("board",)] == 0
    assert found["trellis_projection_lag_seconds"][("timeline",)] == 0
    assert found["trellis_snapshot_timestamp_seconds"][()] > 1_700_000_000
    assert (found["trellis_courier_lag_events"], found["trellis_courier_stopped"]) == ({(): 18}, {(): 1})
    of_kind = {name: values[("journey",)] for name, values in found.items() if name.startswith("trellis_workflows_")}
    assert of_kind["trellis_workflows_behind"] == 2
    assert (of_kind["trellis_workflows_missing"], of_kind["trellis_workflows_failing"]) == (3, 1)
    assert of_kind["trellis_workflows_woken_total"] == 4
    assert of_kind["trellis_workflows_compared_timestamp_seconds"] > 1_700_000_000
    assert found["trellis_follower_lag_events"][("ledger",)] == 24


@pytest.mark.usefixtures("three_journeys")
async def test_what_waits_is_counted_by_age_and_what_is_overdue_by_rule(pool: Pool) -> None:
    asked_at = AT + 30 * DAY
    waiting = {row[:4]: row[4:] for row in await figures.waiting(pool, asked_at)}
    assert waiting["ready", "intake", "learner", "over_14d"][0] == 1
    assert waiting["ready", "intake", "learner", None] == (1, timedelta(days=30).total_seconds())
    assert {row[:4] for row in await figures.waiting(pool, AT + 2 * DAY)} > {("ready", "intake", "learner", "1d_to_3d")}
    overdue = await figures.overdue(pool, asked_at)
    assert ("ready", "intake", "learner", "intake.within", 1) in overdue
    assert await figures.overdue(pool, AT) == []


@pytest.mark.usefixtures("three_journeys")
async def test_cases_are_counted_by_severity_and_age(pool: Pool) -> None:
    opened_at = AT + timedelta(hours=1) + 15 * DAY
    assert await figures.cases(pool, opened_at + 5 * DAY) == [
        ("ready", "warning", "3d_to_7d", 1, 5 * 86_400),
        ("ready", "warning", None, 1, 5 * 86_400),
    ]
    assert (await figures.cases(pool, opened_at - DAY))[-1][-1] == 0, "clocks that differ make no age below 0"


async def test_of_many_rules_the_rarest_are_counted_together(pool: Pool, dsn: str) -> None:
    await told(pool, dsn, [story(0, 1)])
    many = figures.RULES + 10
    await pool.execute(
        """insert into views.attention
               (stream, journey, program, learner, kind, about, duty, who, grave, since, due_at, rule, version)
           select 'journey-' || n, 'j', 'wide', 'l', 'duty', 'a', 'match', 'ops', 0, $2, $2, 'rule-' || n, 1
             from generate_series(1, $1) as n""",
        many,
        AT,
    )
    rows = [row for row in await figures.overdue(pool, AT + DAY) if row[0] == "wide"]
    assert len(rows) == figures.RULES + 1
    assert {row[3]: row[4] for row in rows}["other"] == 10


async def test_sessions_milestones_outcomes_and_waits(pool: Pool, dsn: str) -> None:
    await told(pool, dsn, STORIES)
    metrics = Metrics(pool)
    await metrics.refresh()
    found = shown(metrics)
    attended = {labels[0]: value for labels, value in found["trellis_sessions"].items()}
    assert (attended["attended"] + attended.get("late", 0), attended["missed_by_learner"]) == (8, 1)
    results = {labels[1]: value for labels, value in found["trellis_follow_ups"].items()}
    assert (sum(results.values()), results["in_time"], results["late"]) == (3, 1, 1)
    standing = {labels[1]: value for labels, value in found["trellis_milestones"].items()}
    assert (standing["passed"], standing["failed"], standing["waived"]) == (1, 1, 1)
    assert found["trellis_outcomes"] == {("other", "ready"): 2}, "no kit names these kinds: somebody typed them"
    assert sum(found["trellis_promises"].values()) == len(STORIES)
    assert found["trellis_matching_wait_seconds_count"] == {("ready",): 4}
    buckets = found["trellis_matching_wait_seconds_bucket"]
    assert buckets["+Inf", "ready"] == 4
    assert list(buckets.values()) == sorted(buckets.values())


async def test_no_label_is_a_person_or_a_journey(pool: Pool, dsn: str) -> None:
    """Nor anything else that grows with their number."""
    await told(pool, dsn, [story(number, 8) for number in range(30)])
    await pool.execute("update views.delivered set learner = 'someone'")
    metrics = Metrics(pool)
    await metrics.refresh()
    labels = {label for values in shown(metrics).values() for labels in values for label in labels}
    assert not [one for one in labels if one.startswith(("j-", "l-", "m-", "journey-", "someone"))]
    assert max(len(values) for values in shown(metrics).values()) < 40


def test_every_metric_is_declared_once() -> None:
    names = [family.name for one in FIGURES for family in one.families]
    assert len(names) == len(set(names))
    assert len({one.name for one in FIGURES}) == len(FIGURES)
