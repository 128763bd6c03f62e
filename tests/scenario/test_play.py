"""Scenarios played on real servers: event by event what the rules alone say, whoever dies on the way."""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.ids import JourneyId, LearnerId, journey_stream
from domain.journey import EVENTS, fold
from domain.kit import Kit
from kits.loading import load_kit
from projections.views.board import BoardRow
from runtime.embedded.errors import ServerFailedError
from scenarios.format import ANSWERS, Expected, Scenario, Script, Step, answers_of
from scenarios.mentor_files import read_mentors
from scenarios.oulad.conversion import convert
from scenarios.oulad.tables import read_presentation
from scenarios.people_csv import read_learners
from scenarios.playing import Player
from scenarios.rehearsing import PlayResult, rehearse
from scenarios.servers import Servers, Worker, servers
from store.codec import Codec
from store.event_log import EventLog
from store.people import Person
from tests.scenario import invented
from tests.scenario.told import assert_agrees, streams_by_the_rules, streams_in_the_log
from tests.scenario.trial_data import first, oulad_folder, records

LEARNERS_PLAYED = int(os.environ.get("OULAD_LEARNERS", "20"))
"""Of the first presentation of the real data. All hundred of the demonstration take some minutes on two cores."""


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return convert(read_presentation(invented.write(tmp_path / "tables"), "AAA/2013J")).scenario


def renamed(scenario: Scenario, program: str) -> Scenario:
    return replace(scenario, kit=Kit.model_validate(scenario.kit.model_dump() | {"program": program}))


async def assert_same(scenario: Scenario, on: Servers) -> None:
    """Every journey is in the log event by event as the pure player has it: ids, types, times and contents."""
    told = streams_by_the_rules(scenario)
    journeys = [journey_stream(scenario.journey(one.learner)) for one in scenario.scripts]
    assert await streams_in_the_log(on.pool, journeys) == {one: told[one] for one in journeys}


def without_program(row: BoardRow) -> BoardRow:
    return replace(row, program="", journey=JourneyId(row.journey.removeprefix(row.program)))


async def test_what_is_played_is_what_the_rules_say_also_when_the_worker_is_killed(
    scenario: Scenario, tmp_path: Path
) -> None:
    messages: list[str] = []
    async with servers(tmp_path / "play", messages.append) as on:
        undisturbed = await rehearse(Player(scenario, on.environment, on.pool), on)
        await assert_same(scenario, on)
        assert (undisturbed.journeys, undisturbed.ended, undisturbed.worker_restarts) == (7, 7, 0)
        assert (undisturbed.refusals, undisturbed.differences_from_expected) == ((), [])

        again = renamed(scenario, "again")
        disturbed = await _play_and_kill(again, on, after_commands=12)
        await assert_same(again, on)
        assert [without_program(row) for row in disturbed.board] == [without_program(row) for row in undisturbed.board]
        assert disturbed.worker_restarts == 1
        assert disturbed.differences_from_expected == []
    assert len(messages) == 1
    assert "was killed by SIGKILL; it is started again" in messages[0]


async def _play_and_kill(scenario: Scenario, on: Servers, after_commands: int) -> PlayResult:
    player = Player(scenario, on.environment, on.pool)
    playing = asyncio.create_task(rehearse(player, on))
    while player.tally.commands < after_commands:
        assert not playing.done()
        await asyncio.sleep(0.01)
    assert player.tally.commands < sum(len(script.steps) for script in scenario.scripts)
    assert on.worker.pid
    os.kill(on.worker.pid, signal.SIGKILL)
    return await playing


async def test_a_worker_that_cannot_live_ends_the_play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    messages: list[str] = []
    worker = Worker(tmp_path, "postgresql://nowhere", "127.0.0.1:1", messages.append)
    with pytest.raises(ServerFailedError, match="the worker ends as soon as it starts"):
        async with worker.kept_alive():
            await asyncio.Event().wait()
    assert len(messages) == worker.restarts == 2


async def test_refusals_late_outcomes_and_endless_waits_are_part_of_a_play(scenario: Scenario, tmp_path: Path) -> None:
    leaver, waiter = scenario.scripts[1], scenario.scripts[0]
    assert leaver.steps[-1].command == "withdraw"
    later = leaver.steps[-1].at + timedelta(days=30)
    story = replace(
        scenario,
        scripts=(
            Script(leaver.learner, leaver.begins_at, (*leaver.steps, *_afterwards(later))),
            Script(waiter.learner, waiter.begins_at, waiter.steps[:2]),  # approved, and never matched
        ),
        expected=(
            Expected(learner=leaver.learner, stage="closed", ending="completed"),
            Expected(learner=waiter.learner, stage="matching"),
        ),
    )
    async with servers(tmp_path / "play", print) as on:
        played = await rehearse(Player(story, on.environment, on.pool), on)
        await assert_same(story, on)
    assert (played.journeys, played.ended) == (2, 1)
    assert [(one.learner, one.command) for one in played.refusals] == [(leaver.learner, "submit_milestone")]
    assert "closed" in played.refusals[0].reason
    assert played.differences_from_expected == [f"learner {leaver.learner}: the ending is withdrawn, not completed"]


