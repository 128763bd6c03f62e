"""The sample that `trellis up` loads: a program, invented people, and what they have done so far."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from temporalio.client import Client

from client.journeys import JourneyClient, NotStarted, Refused
from domain.ids import JourneyId, LearnerId, Slug, journey_id, journey_stream
from domain.journey import COMMANDS, Rejected, StartJourney, decide, fold
from domain.kit import Kit
from domain.values import Frozen, counted, together
from kits.loading import load_kit, publish
from kits.problems import BadFileError, Problem
from runtime.fan_out import fan_out
from scenarios import json_lines, sample_operations, sample_program, sample_quality
from scenarios.mentor_files import read_mentors
from scenarios.patience import patiently
from scenarios.people_csv import read_learners
from services import mentors as mentor_profiles
from services.mentors import MentorEntry
from store import people
from store.database import Pool
from store.errors import KitChanged
from store.event_log import EventLog
from store.people import Person
from workflows.contract import Begin

FOLDER = Path(__file__).parent.parent / "programs" / "job-ready"
_AT_ONCE = 8


class OpeningLine(Frozen):
    """A line of opening.ndjson. `submit_intake` without answers sends those of learners.csv."""

    learner: Slug
    command: str
    input: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpeningCommand:
    """A command of the opening.ndjson file."""

    command: str
    payload: Mapping[str, Any]
    version: int
    """The version of the journey's stream after it was handled."""


@dataclass(frozen=True, slots=True)
class Sample:
    kit: Kit
    learners: tuple[Person, ...]
    mentors: tuple[MentorEntry, ...]
    opening: Mapping[LearnerId, tuple[OpeningCommand, ...]]
    """The commands for every learner, in order."""

    def journey(self, learner: LearnerId) -> JourneyId:
        return journey_id(self.kit.program_id, learner)

    def version(self, learner: LearnerId) -> int:
        """The version of the journey's stream after the opening."""
        return max((given.version for given in self.opening[learner]), default=1)


def read_sample(folder: Path = FOLDER) -> Sample:
    """Reads the sample, and checks the opening with the rules that will run it.

    Raises:
        BadFileError: for a mistake in one of the files, with its line, and for a command that would be rejected.
    """
    kit = load_kit(folder)
    learners = read_learners(folder / "sample" / "learners.csv", kit)
    mentors = read_mentors(folder / "sample" / "mentors.csv", kit)
    opening = _read_opening(folder / "sample" / "opening.ndjson", kit, learners)
    return Sample(kit, tuple(learners), tuple(mentors), opening)


async def load_sample(journeys: JourneyClient, pool: Pool, tell: Callable[[str], None], folder: Path = FOLDER) -> str:
    """Publishes the kit, stores the people, starts the journeys and sends the commands of the opening.

    Reads the log first and does only what has not been done yet, so that it may be called at every start and after any
    crash. What people have changed since stays changed. Returns a summary in words.
    """
    try:
        sample = read_sample(folder)
        await publish(pool, sample.kit)
    except (BadFileError, KitChanged) as problem:
        return f"left as it was, for the files of the sample cannot be used: {problem}"
    versions = await _versions(pool, sample)
    missing = [one for one in sample.opening if versions[one] < sample.version(one)]
    if missing:
        await _store_people(pool, sample)
        await sample_program.train(pool, sample.kit, datetime.now(UTC))
        await _open_all(_Opening(journeys, pool, sample, tell), {one: versions[one] for one in missing})
    return f"{sample.kit.title}: {len(sample.learners)} invented learners, {len(sample.mentors)} mentors" + (
        "" if missing else ", as they were"
    )


async def open_program(
    pool: Pool, temporal: Client, tell: Callable[[str], None] = lambda _: None, folder: Path = FOLDER
) -> str:
    """Once the journeys are there and the views have them: lets a group meet, and begins a round, unless one has begun
    for somebody urgent. Returns what is new, in words; nothing where the sample cannot be used."""
    try:
        kit = load_kit(folder)
    except BadFileError:
        return ""
    new = {
        "a group that has met": await sample_program.form_group(pool, temporal, kit, datetime.now(UTC)),
        "a round of matching": await sample_program.begin_round(pool, temporal, kit.program_id),
        "answers and reviews": await sample_quality.write_down(pool, temporal, kit, datetime.now(UTC), tell),
    }
    return _in_words(new)


async def look_back(
    pool: Pool, temporal: Client, tell: Callable[[str], None] = lambda _: None, folder: Path = FOLDER
) -> str:
    """Once the views have that as well: findings, the review of the month and a proposal; who waits for a place, and
    what is done to many. Returns what is new."""
    try:
        kit = load_kit(folder)
    except BadFileError:
        return ""
    new = {
        "findings, a monthly review and a proposal": await sample_quality.look_back(
            pool, temporal, kit, datetime.now(UTC), tell
        ),
        "a waiting list": await sample_operations.let_wait(pool, temporal, kit),
        "bulk actions": await sample_operations.act_on_many(pool, temporal, kit),
    }
    return _in_words(new)


