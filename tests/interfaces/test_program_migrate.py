"""`trellis program migrate` and `diff` on published kits, on a real Temporal and a real Postgres."""

from pathlib import Path

from runtime.exits import Exit
from tests.commands import Trellis
from tests.support.matching import matched

MILESTONE = "    milestones:\n      - {id: draft, title: Draft, due: 2 weeks}\n"


async def next_version(trellis: Trellis, folder: Path, *, pathway: str = "main") -> str:
    """Publishes the kit of the fixture again: the session later, a milestone more. Returns its digest."""
    kit = folder / "program.yaml"
    text = kit.read_text().replace('version: "1"', f'version: "2-{pathway}"').replace("after: 3 days", "after: 5 days")
    kit.write_text(text.replace("id: main", f"id: {pathway}").replace("escalations:", f"{MILESTONE}escalations:"))
    said = await trellis("publish", str(folder), "--json")
    return str(said.json["digest"])


async def test_a_dry_run_says_who_changes_and_how_and_yes_moves_exactly_those(
    trellis: Trellis, program: str, tmp_path: Path
) -> None:
    lea = await matched(trellis, program, "lea")
    await trellis("start", program, "max")
    digest = await next_version(trellis, tmp_path)
    await trellis("start", program, "new")

    dry = await trellis("program", "migrate", program, "--to", "2-main")
    assert dry.exit == Exit.OK
    assert "open journeys: 3, can be moved: 2, already on this version: 1, cannot be moved: 0" in dry.out
    assert "session s1 moves from" in dry.out
    assert "milestone draft appears, on" in dry.out
    assert f"{program}.max (in intake)" in dry.out
    assert "Nothing was changed. To move them, add --yes." in dry.out
    told = (await trellis("program", "migrate", program, "--to", digest[:12], "--json")).json
    assert {one["journey"].rpartition(".")[2]: one["becomes"] for one in told["journeys"]} == {
        "lea": "moves",
        "max": "moves",
        "new": "stays",
    }

    done = await trellis("program", "migrate", program, "--to", "2-main", "--yes", "--by", "ops:ana")
    assert (done.exit, "2 of 2 journeys were moved" in done.out) == (Exit.OK, True)
    status = (await trellis("status", lea, "--json")).json
    assert status["kit"] == digest
    assert any(one["about"] == "milestone:draft#1" for one in status["awaited"])
    again = await trellis("program", "migrate", program, "--to", "2-main", "--yes")
    assert "already on this version: 3" in again.out
    assert "0 of 0 journeys were moved" in again.out


async def test_what_cannot_be_moved_is_said_with_the_reason(trellis: Trellis, program: str, tmp_path: Path) -> None:
    lea = await matched(trellis, program, "lea")
    max_ = await matched(trellis, program, "max")
    await trellis("send", max_, "pause", "-f", "reason=travels")
    await next_version(trellis, tmp_path, pathway="other")
    dry = await trellis("program", "migrate", program, "--to", "2-other")
    assert "open journeys: 2, can be moved: 0, already on this version: 0, cannot be moved: 2" in dry.out
    assert "the learner is on the pathway 'main', which the other version does not have: other" in dry.out
    assert "There is nothing to move." in dry.out
    only = await trellis("program", "migrate", program, "--to", "2-other", "--journey", lea)
    assert "open journeys: 1, " in only.out
    nobody = await trellis("program", "migrate", program, "--to", "2-other", "--journey", "nobody")
    assert (nobody.exit, "no journey 'nobody' is running" in nobody.err) == (Exit.FAILED, True)


async def test_a_paused_journey_is_moved_and_its_dates_move_on_when_it_resumes(
    trellis: Trellis, program: str, tmp_path: Path
) -> None:
    lea = await matched(trellis, program, "lea")
    await trellis("send", lea, "pause", "-f", "reason=travels")
    digest = await next_version(trellis, tmp_path)
    dry = await trellis("program", "migrate", program, "--to", "2-main")
    assert "can be moved: 1" in dry.out
    assert "it is paused: resuming moves these dates by the length of the pause" in dry.out
    await trellis("program", "migrate", program, "--to", "2-main", "--yes")
    await trellis("send", lea, "resume")
    status = (await trellis("status", lea, "--json")).json
    assert (status["kit"], status["paused_until"]) == (digest, None)
    assert "milestone:draft#1" in [one["about"] for one in status["awaited"]]


async def test_published_kits_are_compared_by_version_and_by_digest(
    trellis: Trellis, program: str, tmp_path: Path
) -> None:
    digest = await next_version(trellis, tmp_path)
    by_version = await trellis("program", "diff", f"{program}@1", f"{program}@2-main")
    by_digest = await trellis("program", "diff", f"{program}@1", digest[:10])
    assert by_version.out == by_digest.out
    assert "Session Goals (s1) on Pathway Main (main) begins after 5 days instead of 3 days" in by_version.out
    assert "Milestone Draft (draft) on Pathway Main (main) is new: due after 2 weeks" in by_version.out
    missing = await trellis("program", "diff", f"{program}@1", f"{program}@7")
    assert (missing.exit, "no version or digest '7'" in missing.err) == (Exit.FAILED, True)
    assert "the latest is 2-main" in missing.err
