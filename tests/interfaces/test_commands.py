"""The commands of `trellis` that speak to journeys, on a real Temporal and a real Postgres."""

from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

from runtime.exits import Exit
from tests.commands import Trellis
from tests.support.small_kit import SMALL

QUESTIONS = """\
intake:
  questions:
    - {id: goal, ask: What for?, kind: choice, options: [job, raise]}
    - {id: hours, ask: How many hours?, kind: number}
segments:
  - {id: seekers, title: Seekers, need: work, urgency: soon, level: any, when: {goal: [job]}}
"""


async def test_publishing_twice_changes_nothing_and_another_content_wants_another_version(
    trellis: Trellis, program: str, tmp_path: Path
) -> None:
    again = await trellis("publish", str(tmp_path), "--json")
    assert (again.exit, again.json["new"], again.json["program"]) == (Exit.OK, False, program)
    kit = tmp_path / "program.yaml"
    kit.write_text(kit.read_text().replace("title: Small", "title: Smaller"))
    changed = await trellis("publish", str(kit))
    assert changed.exit == Exit.FAILED
    assert "give the kit its next version" in changed.err


async def test_publishing_tells_the_warnings_and_publishes(trellis: Trellis, tmp_path: Path) -> None:
    kit = tmp_path / "program.yaml"
    kit.write_text(SMALL.replace("program: small", f"program: small-{uuid4()}"))
    warned = await trellis("publish", str(kit))
    assert (warned.exit, "is published" in warned.out) == (Exit.OK, True)
    says = "pathways.0.sessions: these sessions have no `goal`: s1"
    assert f"program.yaml:16:5: warning: {says}" in warned.err
    told = (await trellis("publish", str(kit), "--check", "--json")).json["warnings"]
    assert [(one["line"], one["severity"]) for one in told] == [(16, "warning")] * 3


async def test_a_kit_with_problems_is_told_line_by_line(trellis: Trellis, tmp_path: Path) -> None:
    kit = tmp_path / "program.yaml"
    kit.write_text(SMALL.replace("title: Small", "").replace("3 days", "3"))
    said = await trellis("publish", "--check", str(kit))
    assert said.exit == Exit.BAD_INPUT
    assert "program.yaml:1:1: title: it is missing" in said.err
    assert "program.yaml:17:55: pathways.0.sessions.0.after: 3 has no unit" in said.err


async def test_a_learner_starts_once_and_goes_on_from_command_to_command(trellis: Trellis, program: str) -> None:
    journey = f"{program}.lea"
    begun = await trellis("start", program, "lea")
    assert (begun.exit, f"{journey} has started" in begun.out) == (Exit.OK, True)
    assert "had already started" in (await trellis("start", program, "lea")).out

    sent = await trellis("send", journey, "submit-intake", "--json-input", '{"answers": {}}', "--by", "learner:lea")
    assert "Recorded: intake submitted. The journey is in intake, at version 2" in sent.out
    await trellis("send", journey, "review_intake", "--field", "verdict=approve")
    matched = await trellis("send", journey, "approve_match", "-f", "mentor=ana", "--json")
    assert matched.json["events"] == ["journey.mentor_matched", "journey.pathway_started"]
    again = await trellis("send", journey, "approve_match", "-f", "mentor=ana")
    assert (again.exit, "already been handled" in again.out) == (Exit.OK, True)

    status = await trellis("status", journey)
    assert all(word in status.out for word in (f"{journey}: sessions since", "mentor ana (ana)", "session:s1#1"))
    assert "escalations.quiet" in status.out
    facts = (await trellis("status", journey, "--json")).json
    assert [one["about"] for one in facts["awaited"]] == ["session:s1#1"]
    assert {"at", "rule", "what", "stopped_by"} <= set(facts["timers"][0])


