"""Reading a kit: what is wrong, on which line, and how to mend it."""

from pathlib import Path

import pytest

from interfaces.kits import KitError, load_kit

SMALL = """\
program: small
version: "1"
title: Small
promise:
  outcome: a portfolio
  audience: beginners
  duration: 4 weeks
  cadence: weekly
  support: a mentor
  measures: [portfolios shown]
pathways:
  - id: main
    title: Main
    mentor_type: any
    ends: 4 weeks
    sessions:
      - {id: s1, title: Goals, purpose: set the goal, after: 3 days}
escalations:
  - id: quiet
    title: Quiet
    when: {no_activity_for: 7 days}
    then: {nudge: learner}
"""


def problems(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "program.yaml"
    file.write_text(text)
    with pytest.raises(KitError) as caught:
        load_kit(file)
    return [str(one).removeprefix(str(file)) for one in caught.value.problems]


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
        ("after: 3 days", "after: 5 weeks", ":17: pathways.0.sessions.0.after: session 's1' would not be over when"),
        (
            "measures: [portfolios shown]",
            "measures: many",
            ":10: promise.measures: a list is wanted, and this is a text",
        ),
        ("measures: [portfolios shown]", "measures: []", ":10: promise.measures: it needs at least one entry; add one"),
        ("nudge: learner", "nudge: everybody", ":22: escalations.0.then.nudge: 'everybody' is not one of the words"),
        ("nudge: learner", "shout: learner", ":22: escalations.0.then: nothing says what is done; write `nudge"),
        ("no_activity_for: 7 days", "by: 7 days", ":21: escalations.0.when: nothing says when it comes; write `no_act"),
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
