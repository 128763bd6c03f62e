"""Sessions that repeat, and sessions that pathways share: written once, plain in the kit."""

from pathlib import Path

import pytest

from domain.values import say_duration
from kits.lines import Lines
from kits.loading import KitError, load_kit
from tests.support.small_kit import SMALL, problems

SESSION = "      - {id: s1, title: Goals, purpose: set the goal, after: 3 days}\n"
BLOCK = "      - {id: standup, title: Stand-up, purpose: Next steps, after: 1 week, every: 1 week, times: 3}\n"
SHARED = "sessions:\n  - {id: welcome, title: Welcome, purpose: Meet, after: 2 days}\npathways:\n"
OTHER = "  - id: other\n    title: Other\n    mentor_type: any\n    ends: 4 weeks\n    sessions:\n"


def kit_of(sessions: str) -> str:
    return SMALL.replace(SESSION, sessions)


def test_a_block_becomes_plain_sessions_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_text(kit_of(SESSION + BLOCK))
    kit = load_kit(tmp_path)
    told = [(one.id, one.title, say_duration(one.after)) for one in kit.pathways[0].sessions]
    assert told == [
        ("s1", "Goals", "3 days"),
        ("standup-1", "Stand-up 1", "1 week"),
        ("standup-2", "Stand-up 2", "2 weeks"),
        ("standup-3", "Stand-up 3", "3 weeks"),
    ]
    lines = Lines(kit)
    assert {lines.at(f"pathways.main.sessions.standup-{nth}.after") for nth in (1, 2, 3)} == {"program.yaml:18"}
    assert lines.at("pathways.main.sessions.s1") == "program.yaml:17"


def test_the_digest_but_for_the_source_is_that_of_the_sessions_written_out(tmp_path: Path) -> None:
    written_out = "".join(
        f"      - {{id: standup-{nth}, title: Stand-up {nth}, purpose: Next steps, after: {nth} weeks}}\n"
        for nth in (1, 2, 3)
    )
    digests = []
    for sessions in (BLOCK, written_out):
        (tmp_path / "program.yaml").write_text(kit_of(sessions))
        digests.append(load_kit(tmp_path).model_copy(update={"texts": {}}).digest)
    assert digests[0] == digests[1]


def test_pathways_share_sessions_by_name_and_may_change_a_field(tmp_path: Path) -> None:
    text = SMALL.replace(SESSION, SESSION + "      - welcome\n").replace("pathways:\n", SHARED)
    text = text.replace("    title: Main\n", "    title: Main\n    when: {goal: [job]}\n")
    text = text.replace("escalations:\n", f"{OTHER}      - {{use: welcome, after: 5 days}}\nescalations:\n")
    text += "intake: {questions: [{id: goal, ask: What, kind: choice, options: [job, more]}]}\n"
    (tmp_path / "program.yaml").write_text(text)
    kit = load_kit(tmp_path)
    welcomes = [one.session("welcome") for one in kit.pathways]  # type: ignore[arg-type]
    assert [(one.title, say_duration(one.after)) for one in welcomes] == [("Welcome", "2 days"), ("Welcome", "5 days")]
    lines = Lines(kit)
    assert lines.at("pathways.main.sessions.welcome.after") == "program.yaml:12"
    assert lines.at("pathways.other.sessions.welcome.after") == "program.yaml:27"


@pytest.mark.parametrize(
    ("sessions", "before", "said"),
    [
        (BLOCK.replace(", times: 3", ""), "", ":17: pathways.0.sessions.0.times: nothing says how often it repeats"),
        (BLOCK.replace("times: 3", "times: 0"), "", ":17: pathways.0.sessions.0.times: 0 is not a number of sessions"),
        (BLOCK.replace("times: 3", "times: 9999999"), "", ":17: pathways.0.sessions.0.times: 9999999 is not a number"),
        (BLOCK.replace("times: 3", "times: yes"), "", ":17: pathways.0.sessions.0.times: True is not a number"),
        (
            BLOCK.replace("every: 1 week, ", ""),
            "",
            ":17: pathways.0.sessions.0.every: a block of sessions needs",
        ),
        (BLOCK.replace("every: 1 week", "every: 0 days"), "", ":17: pathways.0.sessions.0.every: sessions cannot all"),
        (
            BLOCK.replace("every: 1 week", "every: weekly"),
            "",
            ":17: pathways.0.sessions.0.every: 'weekly' is not a d",
        ),
        (BLOCK.replace("after: 1 week", "after: 3"), "", ":17: pathways.0.sessions.0.after: 3 has no unit"),
        (BLOCK.replace("times: 3", "times: 40"), "", ":17: pathways.0.sessions.0.after: session 'standup-4' ends"),
        (
            BLOCK.replace("purpose", "porpose"),
            "",
            ":17: pathways.0.sessions.0.porpose: a kit has no such field here; did",
        ),
        (BLOCK.replace("every:", "evry:"), "", ":17: pathways.0.sessions.0.every: a block of sessions needs"),
        (SESSION + BLOCK.replace("standup", "s 1"), "", ":18: pathways.0.sessions.1.id: 's 1-1' cannot be an id"),
        ("      - welcom\n", SHARED, ":19: pathways.0.sessions.0: there is no shared session 'welcom'; did you mean"),
        ("      - {use: [a]}\n", SHARED, ":19: pathways.0.sessions.0.use: there is no shared session"),
        (SESSION, SHARED, ":12: sessions.0: no pathway uses the shared session 'welcome'; write `- welcome` under"),
        ("      - welcome\n", SHARED.replace("Meet", "[x]"), ":12: sessions.0.purpose: a text is wanted"),
        ("      - welcome\n", SHARED.replace("id: welcome, ", ""), ":12: sessions.0: a shared session needs an `id`"),
        ("      - welcome\n", "sessions: welcome\npathways:\n", ":11: sessions: a list of sessions is wanted here"),
        ("      - welcome\n", SHARED.replace("pathways:\n", "") + SHARED[10:], ":13: sessions.1.id: there is a shared"),
    ],
)
def test_what_is_wrong_is_told_at_the_line_of_the_block(tmp_path: Path, sessions: str, before: str, said: str) -> None:
    text = SMALL.replace(SESSION, sessions).replace("pathways:\n", before or "pathways:\n")
    found = problems(tmp_path, text)
    assert any(one.startswith(said) for one in found), found


def test_one_mistake_in_a_block_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_text(kit_of(BLOCK.replace("Next steps", "3")))
    with pytest.raises(KitError) as caught:
        load_kit(tmp_path)
    assert len([one for one in caught.value.problems if one.grave]) == 1
