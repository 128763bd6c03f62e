"""What the log promises to those who append and read."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from domain.ids import JourneyId, StreamId, journey_stream
from store import sequencer
from store.database import Pool
from store.errors import AppendIdReused, Conflict, NothingToAppend, PayloadTooLarge, UnknownCategory
from store.event_log import EventLog, NewEvent
from tests.support.appends import AT, event

STREAM = journey_stream(JourneyId("p.l-1"))


@pytest.fixture
def log(pool: Pool) -> EventLog:
    return EventLog(pool)


async def test_what_was_appended_is_read_back_in_order(log: EventLog) -> None:
    first, second, third = event('{"n": 1}'), event('{"n": 2}'), event('{"n": 3}')
    await log.append(STREAM, 0, "a", [first, second])
    await log.append(STREAM, 2, "b", [third])

    read = await log.read_stream(STREAM)

    assert [(one.version, one.data, one.event_id) for one in read] == [
        (1, {"n": 1}, first.event_id),
        (2, {"n": 2}, second.event_id),
        (3, {"n": 3}, third.event_id),
    ]
    assert read[0].occurred_at == AT
    assert read[0].meta == {"by": "a test"}
    assert read[0].position is None
    assert [one.version for one in await log.read_stream(STREAM, from_version=3)] == [3]
    assert [one.version for one in await log.read_stream(STREAM, limit=2)] == [1, 2]
    assert await log.version(STREAM) == 3
    assert await log.version(StreamId("journey-nobody")) == 0


async def test_what_is_appended_while_it_is_read_is_read(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look for events and the look for a version: it is not taken for gone to a file."""
    stream, version = StreamId("journey-1"), log.version

    async def meanwhile(of: StreamId) -> int:
        await log.append(of, 0, "first", [event()])
        return await version(of)

    monkeypatch.setattr(log, "version", meanwhile)
    assert len(await log.read_stream(stream)) == 1


async def test_an_append_says_where_it_wrote(log: EventLog) -> None:
    appended = await log.append(STREAM, 0, "a", [event(), event()])
    assert (appended.first_version, appended.last_version, appended.repeated) == (1, 2, False)


async def test_a_repeated_append_gets_the_first_answer_and_writes_nothing(log: EventLog) -> None:
    two = [event(), event()]
    await log.append(STREAM, 0, "a", two)
    await log.append(STREAM, 2, "b", [event()])

    again = await log.append(STREAM, 0, "a", two)

    assert (again.first_version, again.last_version, again.repeated) == (1, 2, True)
    assert await log.version(STREAM) == 3


@pytest.mark.parametrize("expected", [0, None])
async def test_the_same_json_in_another_spelling_is_the_same_append(log: EventLog, expected: int | None) -> None:
    first = event('{"a": 1, "b": 2.50}')
    await log.append(STREAM, expected, "a", [first])
    again = await log.append(STREAM, expected, "a", [replace(first, data='{"b":2.50,"a":1}')])
    assert again.repeated
    with pytest.raises(AppendIdReused):
        await log.append(STREAM, expected, "a", [replace(first, data='{"b":2.5,"a":1}')])


@pytest.mark.parametrize("expected", [0, None])
@pytest.mark.parametrize(
    "change",
    [
        {"data": '{"n": 3}'},
        {"type": "journey.other"},
        {"schema_version": 2},
        {"occurred_at": AT + timedelta(seconds=1)},
    ],
)
async def test_the_same_append_with_other_content_is_refused(
    log: EventLog, expected: int | None, change: dict[str, Any]
) -> None:
    one, two = event('{"n": 1}'), event('{"n": 2}')
    await log.append(STREAM, expected, "a", [one, two])
    for other in ([replace(one, **change), two], [one, replace(two, **change)], [one, two, event()]):
        with pytest.raises(AppendIdReused, match=r"append id a, now for stream journey-p\.l-1"):
            await log.append(STREAM, expected, "a", other)
    assert await log.version(STREAM) == 2


async def test_the_id_of_an_append_without_a_place_is_used_once_in_the_whole_log(log: EventLog) -> None:
    await log.append(STREAM, None, "a", [event('{"n": 1}')])
    other = journey_stream(JourneyId("p.l-2"))
    with pytest.raises(AppendIdReused) as refused:
        await log.append(other, None, "a", [event('{"n": 1}')])
    assert refused.value.first_used_on == STREAM
    assert await log.version(other) == 0


