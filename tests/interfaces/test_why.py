"""`trellis why`: what a journey waits for and why, on a real Temporal and a real Postgres."""

from pathlib import Path

from runtime.exits import Exit
from tests.commands import Trellis
from tests.support.matching import matched


async def test_what_it_waits_for_is_traced_to_the_line_of_the_kit(
    trellis: Trellis, program: str, tmp_path: Path
) -> None:
    lea = await matched(trellis, program, "lea")
    source = (tmp_path / "program.yaml").read_text().splitlines()
    told = (await trellis("why", lea, "--json")).json
    assert (told["stage"], told["program"], told["version"]) == ("sessions", program, "1")
    (wait,) = told["waits"]
    assert (wait["duty"], wait["who"], wait["rule"]) == ("attendance", "mentor", "service_levels.attendance")
    assert wait["source"] == "program.yaml (by default)"
    assert wait["title"] == "Goals"
    assert f"trellis send {lea} record_attendance -f session=s1 -f attendance=cancelled_in_time" in wait["commands"]

    comes = {one["rule"]: one for one in told["comes"]}
    quiet = comes["escalations.quiet"]
    assert (quiet["says"], quiet["stopped_by"]) == ("a look at the learner's activity", "learner")
    assert "id: quiet" in source[int(quiet["source"].split(":")[1]) - 1]
    ends = comes["pathways.main.ends"]
    assert "ends: 4 weeks" in source[int(ends["source"].split(":")[1]) - 1]
    assert [one["at"] for one in told["comes"]] == sorted(one["at"] for one in told["comes"])

    last = told["last"]
    assert (last["by"], last["command"], last["rule"]) == ("ops", "approve_match", None)
    assert len(last["events"]) == 2
    assert f"trellis send {lea} withdraw -f reason=..." in told["commands"]

    said = await trellis("why", lea)
    assert "Waiting for the mentor: the word on how a session went (session:s1#1)" in said.out
    assert "cause: requested by ops (approve_match)" in said.out


async def test_a_case_is_traced_to_the_step_that_opened_it(trellis: Trellis, program: str, tmp_path: Path) -> None:
    kit = tmp_path / "program.yaml"
    rule = "  - {id: help, title: Help, when: {help_asked: true}, then: {open_case: ops}}\n"
    kit.write_text(kit.read_text().replace('version: "1"', 'version: "2"') + rule)
    await trellis("publish", str(kit))
    lea = await matched(trellis, program, "lea")
    await trellis("send", lea, "ask_for_help", "-f", "notes=stuck", "--by", "learner:lea")
    told = (await trellis("why", lea, "--json")).json
    assert (told["last"]["by"], told["last"]["rule"]) == ("learner:lea", "escalations.help.then")
    assert told["last"]["source"] == f"program.yaml:{len(kit.read_text().splitlines())}"
    (case,) = [one for one in told["waits"] if one["duty"] == "case"]
    assert (case["title"], [(one["text"], one["by"]) for one in case["said"]]) == ("Help", [("stuck", "learner")])
    assert f"trellis send {lea} resolve_case -f case=case-1 -f resolution=..." in case["commands"]


async def test_a_closed_and_a_paused_journey_say_so(trellis: Trellis, program: str) -> None:
    lea = await matched(trellis, program, "lea")
    await trellis("send", lea, "pause", "-f", "reason=travels")
    paused = await trellis("why", lea)
    assert "paused until" in paused.out
    assert f"trellis send {lea} resume" in paused.out
    assert "[pausing.limit program.yaml (by default)]" in paused.out
    await trellis("send", lea, "withdraw", "-f", "reason=moved")
    closed = await trellis("why", lea)
    assert "withdrawn since" in closed.out
    assert "You can still:" in closed.out
    nobody = await trellis("why", "nobody")
    assert (nobody.exit, "no journey 'nobody'" in nobody.err) == (Exit.FAILED, True)


async def test_any_event_has_its_reason_and_refusals_stand_apart(trellis: Trellis, program: str) -> None:
    lea = await matched(trellis, program, "lea")
    await trellis("send", lea, "resolve_case", "-f", "case=case-7", "-f", "resolution=?", "--by", "ops:ana")
    told = (await trellis("why", lea, "--json")).json
    assert told["last"]["command"] == "approve_match"
    (refused,) = told["refused"]
    assert (refused["by"], refused["refused"], "it has: none" in refused["events"][0]) == ("ops:ana", True, True)
    intake = (await trellis("why", lea, "2", "--json")).json
    assert (intake["version"], intake["command"], intake["by"]) == (2, "submit_intake", "ops")
    started = await trellis("why", lea, "1")
    assert f"Event 1 of {lea}" in started.out
    none = await trellis("why", lea, "99")
    assert (none.exit, "has no event 99. Its events are numbered 1 to 6" in none.err) == (Exit.FAILED, True)
    lines = (await trellis("timeline", lea)).out.splitlines()
    apart = lines.index("Refused commands (nothing changed):")
    assert "was refused" in lines[apart + 1]
    assert "by ops, submit_intake" in lines[1]
    entries = (await trellis("timeline", lea, "--json")).json
    assert [one["refused"] for one in entries] == [False] * 5 + [True]
    assert (entries[1]["by"], entries[1]["command"], entries[1]["rule"]) == ("ops", "submit_intake", None)


async def test_words_stand_on_the_full_timeline(trellis: Trellis, program: str) -> None:
    lea = await matched(trellis, program, "lea")
    await trellis("send", lea, "ask_for_help", "-f", "notes=stuck [red]", "--by", "learner:lea")
    assert "stuck" not in (await trellis("timeline", lea)).out
    assert "notes: stuck [red]" in (await trellis("timeline", lea, "--full")).out
    last = (await trellis("timeline", lea, "--full", "--json")).json[-1]
    assert last["said"] == [{"what": "notes", "text": "stuck [red]", "at": last["at"], "by": "learner"}]
