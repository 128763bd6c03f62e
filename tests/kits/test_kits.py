"""Reading a kit: what is wrong, on which line, and how to mend it."""

import os
from pathlib import Path

import pytest

from kits.loading import KitError, load_kit
from tests.support.small_kit import SMALL, problems


def test_a_kit_is_read_from_its_file_or_its_folder(tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_text(SMALL)
    assert load_kit(tmp_path) == load_kit(tmp_path / "program.yaml")
    assert load_kit(tmp_path).program == "small"


@pytest.mark.parametrize(
    ("instead_of", "written", "said"),
    [
        ('"1"', "1", ':2: version: a text is wanted, and 1 is read as a number; put it in quotes: "1"'),
        ("title: Small", "", ":1: title: it is missing; add `title:` here"),
        (
            "mentor_type: any",
            "mentor_typ: any",
            ":14: pathways.0.mentor_typ: a kit has no such field here; did you mean",
        ),
        ("4 weeks\n    sess", "4\n    sess", ":15: pathways.0.ends: 4 has no unit; write for instance '4 days'"),
        (
            "4 weeks\n    sess",
            "soon\n    sess",
            ":15: pathways.0.ends: 'soon' is not a duration; write a number and a unit",
        ),
        ("id: s1", "id: s 1", ":17: pathways.0.sessions.0.id: 's 1' cannot be an id; use letters"),
        ("after: 3 days", "after: 5 weeks", ":17: pathways.0.sessions.0.after: session 's1' ends after the end"),
        (
            "measures: [portfolios shown]",
            "measures: many",
            ":10: promise.measures: a list is wanted, and this is a text",
        ),
        ("measures: [portfolios shown]", "measures: []", ":10: promise.measures: it needs at least one entry; add one"),
        ("nudge: learner", "nudge: everybody", ":22: escalations.0.then.nudge: 'everybody' is not one of the words"),
        ("nudge: learner", "shout: learner", ":22: escalations.0.then: nothing says what is done; write `nudge"),
        (
            "no_activity_for: 7 days",
            "by: 7 days",
            ":21: escalations.0.when: nothing says when it fires; write for",
        ),
        (
            "no_activity_for: 7 days",
            "overdue: lunch",
            ":21: escalations.0.when.overdue: 'lunch' is not one of the words",
        ),
        ("then: {nudge: learner}", "then: {}", ":22: escalations.0.then: nothing says what is done"),
        ("title: Quiet", "id: again", ":20: escalations.0.id: it is there already, in line 19; keep one of the two"),
        ("title: Quiet", "title: [Quiet", ":21: this is not YAML: "),
        ("title: Quiet", "title: *quiet", ":20: *quiet repeats another part of the file; aliases are not read"),
        ("title: Quiet", "title: !!python/object:os.system x", ":20: escalations.0.title: it cannot be read"),
        ("title: Quiet", "title: 2026-13-45", ":20: escalations.0.title: it cannot be read"),
        ("title: Quiet", "? [a]\n    : Quiet", ":20: escalations.0: the name of a field is not a plain word"),
        ("title: Small", "title: Small\nstarts_at: 2026-03-02", ":4: starts_at: "),
        ("title: Small", "title: Small\nstarts_at: 2026-03-02T09:00:00", ":4: starts_at: the moment has no time zone"),
    ],
)
def test_a_problem_names_its_line_and_its_remedy(tmp_path: Path, instead_of: str, written: str, said: str) -> None:
    assert SMALL.count(instead_of) == 1
    found = problems(tmp_path, SMALL.replace(instead_of, written))
    assert any(one.startswith(said) for one in found), found


def test_all_problems_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    wrong = SMALL.replace('"1"', "1").replace("nudge: learner", "nudge: all").replace("after: 3 days", "after: 3")
    assert [one.split(":")[1] for one in problems(tmp_path, wrong)] == ["2", "17", "22"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ("just words", "fields are wanted here"),
        ("- a\n- b\n", "fields are wanted here, and this is a list"),
        ("a: 1\n---\nb: 2\n", ":2: this is not YAML: but found another document"),
        ("\t- a", "this is not YAML"),
        ("[" * 100, "nested too deeply"),
        ("a: \x07", "this is not YAML"),
    ],
)
def test_what_is_no_kit_at_all_is_said(tmp_path: Path, text: str, said: str) -> None:
    assert any(said in one for one in problems(tmp_path, text))


def test_a_bomb_of_aliases_is_refused_before_it_goes_off(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30))
    assert "aliases are not read" in problems(tmp_path, bomb)[0]


def test_a_file_that_is_not_there_or_not_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(KitError, match="No such file"):
        load_kit(tmp_path)
    (tmp_path / "program.yaml").write_bytes(b"title: caf\xe9")
    with pytest.raises(KitError, match="UTF-8"):
        load_kit(tmp_path)
    (tmp_path / "program.yaml").write_bytes(b"#" * 2_000_000)
    with pytest.raises(KitError, match="2,000,000 bytes"):
        load_kit(tmp_path)


