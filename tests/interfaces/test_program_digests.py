"""Published kits as commands name them: by version, or by the digest of the publication, whatever is read from its
body today."""

from datetime import UTC, datetime
from pathlib import Path

from kits.loading import load_kit
from runtime.exits import Exit
from store import kits
from store.database import Pool
from tests.commands import Trellis
from tests.golden import kits as golden

WHOLE = Path(__file__).parent.parent / "programs" / "whole"
JOB_READY = Path(__file__).parents[2] / "programs" / "job-ready"


DIGEST = "e9" * 32


async def publish_an_older_one(pool: Pool) -> None:
    body, at = golden.read(golden.FOLDER / "e9d146a" / "job-ready.json.gz"), datetime(2026, 1, 5, tzinfo=UTC)
    await kits.publish(pool, body, digest=DIGEST, program="job-ready", version="2.0", at=at)


async def test_a_published_kit_has_the_digest_of_its_publication(trellis: Trellis, pool: Pool) -> None:
    await publish_an_older_one(pool)
    said = await trellis("program", "diff", "job-ready@2.0", str(WHOLE), "--json")
    assert (said.json["old"], said.json["new"]) == (DIGEST, load_kit(WHOLE).digest)


async def test_a_kit_is_rehearsed_beside_an_older_one_that_is_published(trellis: Trellis, pool: Pool) -> None:
    await publish_an_older_one(pool)
    few = ("--learners", "4", "--mentors", "2", "--weeks", "2", "--replications", "1", "--processes", "1", "--json")
    said = await trellis("rehearse", str(JOB_READY), *few, "--compare", "job-ready@2.0", "--compare", DIGEST[:9])
    assert said.exit == Exit.OK, said.err
    assert len({one["name"] for one in said.json["compared"]}) == 1
    assert len(said.json["compared"]) == 2
    missing = await trellis("rehearse", str(JOB_READY), *few, "--compare", "job-ready@7")
    assert (missing.exit, "'7' of program 'job-ready'" in missing.err) == (Exit.FAILED, True)
    nothing = await trellis("rehearse", str(JOB_READY), *few, "--compare", "last-year")
    assert (nothing.exit, "PROGRAM@VERSION" in nothing.err) == (Exit.BAD_INPUT, True)
