"""Which version new journeys follow, and what a kit has to read, as it is typed."""

from pathlib import Path

from domain.ids import ProgramId
from kits.lookup import newest
from runtime.exits import Exit
from store import kits
from store.database import Pool
from tests.commands import Trellis
from tests.interfaces.conftest import Offline

JOB_READY = Path(__file__).parents[2] / "programs" / "job-ready"


async def test_republishing_switches_nothing_and_use_does(
    trellis: Trellis, program: str, tmp_path: Path, pool: Pool
) -> None:
    kit = tmp_path / "program.yaml"
    first = kit.read_text()
    kit.write_text(first.replace('version: "1"', 'version: "2"'))
    assert (await trellis("publish", str(kit))).exit == Exit.OK
    kit.write_text(first)
    again = await trellis("publish", str(kit))
    assert "is already published" in again.out
    assert f"New journeys still use version 2. To switch: trellis program use {program} 1" in again.out
    assert (await newest(pool, ProgramId(program))).version == "2"

    used = await trellis("program", "use", program, "1")
    assert (used.exit, "use version 1 from now on, instead of 2." in used.out) == (Exit.OK, True)
    assert (await newest(pool, ProgramId(program))).version == "1"
    assert [one.version for one in await kits.programs(pool)] == ["1"]
    assert "use version 1 already" in (await trellis("program", "use", program, "1")).out
    assert "Nothing changed. New journeys still use version 1." in (await trellis("publish", str(kit))).out
    begun = await trellis("start", program, "lea", "--json")
    assert begun.exit == Exit.OK
    assert (await trellis("program", "migrate", program, "--to", "1")).out.count("already on this version: 1") == 1

    unknown = await trellis("program", "use", program, "3")
    assert (unknown.exit, "no version or digest '3'" in unknown.err) == (Exit.FAILED, True)
    assert (await trellis("program", "use", program, "2", "--json")).json["before"] == "1"


async def test_a_guide_of_a_published_kit(trellis: Trellis, program: str, tmp_path: Path) -> None:
    listed = await trellis("program", "guide", program)
    assert (listed.exit, listed.out) == (Exit.OK, "")
    missing = await trellis("program", "guide", program, "first")
    assert (missing.exit, "there is no guide 'first' of Small; there are none" in missing.err) == (Exit.BAD_INPUT, True)
    assert (await trellis("program", "guide", "nobody", "first")).exit == Exit.BAD_INPUT


def test_what_a_kit_has_to_read_is_listed_and_shown(offline: Offline) -> None:
    code, out, _ = offline("program", "guide", str(JOB_READY))
    assert code == Exit.OK
    assert "for mentors: how notes are written" in out
    code, out, _ = offline("program", "guide", str(JOB_READY), "first-session")
    assert (code, out.startswith("# first-session\n\n- [ ] ")) == (Exit.OK, True)
    code, _, err = offline("program", "guide", str(JOB_READY), "frist-session")
    assert (code, "did you mean 'first-session'?" in err) == (Exit.BAD_INPUT, True)
