"""A journey is read once, and then only what is new of it: with the same record as when it is read whole."""

from dataclasses import replace

import pytest

from client.journeys import NoSuchJourney
from domain.ids import journey_stream
from queries import journey_record
from queries.journey_record import read_record, read_records
from store.database import Pool, open_pool
from store.event_log import EventLog
from tests.projections.stories import journey, publish, story, tell


async def test_what_is_new_follows_what_was_read(pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await publish(pool)
    monkeypatch.setattr(journey_record, "_MOST_EVENTS", 20)
    whole = story(1)
    for many in (2, 4, 4, 9, len(whole)):
        version = await EventLog(pool).version(journey_stream(journey(1)))
        await tell(EventLog(pool), 1, whole[:many], after=version)
        found = await read_record(pool, journey(1))
        other = await open_pool(dsn, max_size=1)
        read_whole = await read_record(other, journey(1))
        await other.close()
        assert replace(found, as_of=read_whole.as_of) == read_whole
        assert list(found.events) == whole[:many]


async def test_only_so_many_events_are_kept(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    await publish(pool)
    monkeypatch.setattr(journey_record, "_MOST_EVENTS", 20)
    for number in range(4):
        await tell(EventLog(pool), number, story(number, 8))
        await read_record(pool, journey(number))
    kept = journey_record._KEPT[pool]  # type: ignore[index]
    assert [kept.get(journey(number)) is not None for number in range(4)] == [False, False, True, True]


async def test_many_are_read_at_once_each_from_where_it_is_known(pool: Pool, dsn: str) -> None:
    await publish(pool)
    log, those = EventLog(pool), [journey(number) for number in (2, 0, 1)]
    for number in range(3):
        await tell(log, number, story(number, 4))
    await read_record(pool, journey(1))
    await tell(log, 1, story(1, 8), after=4)
    found = await read_records(pool, [*those, journey(0)])
    assert [one.journey for one in found] == [*those, journey(0)]
    assert [len(one.events) for one in found] == [4, 4, 8, 4]
    with pytest.raises(NoSuchJourney):
        await read_records(pool, [*those, journey(9)])
