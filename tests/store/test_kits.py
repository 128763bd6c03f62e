"""The rules of published kits: read from any format, and parsed once a process."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from domain.kit import Kit
from domain.kit.cache import PARSED, KitCache
from store import kits
from store.database import Pool
from store.errors import KitNotReadable, MissingKit
from tests.domain.stories import KIT, kit_with

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _none_parsed_yet() -> Iterator[None]:
    PARSED.clear()
    yield
    PARSED.clear()


async def publish(pool: Pool, kit: Kit, **changes: object) -> str:
    """Returns the digest, under which the body with these changes is stored."""
    body = json.dumps(json.loads(kit.model_dump_json()) | changes)
    await kits.publish(pool, body, digest=kit.digest, program=kit.program, version=kit.version, at=AT)
    return kit.digest


async def test_a_kit_is_parsed_once(pool: Pool) -> None:
    digest = await publish(pool, KIT)
    kit = await kits.load(pool, digest)
    assert kit == KIT
    assert await kits.load(pool, digest) is kit
    published = await kits.by_digest(pool, digest)
    assert published is not None
    assert kits.read(published) is kit


async def test_a_kit_that_nobody_published_is_said(pool: Pool) -> None:
    with pytest.raises(MissingKit, match="publish it again"):
        await kits.load(pool, "of-nothing")


async def test_a_kit_that_cannot_be_read_is_named_without_what_it_says(pool: Pool) -> None:
    newer = await publish(pool, KIT, format=99)
    with pytest.raises(KitNotReadable, match=f"version {KIT.version} of program {KIT.program}, .*run a newer one"):
        await kits.load(pool, newer)
    strange = await publish(pool, kit_with(version="strange"), pathways="my secret way")
    with pytest.raises(KitNotReadable, match=r"pathways: .*upcaster is missing") as caught:
        await kits.load(pool, strange)
    assert "secret" not in str(caught.value)
    with pytest.raises(KitNotReadable, match="it is no JSON"):
        kits.parse("{")
    with pytest.raises(KitNotReadable, match="it is no JSON object"):
        kits.parse("[]")


def test_the_kits_used_last_are_kept() -> None:
    parsed = KitCache(most=2)
    first, second, third = (kit_with(version=version) for version in "123")
    parsed.keep("1", first)
    parsed.keep("2", second)
    assert parsed.get("1") is first
    parsed.keep("3", third)
    assert (parsed.get("1"), parsed.get("2"), parsed.get("3")) == (first, None, third)
    assert parsed.keep("3", kit_with(version="3")) is third