def of_command(order: str, *events: NewEvent) -> list[NewEvent]:
    return [replace(one, meta={"order": order}) for one in events]


async def test_two_commands_with_equal_results_cannot_share_a_place(log: EventLog) -> None:
    """Their events have the same ids, which follow from the place: only the identity of the command differs."""
    result = event()
    await log.append(STREAM, 0, "first", of_command("update-1", result))
    with pytest.raises(Conflict) as conflict:
        await log.append(STREAM, 0, "second", of_command("update-2", result))
    assert conflict.value.found == 1
    assert (await log.append(STREAM, 0, "first", of_command("update-1", result))).repeated


async def test_a_command_that_recorded_more_is_not_taken_for_one_that_recorded_less(log: EventLog) -> None:
    one, two = event(), event()
    await log.append(STREAM, 0, "a", of_command("update-1", one, two))
    with pytest.raises(AppendIdReused):
        await log.append(STREAM, 0, "a", of_command("update-1", one))
    assert (await log.append(STREAM, 0, "a", of_command("update-1", one, two))).repeated


async def test_equal_events_with_other_ids_are_another_append(log: EventLog) -> None:
    await log.append(STREAM, 0, "a", [event()])
    with pytest.raises(Conflict):
        await log.append(STREAM, 0, "b", [event()])


async def test_a_retry_of_an_append_of_an_earlier_release_is_recognized(log: EventLog, pool: Pool) -> None:
    """It left a receipt and no first seq; processes of that release may still be writing while they are replaced."""
    one, two, three = event(), event(), event()
    earlier = "select repeated from trellis.append_one($1, 'journey', $2, $3, $4, $5, $6, $7, $8, $9)"

    async def append_as_before(version: int, append_id: str, of: NewEvent) -> bool:
        return await pool.fetchval(  # type: ignore[no-any-return]
            earlier, STREAM, version, append_id, of.event_id, of.type, of.schema_version, of.data, "{}", of.occurred_at
        )

    one, two, three = (replace(of, meta={}) for of in (one, two, three))
    assert not await append_as_before(0, "a", one)
    assert (await log.append(STREAM, 0, "a", [one])).repeated
    await log.append(STREAM, 1, "b", [two])
    assert await append_as_before(0, "a", one)
    assert not await append_as_before(2, "c", three)
    assert (await log.append(STREAM, 2, "c", [three])).repeated
    with pytest.raises(asyncpg.PostgresError, match="is at version 3, not 1"):
        await append_as_before(1, "b", two)
    await log.append(STREAM, 3, "d", [event(), event()])
    assert await first_seq(pool) == 1


async def first_seq(pool: Pool) -> int | None:
    found: int | None = await pool.fetchval("select first_seq from trellis.streams where stream = $1", STREAM)
    return found


@pytest.mark.parametrize("expected", [0, 2, 7])
async def test_a_conflict_says_what_was_expected_and_found(log: EventLog, expected: int) -> None:
    await log.append(STREAM, 0, "a", [event()])
    with pytest.raises(Conflict) as conflict:
        await log.append(STREAM, expected, "b", [event()])
    assert (conflict.value.expected, conflict.value.found) == (expected, 1)
    assert (await log.append(STREAM, 1, "b", [event()])).first_version == 2, "the refused append left no trace"


async def test_a_conflict_on_a_stream_that_does_not_exist(log: EventLog) -> None:
    with pytest.raises(Conflict) as conflict:
        await log.append(STREAM, 4, "a", [event()])
    assert (conflict.value.expected, conflict.value.found) == (4, 0)


async def test_without_an_expected_version_it_goes_to_the_end(log: EventLog) -> None:
    for number in range(3):
        appended = await log.append(STREAM, None, f"a{number}", [event(), event()])
        assert appended.first_version == number * 2 + 1
    again = await log.append(STREAM, None, "a1", [event(), event()])
    assert (again.first_version, again.repeated) == (3, True)


async def test_many_at_once_take_turns(log: EventLog) -> None:
    appended = await asyncio.gather(*(log.append(STREAM, None, f"a{n}", [event()]) for n in range(40)))
    assert sorted(one.first_version for one in appended) == list(range(1, 41))