async def test_a_refusal_is_told_with_its_reason_and_changes_nothing(trellis: Trellis, program: str) -> None:
    journey = f"{program}.lea"
    await trellis("start", program, "lea")
    refused = await trellis("send", journey, "review_intake", "-f", "verdict=approve")
    assert (refused.exit, refused.out) == (Exit.FAILED, "")
    assert "refused: the learner has not sent in the intake yet" in refused.err
    again = await trellis("send", journey, "review_intake", "-f", "verdict=approve", "--json")
    assert (again.exit, again.err) == (Exit.FAILED, refused.err)
    assert again.json["refused"].keys() == {"code", "message", "data"}
    assert f"refused: {again.json['refused']['message']}" in refused.err
    told = await trellis("timeline", journey, "--details")
    assert "The command review_intake was refused" in told.out
    assert "reason: the learner has not sent in the intake yet" in told.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("pauze", "-f", "reason=x"), "'pauze' is not a command. Did you mean pause?"),
        (("dance",), "'dance' is not a command. Available: submit_intake"),
        (("pause",), "pause: reason: Field required. Required fields: reason. Optional: by, until"),
        (("pause", "-f", "reason"), "must have a name and a value, such as --field reason=travels"),
        (("pause", "-i", "{reason: x}"), "--json-input is not JSON"),
        (("pause", "-i", "[]"), "is not an object with named fields"),
        (("pause", "-f", "reason=x", "-f", "until:=soon"), "the text after := is not valid JSON"),
        (("pause", "-f", "reason=x", "--by", "somebody"), "by: String should match pattern"),
    ],
)
async def test_what_is_no_command_is_not_sent(trellis: Trellis, arguments: tuple[str, ...], said: str) -> None:
    told = await trellis("send", "job-ready.lea", *arguments)
    assert told.exit == Exit.BAD_INPUT
    assert said in told.err


async def test_who_is_not_there_is_said(trellis: Trellis, program: str) -> None:
    for command in (("status", "nobody"), ("timeline", "nobody"), ("send", "nobody", "resume")):
        told = await trellis(*command)
        assert (told.exit, told.out) == (Exit.FAILED, "")
        assert "no journey 'nobody' is running; begin it with: trellis start" in told.err
    unknown = await trellis("start", f"{program}-x", "lea")
    assert unknown.exit == Exit.BAD_INPUT
    assert f"there are: {program}. trellis publish FOLDER adds one" in unknown.err
    assert (await trellis("start", program)).exit == Exit.BAD_INPUT


async def test_a_signal_is_not_waited_for(trellis: Trellis, program: str) -> None:
    journey = f"{program}.lea"
    await trellis("start", program, "lea")
    sent = await trellis("send", journey, "pause", "-f", "reason=ill", "--signal")
    assert (sent.exit, "will be on the timeline" in sent.out) == (Exit.OK, True)
    assert "paused until" in (await trellis("status", journey)).out


async def test_an_outcome_can_be_sent_to_a_journey_that_is_over(trellis: Trellis, program: str) -> None:
    journey = f"{program}.lea"
    await trellis("start", program, "lea")
    await trellis("send", journey, "withdraw", "-f", "reason=moved away")
    told = await trellis("send", journey, "record_outcome", "-f", "kind=offer", "-f", "value=analyst")
    assert "Recorded: outcome recorded. The journey is closed" in told.out
    late = await trellis("send", journey, "pause", "-f", "reason=ill")
    assert (late.exit, "an outcome can still be recorded" in late.err) == (Exit.FAILED, True)
    assert "withdrawn since" in (await trellis("status", journey)).out


async def test_a_journey_closed_by_mistake_is_reopened_and_goes_on(trellis: Trellis, program: str) -> None:
    journey = f"{program}.lea"
    await trellis("start", program, "lea")
    await trellis("send", journey, "submit_intake", "-f", "answers:={}")
    await trellis("send", journey, "withdraw", "-f", "reason=wrong learner")
    back = await trellis("send", journey, "reopen", "-f", "reason=it was somebody else", "--by", "ops:ana")
    assert "Recorded: reopened. The journey is in intake" in back.out
    approved = await trellis("send", journey, "review_intake", "-f", "verdict=approve")
    assert "The journey is in matching" in approved.out
    row = (await trellis("board", "--waiting-on", "ops", "--json")).json[0]
    assert (row["ending"], row["stage"], row["awaited"]) == (None, "matching", ["match:ops"])


