"""A published kit is named by the digest of its publication, whatever is read from its body today."""

from datetime import UTC, datetime
from pathlib import Path

from kits.loading import load_kit
from store import kits
from store.database import Pool
from tests.commands import Trellis
from tests.golden import kits as golden

WHOLE = Path(__file__).parent.parent / "programs" / "whole"


async def test_a_published_kit_has_the_digest_of_its_publication(trellis: Trellis, pool: Pool) -> None:
    body = golden.read(golden.FOLDER / "e9d146a" / "job-ready.json.gz")
    digest, at = "e9" * 32, datetime(2026, 1, 5, tzinfo=UTC)
    await kits.publish(pool, body, digest=digest, program="job-ready", version="2.0", at=at)
    said = await trellis("program", "diff", "job-ready@2.0", str(WHOLE), "--json")
    assert (said.json["old"], said.json["new"]) == (digest, load_kit(WHOLE).digest)
