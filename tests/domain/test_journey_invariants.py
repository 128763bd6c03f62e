"""What holds on every journey through every program, whatever is asked of it and whenever.

Each example is a drawn kit and a drawn sequence of commands, sensible and senseless, with every timer fired when due.
"""

from collections import Counter
from datetime import timedelta

from hypothesis import given

from domain.journey import EVENTS, JourneyState, Rejected, Wait, awaited, decide, evolve, fold, next_action
from domain.journey.commands import Pause, Resume
from domain.journey.events import (
    CaseOpened,
    JourneyEvent,
    JourneyResumed,
    MilestoneReviewed,
    Nudged,
    ReminderFellDue,
)
from domain.journey.timers import timers
from domain.kit import Kit
from tests.domain.journeys import MOVES, Move, Step, kits, travel

on_any_way = given(kits(), MOVES)


def events_of(kit: Kit, moves: list[Move]) -> list[JourneyEvent]:
    return [event for step in travel(kit, moves) for event in step.events]


@on_any_way
def test_an_open_journey_waits_for_something_and_a_closed_one_for_nothing(kit: Kit, moves: list[Move]) -> None:
    for step in travel(kit, moves):
        action = next_action(kit, step.after)
        if step.after.closing:
            assert not isinstance(action, Wait)
            assert not (awaited(step.after) or timers(kit, step.after) or step.after.cases)
            assert (step.after.stage, step.after.wait, step.after.pause) == ("closed", None, None)
        else:
            assert isinstance(action, Wait)
            assert action.awaited or action.timers
            assert list(action.timers) == sorted(action.timers, key=lambda one: one.at)


@on_any_way
def test_nobody_is_kept_in_the_sessions_when_all_is_settled(kit: Kit, moves: list[Move]) -> None:
    for step in travel(kit, moves):
        pathway = kit.pathway(step.after.pathway) if step.after.pathway else None
        if pathway and pathway.ends_when_done and step.after.stage == "sessions" and step.after.settled:
            assert not step.after.sessions
            assert not step.after.milestones


@on_any_way
def test_once_the_learner_is_on_their_way_the_journey_ends_by_itself(kit: Kit, moves: list[Move]) -> None:
    last = list(travel(kit, moves))[-1].after
    assert last.closing or (last.wait and last.wait.duty in ("intake_review", "match"))


@on_any_way
def test_no_timer_lies_before_what_set_it(kit: Kit, moves: list[Move]) -> None:
    for step in travel(kit, moves):
        new = set(_moments(kit, step.after)) - set(_moments(kit, step.before))
        assert all(timer.at >= step.at for timer in timers(kit, step.after) if (timer.rule, timer.label) in new)


def _moments(kit: Kit, state: JourneyState | None) -> list[tuple[str, str]]:
    # A quiet rule has one place and one label in every spell, and activity of long ago makes it due at once.
    there = timers(kit, state) if state else ()
    return [(one.rule, one.label) for one in there if not one.label.startswith("check activity")]


@on_any_way
def test_a_timer_that_fired_is_gone(kit: Kit, moves: list[Move]) -> None:
    for step in travel(kit, moves):
        if step.timer:
            assert step.events, f"{step.timer} did nothing"
            assert step.timer not in timers(kit, step.after)


@on_any_way
def test_reminders_and_escalations_come_once(kit: Kit, moves: list[Move]) -> None:
    fired = [
        (event.rule, event.about)
        for event in events_of(kit, moves)
        if isinstance(event, ReminderFellDue | Nudged | CaseOpened)
    ]
    assert not [one for one, count in Counter(fired).items() if count > 1]


@on_any_way
def test_no_attempt_is_judged_twice(kit: Kit, moves: list[Move]) -> None:
    judged = [(one.milestone, one.attempt) for one in events_of(kit, moves) if isinstance(one, MilestoneReviewed)]
    assert len(judged) == len(set(judged))


