"""Kits, people, and the migrations that everything stands on."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from store import kits, people
from store.database import Pool, migrate
from store.errors import DatabaseAhead, KitChanged, MigrationChanged
from store.people import Person

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


async def publish(pool: Pool, body: str, version: str = "1", at: datetime = AT) -> bool:
    return await kits.publish(pool, body, digest=f"digest of {body}", program="p", version=version, at=at)


async def test_a_kit_is_published_once_and_found_by_its_digest(pool: Pool) -> None:
    assert await publish(pool, '{"b": 1, "a": 2.0}')
    assert not await publish(pool, '{"b": 1, "a": 2.0}', at=AT + timedelta(days=1))
    found = await kits.by_digest(pool, 'digest of {"b": 1, "a": 2.0}')
    assert found is not None
    assert (found.body, found.published_at) == ('{"b": 1, "a": 2.0}', AT), "to the byte"
    assert await kits.by_digest(pool, "another") is None


async def test_a_version_is_not_published_with_other_content(pool: Pool) -> None:
    await publish(pool, "{}")
    with pytest.raises(KitChanged, match="give the kit its next version"):
        await publish(pool, '{"changed": true}')


async def test_the_latest_kit_is_the_one_published_last(pool: Pool) -> None:
    assert await kits.latest(pool, "p") is None
    await publish(pool, '{"n": 1}', "10", AT + timedelta(days=1))
    await publish(pool, '{"n": 2}', "9", AT)
    latest = await kits.latest(pool, "p")
    assert latest is not None
    assert latest.version == "10"
    assert [one.version for one in await kits.programs(pool)] == ["10"]


async def test_people_are_known_by_id_and_can_be_corrected(pool: Pool) -> None:
    ana = Person("l-1", "learner", "Ana", "ana@example.org", "Europe/Madrid", {"skills": ["sql"]})
    await people.upsert_many(pool, [ana, Person("m-1", "mentor", "Max")])
    assert await people.get(pool, "l-1") == ana
    assert await people.get(pool, "l-2") is None
    await people.upsert_many(pool, [Person("l-1", "learner", "Anna"), Person("l-1", "learner", "Anne")])
    assert await people.names_of(pool, ["l-1", "m-1", "l-1", "nobody"]) == {"l-1": "Anne", "m-1": "Max"}
    assert [one.person_id for one in await people.of_kind(pool, "mentor")] == ["m-1"]
    await people.upsert_many(pool, [])


async def test_two_who_bring_the_same_people_do_not_lock_each_other_out(pool: Pool) -> None:
    crowd = [Person(f"l-{n}", "learner", f"Name {n}") for n in range(300)]
    async with asyncio.timeout(20):
        await asyncio.gather(people.upsert_many(pool, crowd), people.upsert_many(pool, crowd[::-1]))


async def test_migrations_are_applied_once_by_whoever_comes_first(dsn: str) -> None:
    assert not any(await asyncio.gather(migrate(dsn), migrate(dsn)))


async def test_a_migration_that_changed_after_it_was_applied_is_refused(pool: Pool, dsn: str) -> None:
    await pool.execute("update trellis.migrations set checksum = 'another' where name like '0001%'")
    with pytest.raises(MigrationChanged, match="0001_log was applied to this database with other content"):
        await migrate(dsn)


async def test_a_database_from_a_newer_trellis_is_refused(pool: Pool, dsn: str) -> None:
    await pool.execute("insert into trellis.migrations (name, checksum) values ('9999_later', '')")
    with pytest.raises(DatabaseAhead, match="run a newer one"):
        await migrate(dsn)