async def test_only_a_mentor_who_is_known_is_matched_once_any_is(
    trellis: Trellis, program: str, tmp_path: Path
) -> None:
    people = tmp_path / "mentors.csv"
    people.write_text("id,name,mentor_type,capacity\nana,Ana Falk,any,3\n")
    assert "Stored 1 mentor from" in (await trellis("mentor", "add", program, str(people))).out
    journey = f"{program}.lea"
    await trellis("start", program, "lea")
    await trellis("send", journey, "submit_intake", "-f", "answers:={}")
    await trellis("send", journey, "review_intake", "-f", "verdict=approve")
    for mentor, said in (("nobody", "no mentor 'nobody' is known"), ("lea", "no mentor 'lea' is known")):
        refused = await trellis("send", journey, "approve_match", "-f", f"mentor={mentor}")
        assert (refused.exit, said in refused.err) == (Exit.FAILED, True)
    await trellis("send", journey, "approve_match", "-f", "mentor=nobody", "--signal")
    matched = await trellis("send", journey, "approve_match", "-f", "mentor=ana", "--json")
    assert matched.json["stage"] == "sessions"
    entries = (await trellis("timeline", journey, "--json")).json
    assert sum(one["refused"] for one in entries) == 3
    bad = tmp_path / "bad.csv"
    bad.write_text("id,shoe\n")
    assert (await trellis("mentor", "add", program, str(bad))).exit == Exit.BAD_INPUT


