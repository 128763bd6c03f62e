"""What the rules alone make of a scenario, by the pure player; and what real servers recorded, to be compared."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from domain.ids import LearnerId, MilestoneId, StreamId
from domain.journey import JourneyEvent, JourneyState
from domain.kit import Kit
from rehearsal import telling
from rehearsal.player.player import play
from rehearsal.player.recording import Append
from scenarios.format import Scenario
from store.database import Pool
from store.event_log import EventLog
from tests.scenario.trial_data import Record

Told = tuple[UUID, str, int, datetime, dict[str, Any]]
"""Everything that the log keeps of an event, but for who and what caused it."""


class Journey(NamedTuple):
    events: Sequence[JourneyEvent]
    state: JourneyState


def by_the_rules(scenario: Scenario, *others: Kit) -> dict[LearnerId, Journey]:
    """Every journey of the scenario. `others`: the versions to which journeys may be moved."""
    recorded: dict[StreamId, list[JourneyEvent]] = defaultdict(list)

    def record(append: Append) -> None:
        recorded[append.stream] += cast("Sequence[JourneyEvent]", append.events)

    stories = telling.stories(scenario)
    kits = {one.digest: one for one in others}
    played = play(scenario.kit, stories, telling.mentors(scenario.mentors), record, kits=kits)
    return {one.learner: Journey(recorded[one.stream], one.state) for one in played.journeys}


def streams_by_the_rules(scenario: Scenario, *others: Kit) -> dict[StreamId, list[Told]]:
    """Every stream of the scenario, journeys and mentors, as the log has it."""
    recorded: dict[StreamId, list[Told]] = defaultdict(list)

    def record(append: Append) -> None:
        facts = append.facts
        recorded[append.stream] += [(one.event_id, one.type, one.schema_version, one.at, one.data) for one in facts]

    kits = {one.digest: one for one in others}
    program = telling.program(scenario)
    people = telling.mentors(scenario.mentors)
    play(scenario.kit, telling.stories(scenario), people, record, kits=kits, program=program)
    return dict(recorded)


def normalised(streams: Mapping[StreamId, Sequence[Told]]) -> dict[StreamId, list[object]]:
    """The ids of other events than those of journeys are drawn when they are stored, as is the run of a round; those of
    a journey follow from their place. Journeys that ask a mentor at the same moment are heard in any order."""
    return {
        stream: list(events)
        if stream.startswith("journey-")
        else [(*one[1:4], _without_run(one[4])) for one in sorted(events, key=_by_holder)]
        for stream, events in streams.items()
    }


def _without_run(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "run"}


def _by_holder(event: Told) -> tuple[datetime, str]:
    _, _, _, at, data = event
    return at, data.get("holder", "")


async def streams_in_the_log(pool: Pool, streams: Iterable[StreamId]) -> dict[StreamId, list[Told]]:
    log = EventLog(pool)
    return {
        stream: [
            (one.event_id, one.type, one.schema_version, one.occurred_at, one.data)
            for one in await log.read_stream(stream)
        ]
        for stream in streams
    }


def assert_agrees(state: JourneyState, record: Record) -> None:
    assert state.closing
    assert (state.closing.ending == "withdrawn") == record.withdrew
    assert [one.value for one in state.outcomes] == [record.result]
    handed_in = {one.milestone: one for one in state.milestones if one.status != "open"}
    assert {name.removeprefix("tma-"): one.score for name, one in handed_in.items()} == record.work
    for assessment, score in record.work.items():
        status = handed_in[MilestoneId(f"tma-{assessment}")].status
        assert status == ("submitted" if score is None else "passed" if score >= 40 else "failed")