def test_the_texts_of_the_folder_are_texts_of_the_kit_and_so_is_its_source(tmp_path: Path) -> None:
    source = SMALL.replace("ends: 4 weeks", "ends: 4 weeks\n    assets: [guides/first.md]")
    (tmp_path / "program.yaml").write_text(source)
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "first.md").write_text("# First\n")
    (tmp_path / "README.md").write_text("about the folder")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "no.md").write_text("no")
    (tmp_path / "link.md").symlink_to(tmp_path / "README.md")
    kit = load_kit(tmp_path)
    assert dict(kit.texts) == {"guides/first.md": "# First\n", "program.yaml": source}
    (tmp_path / "guides" / "first.md").write_text("# Second\n")
    assert load_kit(tmp_path).digest != kit.digest


def test_a_text_that_is_not_there_has_a_name_that_is_near(tmp_path: Path) -> None:
    (tmp_path / "frist.md").write_text("x")
    found = problems(tmp_path, SMALL.replace("ends: 4 weeks", "ends: 4 weeks\n    assets: [first.md]"))
    assert found[0].startswith(":16: pathways.0.assets.0: there is no text 'first.md'; did you mean 'frist.md'?")


def test_texts_too_large_or_not_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "large.md").write_text("x" * 200_000)
    (tmp_path / "other.md").write_bytes(b"\xff")
    (tmp_path / "program.yaml").write_text(SMALL)
    with pytest.raises(KitError, match=r"(?s)large.md: it has 200,000 bytes.*other.md:1: there is a character that is"):
        load_kit(tmp_path)


@pytest.mark.parametrize(
    ("instead_of", "written", "said"),
    [
        ("title: Small", "title: no", ":3: title: a text is wanted, and no is read as yes or no; put it in quotes"),
        ("title: Small", "title: 12:30", ":3: title: a text is wanted, and 12:30 is read as a number"),
        ("title: Small", "title: 2026-03-02", ":3: title: a text is wanted, and 2026-03-02 is read as a date"),
        ("title: Small", 'title: "a\\0b"', ":3: title: there is a NUL character"),
        ("title: Small", "title: Small\ntexts: {a.md: x}", ":4: texts: the texts of a kit are the Markdown files"),
        (
            "no_activity_for: 7 days",
            "sessions_missed_in_a_row: yes",
            ":21: escalations.0.when.sessions_missed_in_a_row",
        ),
        ("nudge: learner", "nudge: lerner", ":22: escalations.0.then.nudge: 'lerner' is not one of the words known"),
        (
            "    title: Main",
            "\ttitle: Main",
            ":13: this is not YAML: found a tab character that violates",
        ),
    ],
)
def test_the_traps_of_yaml_are_said(tmp_path: Path, instead_of: str, written: str, said: str) -> None:
    found = problems(tmp_path, SMALL.replace(instead_of, written))
    assert any(one.startswith(said) for one in found), found


def test_a_problem_has_its_column(tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_text(SMALL.replace("after: 3 days", "after: 3"))
    with pytest.raises(KitError) as caught:
        load_kit(tmp_path)
    assert [(one.line, one.column) for one in caught.value.problems] == [(17, 55)]


def test_a_folder_that_holds_much_else_is_not_searched_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_text(SMALL)
    for number in range(201):
        (tmp_path / f"{number}.md").write_text("x")
    with pytest.raises(KitError, match="more texts here than the 200 files"):
        load_kit(tmp_path)
    for number in range(5_000):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(KitError, match="more than 5,000 files in this folder"):
        load_kit(tmp_path)


def test_what_is_no_file_and_what_has_no_name_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_text(SMALL)
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    assert list(load_kit(tmp_path).texts) == ["program.yaml"]
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text("x")
    with pytest.raises(KitError, match=r"the name 'caf.*\.md' has characters that cannot be written down"):
        load_kit(tmp_path)


def test_warnings_are_carried_by_a_refusal_and_not_said_in_it(tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_text(SMALL.replace("no_activity_for: 7 days", "overdue: notes"))
    with pytest.raises(KitError) as caught:
        load_kit(tmp_path)
    assert "never fires: no session has a `notes` template" in str(caught.value)
    assert "these sessions have no `goal`" not in str(caught.value)
    assert [one.grave for one in caught.value.problems].count(False) == 3


def test_a_kit_may_say_its_format(tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_text(f"format: 1\n{SMALL}")
    assert load_kit(tmp_path).format == 1
    newer = ":23: format: this Trellis reads format 1 of program kits, and this one has 2; run a newer one"
    assert problems(tmp_path, f"{SMALL}format: 2\n") == [newer]
    assert problems(tmp_path, f"{SMALL}format: first\n")[0].startswith(":23: format: 'first' is not one of")