async def test_of_many_with_one_expected_version_one_wins(log: EventLog) -> None:
    tried = await asyncio.gather(
        *(log.append(STREAM, 0, f"a{n}", [event()]) for n in range(20)), return_exceptions=True
    )
    assert sum(isinstance(one, Conflict) for one in tried) == 19
    assert await log.version(STREAM) == 1


@pytest.mark.parametrize("expected", [0, None])
async def test_of_many_retries_of_one_append_one_writes_and_all_get_its_answer(
    log: EventLog, expected: int | None
) -> None:
    same = [event(), event()]
    answers = await asyncio.gather(*(log.append(STREAM, expected, "a", same) for _ in range(20)))
    assert sorted(one.repeated for one in answers) == [False] + [True] * 19
    assert {(one.first_version, one.last_version) for one in answers} == {(1, 2)}
    assert await log.version(STREAM) == 2


@pytest.mark.parametrize("stream", ["journey", "journey-", "unheard-of", "Journey-x", ""])
async def test_a_stream_needs_a_known_category(log: EventLog, stream: str) -> None:
    with pytest.raises(UnknownCategory, match="a category among activity, bulk, capacity, cohort, "):
        await log.append(StreamId(stream), 0, "a", [event()])


async def test_what_is_too_large_is_refused(log: EventLog) -> None:
    with pytest.raises(PayloadTooLarge) as one:
        await log.append(STREAM, 0, "a", [event(), event('{"x": "' + "y" * 262_144 + '"}')])
    assert one.value.size > one.value.limit
    with pytest.raises(PayloadTooLarge, match="an append to"):
        await log.append(STREAM, 0, "a", [event('{"x": "' + "y" * 200_000 + '"}')] * 60)


async def test_an_append_of_nothing_is_refused(log: EventLog) -> None:
    with pytest.raises(NothingToAppend):
        await log.append(STREAM, 0, "a", [])


async def test_the_last_event_before_a_moment(log: EventLog) -> None:
    days = [AT + timedelta(days=day) for day in range(5)]
    await log.append(STREAM, 0, "a", [event(at=day) for day in days])
    found = await log.last_before(STREAM, days[2] + timedelta(hours=1))
    assert found is not None
    assert found.version == 3
    assert await log.last_before(STREAM, AT - timedelta(seconds=1)) is None


async def test_reading_by_position_and_by_category(log: EventLog, dsn: str) -> None:
    for number in range(30):
        category = ("journey", "mentor", "activity")[number % 3]
        await log.append(StreamId(f"{category}-{number % 4}"), None, f"a{number}", [event()])
    assert await sequencer.drain(dsn) == 30 == await log.head()

    assert [one.position for one in await log.read_all(after=10, limit=5)] == [11, 12, 13, 14, 15]
    assert [len(page) async for page in log.pages(limit=12)] == [12, 12, 6]
    mentors = await log.read_category("mentor", limit=4)
    mentors += await log.read_category("mentor", after=mentors[-1].position or 0)
    assert [one.position for one in mentors] == list(range(2, 30, 3))
    assert {one.stream.split("-")[0] for one in mentors} == {"mentor"}


@pytest.mark.parametrize("table", ["events", "appends", "log"])
@pytest.mark.parametrize("change", ["update trellis.{} set {} = {}", "delete from trellis.{}", "truncate trellis.{}"])
async def test_nothing_recorded_can_be_changed(log: EventLog, pool: Pool, dsn: str, table: str, change: str) -> None:
    await log.append(STREAM, None, "a", [event()])
    await sequencer.drain(dsn)
    column = {"events": "version", "appends": "last_version", "log": "seq"}[table]
    with pytest.raises(asyncpg.PostgresError, match="is append-only") as refused:
        await pool.execute(change.format(table, column, column))
    assert refused.value.sqlstate == "TR005"


async def test_nor_behind_the_back_of_the_partitioned_table(log: EventLog, pool: Pool) -> None:
    await log.append(STREAM, 0, "a", [event()])
    partition = await pool.fetchval("select name from trellis.partitions order by from_seq limit 1")
    for change in ("delete from trellis.{}", "truncate trellis.{}"):
        with pytest.raises(asyncpg.PostgresError, match="is append-only"):
            await pool.execute(change.format(partition))