def _in_words(new: Mapping[str, bool]) -> str:
    there = [what for what, is_new in new.items() if is_new]
    return together(there) if there else ""


async def _versions(pool: Pool, sample: Sample) -> dict[LearnerId, int]:
    log = EventLog(pool)
    streams = [journey_stream(sample.journey(learner)) for learner in sample.opening]
    return dict(zip(sample.opening, await asyncio.gather(*map(log.version, streams)), strict=True))


async def _store_people(pool: Pool, sample: Sample) -> None:
    """Stores only people who are missing: names, addresses and profiles may have been corrected since."""
    everybody = (*sample.learners, *(one.person for one in sample.mentors))
    known = await people.names_of(pool, [one.person_id for one in everybody])
    await people.upsert_many(pool, [one for one in sample.learners if one.person_id not in known])
    missing = [one for one in sample.mentors if one.person.person_id not in known]
    await mentor_profiles.store(pool, sample.kit.program_id, missing, datetime.now(UTC), by="system")


@dataclass(frozen=True, slots=True)
class _Opening:
    journeys: JourneyClient
    pool: Pool
    sample: Sample
    tell: Callable[[str], None]


async def _open_all(opening: _Opening, versions: Mapping[LearnerId, int]) -> None:
    done = count(1)

    async def open_one(learner: LearnerId) -> None:
        await _open(opening, learner, versions[learner])
        opening.tell(f"{next(done)} of {counted(len(versions), 'journey')}")

    await fan_out(open_one, versions, _AT_ONCE)


async def _open(opening: _Opening, learner: LearnerId, version: int) -> None:
    """Leaves a journey alone if it has developed differently meanwhile. Waits for a worker that is slow."""
    sample, journeys, tell = opening.sample, opening.journeys, opening.tell
    begin = Begin(program=sample.kit.program, learner=learner, kit=sample.kit.digest)
    ahead = [given for given in sample.opening[learner] if given.version > version]
    try:
        for given in ahead:
            # The same id for every attempt: a command whose answer did not come in time is not given twice.
            said = (begin, given.command, given.payload, None)
            send = partial(journeys.begin_and_send, *said, command_id=f"sample:{given.version}")
            await patiently(send, tell)
    except Refused:
        return
    if not ahead:
        await journeys.begin(begin)
        await _until_started(opening, learner)


async def _until_started(opening: _Opening, learner: LearnerId) -> None:
    """Raises NotStarted when nothing is recorded of the journey for very long."""
    journey = opening.sample.journey(learner)

    async def is_recorded() -> None:
        if not await EventLog(opening.pool).version(journey_stream(journey)):
            raise NotStarted(journey)

    await patiently(is_recorded, opening.tell)


def _read_opening(path: Path, kit: Kit, learners: list[Person]) -> dict[LearnerId, tuple[OpeningCommand, ...]]:
    lines: dict[LearnerId, list[tuple[int, OpeningLine]]] = {LearnerId(one.person_id): [] for one in learners}
    problems: list[Problem] = []
    for number, text in json_lines.numbered(path):
        try:
            line = OpeningLine.model_validate_json(text)
            lines[LearnerId(line.learner)].append((number, line))
        except KeyError:
            remedy = "add them to learners.csv, or correct the id"
            problems.append(Problem(path, number, "learner", f"{line.learner!r} is unknown", remedy))
        except ValidationError as error:
            wanted = 'write {"learner": "l-01", "command": "pause", "input": {"reason": "travels"}}'
            problems.append(Problem(path, number, None, f"{error.errors()[0]['msg']}", wanted))
    if problems:
        raise BadFileError(*problems)
    answers = {LearnerId(one.person_id): one.attributes["answers"] for one in learners}
    return {learner: _rehearse(path, kit, learner, given, answers[learner]) for learner, given in lines.items()}


def _rehearse(
    path: Path, kit: Kit, learner: LearnerId, lines: list[tuple[int, OpeningLine]], answers: Mapping[str, Any]
) -> tuple[OpeningCommand, ...]:
    """The commands with the version that each leads to, found by handling them one after the other."""
    now = datetime.now(UTC)
    start = StartJourney(by="system", program=kit.program_id, learner=learner, kit=kit.digest)
    events = decide(kit, None, start, now)
    state, version = fold(events), len(events)
    opening: list[OpeningCommand] = []
    for number, line in lines:
        payload = {"answers": dict(answers), **line.input} if line.command == "submit_intake" else line.input
        try:
            events = decide(kit, state, COMMANDS[line.command].model_validate(payload), now)
        except (KeyError, ValidationError, Rejected) as error:
            says = f"{line.command!r} of {learner!r} would be refused: {error}"
            raise BadFileError(Problem(path, number, None, says, "correct the line, or take it out")) from error
        state, version = fold(events, state), version + len(events)
        opening.append(OpeningCommand(line.command, payload, version))
    return tuple(opening)
