"""The sample program: that its files hold together, and that planting it is done once."""

import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from domain.ids import LearnerId
from domain.kit.escalation import CONDITIONS, QuieterThan
from kits.loading import load_kit, publish
from kits.problems import BadFileError
from projections.runner import catch_up
from projections.views import bulks, qa_samples, session_scores, survey_requests
from projections.views.board import page
from scenarios import sample_operations, sample_quality
from scenarios.sample import FOLDER, load_sample, read_sample
from services.enrollment import standing
from store import people, sequencer
from store.event_log import EventLog
from store.people import Person
from tests.temporal import Running
from workflows.contract import Begin

EXPECTED = {"intake": 7, "matching": 2, "sessions": 13, "closed": 2}


def test_every_pathway_has_learners_and_nothing_in_the_opening_is_refused() -> None:
    sample = read_sample()
    routed = {
        route.id
        for one in sample.learners
        if one.attributes["answers"] and (route := sample.kit.route(one.attributes["answers"]))
    }
    assert routed == {pathway.id for pathway in sample.kit.pathways}
    assert len(sample.learners) == 24
    assert {one.changes.mentor_type for one in sample.mentors} == {one.mentor_type for one in sample.kit.pathways}


def test_the_kit_knows_every_kind_of_escalation() -> None:
    kinds = Counter(type(rule.when) for rule in read_sample().kit.escalations)
    assert set(CONDITIONS) - set(kinds) == {QuieterThan}, "it wants twenty learners on a pathway"


def test_nobody_in_the_sample_can_get_mail() -> None:
    sample = read_sample()
    mentors = [one.person for one in sample.mentors]
    assert all((one.email or "").endswith("@example.org") for one in (*sample.learners, *mentors))


def test_no_mentor_of_the_sample_has_more_learners_than_places() -> None:
    sample = read_sample()
    given = [one for opening in sample.opening.values() for one in opening]
    taken = Counter(one.payload["mentor"] for one in given if one.command == "offer_match")
    places = {one.person.person_id: one.changes.places for one in sample.mentors}
    assert all(count <= (places[mentor] or 0) for mentor, count in taken.items())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "EOF"),
        ('{"learner": "l-99", "command": "pause"}', "opening.ndjson:1: learner: 'l-99' is unknown"),
        ('{"learner": "l-01", "command": "dance"}', "'dance' of 'l-01' would be refused"),
        ('{"learner": "l-01", "command": "complete_wrap_up"}', "belongs to the stage wrap-up"),
        ('{"learner": "l-24", "command": "submit_intake"}', "'goal' is not answered"),
    ],
)
def test_an_opening_that_cannot_be_is_refused_by_line(tmp_path: Path, line: str, said: str) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "job-ready")
    (folder / "sample" / "opening.ndjson").write_text(line)
    with pytest.raises(BadFileError, match=said):
        read_sample(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample under a name of its own: the tests share a Temporal server."""
    folder = shutil.copytree(FOLDER, tmp_path / "job-ready")
    replace(folder, "program: job-ready", f"program: job-ready-{uuid4()}")
    return folder


def replace(folder: Path, one: str, other: str) -> None:
    kit = folder / "program.yaml"
    assert kit.read_text().count(one) == 1
    kit.write_text(kit.read_text().replace(one, other))


async def test_planting_fills_the_board_and_planting_again_changes_nothing(
    running: Running, dsn: str, folder: Path
) -> None:
    told: list[str] = []
    outcome = await load_sample(running.client, running.pool, told.append, folder)
    assert "24 invented learners, 5 mentors" in outcome
    assert told[-1] == "24 of 24 journeys"
    await sequencer.drain(dsn)
    await catch_up(dsn)
    rows = (await page(running.pool)).rows
    assert Counter(row.stage for row in rows) == EXPECTED
    assert Counter(row.ending for row in rows) == {None: 22, "declined": 1, "withdrawn": 1}
    assert [row.learner for row in rows if row.paused_until] == ["l-08"]

    head = await EventLog(running.pool).head()
    await people.upsert_many(running.pool, [Person("l-01", "learner", "Amara Okoye-Lind")])
    assert "as they were" in await load_sample(running.client, running.pool, told.append, folder)
    await sequencer.drain(dsn)
    assert await EventLog(running.pool).head() == head
    assert await people.names_of(running.pool, ["l-01"]) == {"l-01": "Amara Okoye-Lind"}
    assert len(told) == 24

    kit, temporal, now = load_kit(folder), running.environment.client, datetime.now(UTC)
    for _ in range(2):
        assert await sample_quality.write_down(running.pool, temporal, kit, now), "interrupted, it is done again"
    await sequencer.drain(dsn)
    await catch_up(dsn)
    rates = {one.survey: one for one in await survey_requests.response_rates(running.pool, kit.program)}
    assert (rates["after-match"].answered, rates["after-match"].open) == (5, 1)
    (begun,) = await qa_samples.rounds(running.pool, kit.program)
    assert (begun.reviewed, begun.waiting > 0) == (1, True)
    assert {one.kind for one in await session_scores.tallies(running.pool, kit.program)} == {"question", "dimension"}

    for is_new in (True, False):
        assert await sample_operations.let_wait(running.pool, temporal, kit) is is_new
        assert await sample_operations.act_on_many(running.pool, temporal, kit) is is_new
        await sequencer.drain(dsn)
        await catch_up(dsn)
    enrollment = await standing(running.pool, kit.program_id)
    assert (enrollment.room, enrollment.waiting) == (0, ("l-25", "l-26", "l-27"))
    actions = await bulks.bulks(running.pool, now)
    assert [(one.command, one.status, one.journeys) for one in actions] == [
        ("check_in", "planned", EXPECTED["sessions"]),
        ("send_message", "running", 5),
    ]

    replace(folder, "limit: 60 days", "limit: 61 days")
    assert "was published" in await load_sample(running.client, running.pool, told.append, folder)


async def test_planting_goes_on_where_it_broke_off(running: Running, folder: Path) -> None:
    sample = read_sample(folder)
    learner = LearnerId("l-12")
    first, second, *_ = sample.opening[learner]
    journey = sample.journey(learner)
    await publish(running.pool, sample.kit)
    await running.client.begin(Begin(program=sample.kit.program, learner=learner))
    await running.client.send(journey, first.command, first.payload)
    await running.client.send(journey, second.command, second.payload)
    await load_sample(running.client, running.pool, lambda _: None, folder)
    status = await running.client.status(journey)
    assert (status.version, status.mentor) == (sample.version(learner), "m-3")
