"""Keys on a real database: who presents one, and until when it is valid."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from domain.access import Caller, KeyRole
from domain.ids import MentorId, ProgramId
from domain.refusal import NotFound
from kits.lookup import NoSuchProgram
from services import keys
from services.keys import Keyring, KeyWish
from store import keys as stored
from store.database import Pool
from tests.projections.stories import publish

LMS = KeyWish("LMS", KeyRole.INTEGRATION, "system:lms")
DAY = timedelta(days=1)


@pytest.fixture
def ring(pool: Pool) -> Keyring:
    return Keyring(pool, seconds=0)


async def test_a_key_says_who_calls(pool: Pool, ring: Keyring) -> None:
    await publish(pool)
    wish = KeyWish("Max", KeyRole.MENTOR, "mentor:m-1", frozenset({ProgramId("ready")}), MentorId("m-1"))
    made = await keys.make(pool, wish, by="ops:ana")
    assert await ring.caller_with_key(made.text) == Caller(
        made.key_id, KeyRole.MENTOR, "mentor:m-1", frozenset({ProgramId("ready")}), MentorId("m-1")
    )
    assert keys.id_of(made.text) == made.key_id


async def test_of_the_secret_only_the_hash_is_stored(pool: Pool) -> None:
    made = await keys.make(pool, LMS, by="ops:ana")
    secret = made.text.rpartition("_")[2]
    row = str(await pool.fetchval("select k::text from trellis.keys k"))
    assert secret not in row and secret.encode().hex() not in row
    assert hashlib.sha256(secret.encode()).hexdigest() in row


async def test_what_is_no_valid_key(pool: Pool, ring: Keyring) -> None:
    made = await keys.make(pool, LMS, by="ops:ana")
    other = await keys.make(pool, LMS, by="ops:ana")
    crossed = f"{keys.PREFIX}{made.key_id}_{other.text.rpartition('_')[2]}"
    unknown = f"{keys.PREFIX}0123456789_{'0' * 64}"
    for text in (crossed, unknown, made.text[:-1], made.text + "0", made.text.upper(), "", "\0", made.text + "\n"):
        assert await ring.caller_with_key(text) is None, text


async def test_a_key_expires_and_is_revoked(pool: Pool, ring: Keyring) -> None:
    soon = await keys.make(pool, KeyWish("soon", KeyRole.OPS, "ops", expires_at=datetime.now(UTC) + DAY), by="t")
    past = await keys.make(pool, KeyWish("past", KeyRole.OPS, "ops", expires_at=datetime.now(UTC) - DAY), by="t")
    assert await ring.caller_with_key(past.text) is None
    assert await ring.caller_with_key(soon.text)
    await keys.revoke(pool, soon.key_id, by="ops:ana")
    assert await ring.caller_with_key(soon.text) is None
    for again in (keys.revoke(pool, soon.key_id, by="t"), keys.rotate(pool, soon.key_id, DAY)):
        with pytest.raises(NotFound, match="no valid key"):
            await again


async def test_after_a_rotation_both_secrets_are_valid_for_a_while(pool: Pool, ring: Keyring) -> None:
    made = await keys.make(pool, LMS, by="ops:ana")
    new = await keys.rotate(pool, made.key_id, DAY)
    assert new.key_id == made.key_id
    assert await ring.caller_with_key(made.text) == await ring.caller_with_key(new.text) is not None
    newest = await keys.rotate(pool, made.key_id, timedelta(0))
    valid = [bool(await ring.caller_with_key(one.text)) for one in (made, new, newest)]
    assert valid == [False, False, True]


async def test_what_was_read_is_believed_for_some_seconds(pool: Pool) -> None:
    made = await keys.make(pool, LMS, by="ops:ana")
    slow, at_once = Keyring(pool, seconds=60), Keyring(pool, seconds=0)
    assert await slow.caller_with_key(made.text)
    await keys.revoke(pool, made.key_id, by="ops:ana")
    assert await slow.caller_with_key(made.text), "for the seconds that docs/keys.md says"
    assert await at_once.caller_with_key(made.text) is None


async def test_many_requests_at_once_read_a_key_once(pool: Pool) -> None:
    made = await keys.make(pool, LMS, by="ops:ana")
    reads = 0

    class Counting(Keyring):
        async def _read_key(self, key_id: str) -> stored.StoredKey | None:
            nonlocal reads
            reads += 1
            return await super()._read_key(key_id)

    ring = Counting(pool)
    first = asyncio.create_task(ring.caller_with_key(made.text))
    others = [asyncio.create_task(ring.caller_with_key(made.text)) for _ in range(50)]
    await asyncio.sleep(0)
    first.cancel()
    assert all(await asyncio.gather(*others)), "one that gives up takes no other along"
    assert reads == 1


async def test_the_last_use_is_recorded(pool: Pool, ring: Keyring) -> None:
    made = await keys.make(pool, LMS, by="ops:ana")
    (key,) = await stored.listed(pool)
    assert key.used_at is None
    await ring.caller_with_key(made.text)
    (key,) = await stored.listed(pool)
    assert key.used_at and datetime.now(UTC) - key.used_at < timedelta(minutes=1)


async def test_a_key_is_for_what_exists(pool: Pool) -> None:
    await publish(pool)
    with pytest.raises(NoSuchProgram):
        await keys.make(pool, KeyWish("x", KeyRole.OPS, "ops", frozenset({ProgramId("nothing")})), by="t")
    assert await stored.listed(pool) == []