def _afterwards(at: datetime) -> tuple[Step, ...]:
    return (
        Step(at, "submit_milestone", {"milestone": "tma-104"}),
        Step(at + timedelta(days=1), "record_outcome", {"kind": "job", "value": "found"}),
    )


JOB_READY = Path(__file__).parents[2] / "programs" / "job-ready"
BUSY: tuple[tuple[float, str, dict[str, Any]], ...] = (  # days after the beginning
    (0.1, "submit_intake", {}),
    (3.0, "review_intake", {"verdict": "approve"}),  # a day after it was due
    (4.0, "offer_match", {"mentor": "m-1"}),
    (4.0, "answer_offer", {"answer": "accept", "who": "mentor"}),
    (4.0, "answer_offer", {"answer": "accept", "who": "learner"}),
    (4.1, "record_attendance", {"session": "welcome", "attendance": "attended"}),
    (6.2, "record_attendance", {"session": "target", "attendance": "missed_by_learner"}),
    (7.0, "reschedule_session", {"session": "mock-one", "starts_at": "2026-01-30T12:00:00Z"}),
    (13.0, "record_attendance", {"session": "stories", "attendance": "missed_by_learner"}),  # the moment of a timer
    (13.0, "resolve_case", {"case": "case-1", "resolution": "We talked."}),
    (14.0, "submit_milestone", {"milestone": "application"}),
    (14.0, "review_milestone", {"milestone": "application", "verdict": "returned", "score": 20}),
    (15.5, "pause", {"reason": "exams"}),
    (16.0, "submit_milestone", {"milestone": "application"}),  # refused: the clocks stand
    (31.25, "resume", {}),
    (32.0, "offer_match", {"mentor": "m-2", "reason": "moved away"}),
    (32.0, "answer_offer", {"answer": "accept", "who": "mentor"}),
    (32.0, "answer_offer", {"answer": "accept", "who": "learner"}),
    (33.0, "submit_milestone", {"milestone": "application"}),
    (60.0, "review_milestone", {"milestone": "application", "verdict": "passed", "score": 90}),  # weeks late
)
TURNED_DOWN: tuple[tuple[float, str, dict[str, Any]], ...] = (
    (1.0, "submit_intake", {}),
    (1.5, "review_intake", {"verdict": "more_information", "reason": "Which job?"}),
    (5.0, "submit_intake", {}),
    (5.5, "review_intake", {"verdict": "decline", "reason": "Another program fits better."}),
)


async def test_a_program_of_sessions_pauses_cases_and_late_reviews(tmp_path: Path) -> None:
    kit = load_kit(JOB_READY)
    learners = read_learners(JOB_READY / "sample" / "learners.csv", kit)[:3]
    begins = datetime(2026, 1, 5, 9, tzinfo=UTC)
    scripts = tuple(
        Script(LearnerId(one.person_id), begins, tuple(_step(begins, one, *line) for line in lines))
        for one, lines in zip(learners, (BUSY, TURNED_DOWN, ()), strict=True)
    )
    mentors = tuple(read_mentors(JOB_READY / "sample" / "mentors.csv", kit))
    story = Scenario(kit=kit, learners=tuple(learners), mentors=mentors, scripts=scripts)
    async with servers(tmp_path / "play", print) as on:
        played = await rehearse(Player(story, on.environment, on.pool), on)
        await assert_same(story, on)
    assert {row.learner: row.ending for row in played.board} == {
        "l-01": "completed",
        "l-02": "declined",
        "l-03": "ended_early",
    }
    assert [one.command for one in played.refusals] == ["submit_milestone"]


def _step(begins: datetime, learner: Person, days: float, command: str, given: dict[str, Any]) -> Step:
    answers = {ANSWERS: answers_of(learner)} if command == "submit_intake" else {}
    return Step(begins + timedelta(days=days), command, given | answers)


@pytest.mark.data
async def test_real_learners_end_as_the_data_say(tmp_path: Path) -> None:
    folder = oulad_folder()
    scenario = convert(read_presentation(folder, "AAA/2013J"), LEARNERS_PLAYED).scenario
    known = first(records(folder, "AAA/2013J"), LEARNERS_PLAYED)
    codec = Codec(EVENTS)
    async with servers(tmp_path / "play", print) as on:
        played = await rehearse(Player(scenario, on.environment, on.pool), on)
        await assert_same(scenario, on)
        for learner, record in known.items():
            stream = journey_stream(scenario.journey(LearnerId(learner)))
            state = fold(codec.decode_known(await EventLog(on.pool).read_stream(stream)))
            assert state
            assert_agrees(state, record)
    assert {row.learner for row in played.board} == known.keys()
    withdrawn = {row.learner for row in played.board if row.ending == "withdrawn"}
    assert withdrawn == {learner for learner, record in known.items() if record.withdrew}
    assert (played.refusals, played.differences_from_expected) == ((), [])