@pytest.mark.usefixtures("in_bulk")
async def test_everybody_in_a_file_starts_or_nobody_does(trellis: Trellis, program: str, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("id,name\nl-1,Ana\nl-1,Ben\n")
    refused = await trellis("start", program, "--people", str(people))
    assert refused.exit == Exit.BAD_INPUT
    assert "people.csv:3: id: 'l-1' is there already, in line 2" in refused.err
    assert (await trellis("board", "--json")).json == []

    people.write_text("id,name\n" + "".join(f"l-{nth},Learner {nth}\n" for nth in range(5)))
    first = await trellis("start", program, "--people", str(people))
    assert "5 journeys have started, 0 had already started" in first.out
    second = (await trellis("start", program, "--people", str(people), "--json")).json
    assert (len(second["begun"]), len(second["running"]), second["failed"]) == (0, 5, {})
    board = await trellis("board", "--program", program)
    assert all(f"Learner {nth}" in board.out for nth in range(5))


@pytest.mark.usefixtures("in_bulk")
async def test_answers_in_the_file_are_sent_in_or_kept_in_part(trellis: Trellis, tmp_path: Path) -> None:
    name = f"small-{uuid4()}"
    questions = (
        "intake:\n  questions:\n    - {id: hours, ask: How many hours?, kind: number}\n    - {id: why, ask: Why?}\n"
    )
    (tmp_path / "program.yaml").write_text(SMALL.replace("program: small", f"program: {name}") + questions)
    (tmp_path / "people.csv").write_text("id,name,hours,why\nana,Ana,7,job\nben,Ben,,\neve,Eve,5,\n")
    await trellis("publish", str(tmp_path))
    for sent, begun in (([f"{name}.ana"], [f"{name}.eve"]), ([], [])):
        told = await trellis("start", name, "--people", "people.csv", "--send-answers", "--json")
        assert (told.json["answered"], told.json["partly_answered"]) == (sent, begun)
    rows = (await trellis("board", "--json", "--sort", "journey")).json
    assert [row["waiting_for"] for row in rows] == ["intake_review", "intake", "intake"]
    rest = await trellis("send", f"{name}.eve", "submit_intake", "-f", "answers.why=job")
    assert "Recorded: intake submitted" in rest.out
    assert [one["answer"] for one in (await trellis("profile", f"{name}.eve", "--json")).json["intake"]] == [5.0, "job"]


async def test_the_board_shows_what_is_asked_for(trellis: Trellis, program: str) -> None:
    for learner in ("ana", "ben", "eve"):
        await trellis("start", program, learner)
    await trellis("send", f"{program}.ben", "pause", "-f", "reason=ill")
    await trellis("send", f"{program}.eve", "withdraw", "-f", "reason=moved")

    async def found(*filters: str) -> list[str]:
        return [row["learner"] for row in (await trellis("board", "--json", "--sort", "journey", *filters)).json]

    assert await found() == ["ana", "ben", "eve"]
    assert await found("--open") == ["ana", "ben"]
    assert await found("--paused") == ["ben"]
    assert await found("--stage", "closed") == ["eve"]
    assert await found("--waiting-on", "learner", "--waiting-for", "intake") == ["ana"]
    assert await found("--overdue") == []
    assert "No journeys match." in (await trellis("board", "--attention", "critical")).out
    assert "Showing the first 2. Use --limit to see more." in (await trellis("board", "--limit", "2")).out


async def test_the_funnel_says_where_learners_stop_and_how_many_there_are_of_each_kind(
    trellis: Trellis, tmp_path: Path
) -> None:
    name = f"small-{uuid4()}"
    (tmp_path / "program.yaml").write_text(SMALL.replace("program: small", f"program: {name}") + QUESTIONS)
    await trellis("publish", str(tmp_path))
    for learner, goal in (("ana", "job"), ("ben", "raise")):
        await trellis("start", name, learner)
        answers = ("-f", f"answers.goal={goal}", "-f", "answers.hours:=5")
        assert (await trellis("send", f"{name}.{learner}", "submit_intake", *answers)).exit == Exit.OK
    for learner in ("eve", "kim"):
        await trellis("start", name, learner)
    await trellis("send", f"{name}.kim", "withdraw", "-f", "reason=moved")

    told = (await trellis("funnel", "--program", name, "--json")).json
    asked = [
        tuple(one[key] for key in ("question", "asked", "answered", "open", "abandoned")) for one in told["questions"]
    ]
    assert asked == [("goal", 4, 2, 1, 1), ("hours", 4, 2, 0, 0)]
    assert {one["segment"]: one["journeys"] for one in told["segments"]} == {"seekers": 1, None: 3}
    said = (await trellis("funnel")).out
    assert all(word in said for word in ("seekers", "Intake questions", "gave up here"))
    of_seekers = (await trellis("funnel", "--segment", "seekers", "--json")).json["steps"]
    assert [(one["stage"], one["entered"]) for one in of_seekers] == [("intake", 1)]
    assert [row["learner"] for row in (await trellis("board", "--segment", "seekers", "--json")).json] == ["ana"]
    assert (
        "No learners started between 2001-01-01 and 2001-02-01"
        in (await trellis("funnel", "--program", "another", "--since", "2001-01-01", "--until", "2001-02-01")).out
    )


async def test_journeys_that_temporal_lost_are_taken_up_again(
    trellis: Trellis, program: str, temporal: WorkflowEnvironment
) -> None:
    for learner in ("ana", "ben", "eve"):
        await trellis("start", program, learner)
    await trellis("send", f"{program}.eve", "withdraw", "-f", "reason=moved")
    await temporal.client.get_workflow_handle(f"{program}.ana").terminate()
    nothing = {"lost": [f"{program}.ana"], "revived": 0, "behind": [], "woken": 0, "unsure": [], "failing": []}
    told = (await trellis("revive", "--program", program, "--dry-run", "--json")).json
    assert {name: told[name] for name in nothing} == nothing

    assert "1 journey is restarted from the log" in (await trellis("revive")).out
    told = await trellis("send", f"{program}.ana", "pause", "-f", "reason=ill")
    assert "Recorded: paused. The journey is in intake, at version 2" in told.out
    assert "Temporal runs every open journey" in (await trellis("revive")).out


async def test_servers_that_are_away_are_said(trellis: Trellis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    for command in (("board",), ("status", "small.lea")):
        told = await trellis(*command)
        assert (told.exit, told.out) == (Exit.UNREACHABLE, "")
        assert "does not answer at" in told.err
