"""What was delivered, for any size of batch, and beside what the domain's own state says on any way."""

from datetime import date, timedelta

import pytest
from hypothesis import given

from domain.journey import JourneyState
from domain.kit import Kit
from projections import totals
from projections.totals import Outcome
from projections.views.delivered import Delivered, Delivery
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.domain.journeys import MOVES, Move, kits, travel
from tests.projections.stories import KIT, publish, tell
from tests.support.deliveries import LONG, S1, SHORT, STORIES, TALK
from tests.support.following import in_batches_of, show

PERIOD = (date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture
async def log(pool: Pool, dsn: str) -> str:
    """Where the log with all the stories is, interleaved."""
    for kit in (KIT, LONG, SHORT):
        await publish(pool, kit)
    for version in range(max(map(len, STORIES))):
        for number, events in enumerate(STORIES):
            await tell(EventLog(pool), number, events[: version + 1], after=version)
    await sequencer.drain(dsn)
    return dsn


@in_batches_of
async def test_what_was_delivered_to_whom_and_what_it_took(log: str, pool: Pool, size: int) -> None:
    await show(log, "delivered", size)
    found = await totals.totals(pool, "ready", *PERIOD)
    learners = found.learners
    assert (learners.begun, learners.mentored, learners.under_way) == (5, 4, 1)
    assert (learners.completed, learners.withdrawn, learners.ended_early, learners.declined) == (2, 1, 0, 1)
    milestones = found.milestones
    assert (milestones.passed, milestones.failed, milestones.waived, milestones.passed_in_time) == (1, 1, 1, 1)
    assert learners.days_median == pytest.approx((40 + 52 - 2 / 24) / 2)
    sessions = found.sessions
    assert (sessions.held, sessions.missed_by_learner, sessions.missed_by_mentor, sessions.cancelled) == (8, 1, 0, 0)
    assert (sessions.follow_ups_wanted, sessions.follow_ups_sent, sessions.follow_ups_in_time) == (3, 2, 1)
    assert found.mentors == 3
    assert found.outcomes == (Outcome("interview", recorded=2, learners=1), Outcome("job", recorded=1, learners=1))
    assert found.learners_with_outcome == 2
    assert found.kits == {LONG.digest: 4, KIT.digest: 1}, "who was moved had the promise of the version before"
    assert found.fulfillment.unsaid == 3, "no kit says what fulfills its promise"


def test_a_session_goes_by_the_version_that_held_when_it_was_recorded() -> None:
    view = Delivered()
    known: Delivery | None = None
    for event in STORIES[3]:
        known = view.evolve(known, event)
    assert known
    assert known.kit == SHORT.digest
    assert [(one.session, one.kit) for one in known.sittings] == [
        (S1, LONG.digest),
        (S1, LONG.digest),
        (TALK, SHORT.digest),
    ]
    assert view.earlier_kits(known) == {LONG.digest, SHORT.digest}
    assert known.promised == LONG.digest


@in_batches_of
async def test_a_cohort_session_of_one_mentor_at_one_time_is_one_meeting(log: str, pool: Pool, size: int) -> None:
    await show(log, "delivered", size)
    time = (await totals.totals(pool, "ready")).time
    talks = (timedelta(minutes=90), timedelta(minutes=90))  # one moved by a pause; one for two learners
    first_meetings = (timedelta(hours=1),) * 3
    assert time.live == sum((*talks, *first_meetings), timedelta())
    assert time.asynchronous == timedelta(minutes=30)
    assert (time.meetings, time.of_unknown_length) == (7, 1), "the short version has no talk"


async def test_nothing_is_delivered_in_a_time_when_nobody_began(log: str, pool: Pool) -> None:
    await show(log, "delivered", 5000)
    found = await totals.totals(pool, "ready", date(2027, 1, 1))
    assert (found.learners.begun, found.learners.days_median, found.sessions.held) == (0, None, 0)
    assert (found.time.live, found.outcomes, found.learners_with_outcome) == (timedelta(), (), 0)


async def test_what_became_of_a_learner_is_kept_nowhere(log: str, pool: Pool) -> None:
    await show(log, "delivered", 5000)
    states = await pool.fetchval("select string_agg(state::text, '') from view_delivered_1.states")
    assert "interview" in states
    assert "analyst" not in states


@given(kits(), kits(), MOVES)
def test_on_any_way_it_knows_what_the_domain_knows(kit: Kit, other: Kit, moves: list[Move]) -> None:
    view = Delivered()
    known: Delivery | None = None
    for step in travel(kit, moves, other):
        for event in step.events:
            if event.type in view.handles:
                known = view.evolve(known, event)
        assert known
        _agree(known, step.after)


def _agree(known: Delivery, state: JourneyState) -> None:
    assert (known.mentor, known.pathway, known.kit) == (state.mentor, state.pathway, state.kit)
    ending = state.closing.ending if state.closing else None
    assert (known.ending, sum(known.outcomes.values())) == (ending, len(state.outcomes))
    assert known.milestones == {one.milestone: one.status for one in state.milestones if one.settled}
    assert set(known.planned) == {one.milestone for one in state.milestones}
    assert set(known.unreviewed) == {one.milestone for one in state.milestones if one.status == "submitted"}
    if known.kit == known.promised:
        first = [one for one in state.milestones if one.status == "open" and one.attempt == one.planned_attempt]
        missed = {one for one, deadline in known.deadlines.items() if deadline == "missed"}
        assert {one.milestone for one in first if one.missed} == missed & {one.milestone for one in first}
    latest = {one.session: one for one in known.sittings}
    for session in state.sessions:
        if not session.attendance:
            assert known.plan[session.session] == session.starts_at
        else:
            sitting = latest[session.session]
            assert (sitting.attendance, sitting.starts_at) == (session.attendance, session.starts_at)
            assert sitting.follow_up_due_at == session.follow_up_due_at