@on_any_way
def test_obeying_twice_changes_nothing(kit: Kit, moves: list[Move]) -> None:
    for step in travel(kit, moves):
        try:
            assert decide(kit, step.after, step.command, step.at) == []
        except Rejected:
            continue


@on_any_way
def test_a_refusal_gives_a_reason_short_enough_to_record(kit: Kit, moves: list[Move]) -> None:
    for step in travel(kit, moves):
        if step.refusal:
            assert 10 < len(str(step.refusal)) < 5_000


@on_any_way
def test_a_pause_shifts_every_deadline_by_exactly_its_length(kit: Kit, moves: list[Move]) -> None:
    for step in travel(kit, moves):
        if not step.before or step.before.closing or step.before.pause:
            continue
        before = step.before
        for hours in (1, 24 * 30):
            try:
                paused = _after(kit, before, Pause(reason="ill", until=step.at + timedelta(hours=hours)), step)
            except Rejected:
                continue
            later = step.at + timedelta(hours=hours)
            resumed = fold(decide(kit, paused, Resume(), later), paused)
            assert resumed
            _shifted(kit, before, resumed, timedelta(hours=hours))


def _after(kit: Kit, state: JourneyState, command: Pause, step: Step) -> JourneyState:
    after = fold(decide(kit, state, command, step.at), state)
    assert after
    assert (awaited(after), len(timers(kit, after))) == ((), 1)
    return after


def _shifted(kit: Kit, before: JourneyState, after: JourneyState, by: timedelta) -> None:
    assert [(one.about, one.due_at + by) for one in awaited(before)] == [
        (one.about, one.due_at) for one in awaited(after)
    ]
    assert [(one.rule, one.label, one.at + by) for one in timers(kit, before)] == [
        (one.rule, one.label, one.at) for one in timers(kit, after)
    ]
    assert [one for one in before.sessions if one.attendance] == [one for one in after.sessions if one.attendance]
    settled = ("passed", "failed")
    assert [one for one in before.milestones if one.status in settled] == [
        one for one in after.milestones if one.status in settled
    ]


@on_any_way
def test_a_pause_lasts_as_long_as_it_says(kit: Kit, moves: list[Move]) -> None:
    for step in travel(kit, moves):
        for event in step.events:
            if isinstance(event, JourneyResumed):
                assert step.before
                assert step.before.pause
                assert step.before.pause.since + event.paused_for == step.at


@on_any_way
def test_the_events_tell_the_whole_story(kit: Kit, moves: list[Move]) -> None:
    steps = list(travel(kit, moves))
    stored = [event.model_dump_json() for step in steps for event in step.events]
    kinds = [EVENTS[event.type] for step in steps for event in step.events]
    read = [kind.model_validate_json(text) for kind, text in zip(kinds, stored, strict=True)]
    assert fold(read) == steps[-1].after


@on_any_way
def test_every_state_survives_being_written_down(kit: Kit, moves: list[Move]) -> None:
    for step in travel(kit, moves):
        read = JourneyState.model_validate_json(step.after.model_dump_json())
        assert read == step.after
        assert next_action(kit, read) == next_action(kit, step.after)


@on_any_way
def test_deciding_and_looking_ahead_change_nothing_themselves(kit: Kit, moves: list[Move]) -> None:
    for step in travel(kit, moves):
        if not step.before or step.refusal:
            continue
        written = step.before.model_dump_json()
        assert tuple(decide(kit, step.before, step.command, step.at)) == step.events
        assert step.before.model_dump_json() == written


@on_any_way
def test_times_never_run_backwards(kit: Kit, moves: list[Move]) -> None:
    state: JourneyState | None = None
    for event in events_of(kit, moves):
        after = evolve(state, event)
        assert not state or after.stage_since >= state.stage_since
        assert not state or not state.last_seen_at or (after.last_seen_at or event.at) >= state.last_seen_at
        state = after
