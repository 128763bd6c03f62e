"""What changes for whom between two versions of a kit, in words."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from pydantic_core import from_json

from domain.kit import Kit
from kits.diff import differences
from kits.loading import load_kit
from tests.domain.journeys import kits
from tests.offline import Offline

WHOLE = Path(__file__).parent.parent / "programs" / "whole"
SOURCE = (WHOLE / "program.yaml").read_text()


def changed(tmp_path: Path, instead_of: str, written: str) -> Kit:
    assert instead_of in SOURCE
    for text in WHOLE.rglob("*.md"):
        (tmp_path / text.relative_to(WHOLE)).parent.mkdir(exist_ok=True)
        (tmp_path / text.relative_to(WHOLE)).write_text(text.read_text())
    (tmp_path / "program.yaml").write_text(SOURCE.replace(instead_of, written, 1))
    return load_kit(tmp_path)


@pytest.mark.parametrize(
    ("instead_of", "written", "whom", "says"),
    [
        ("        after: 2 days\n", "        after: 5 days\n", "learner", "begins after 5 days instead of 2 days"),
        ("due: 2 weeks", "due: 3 weeks", "learner", "is due after 3 weeks instead of 2 weeks"),
        ("match: 5 days", "match: 3 days", "ops", "Service levels: match is 3 days instead of 5 days"),
        ("notes: 48 hours", "notes: 3 days", "mentor", "Service levels: notes is 3 days instead of 2 days"),
        ("mentor_type: coach", "mentor_type: guide", "mentor", "mentor type is 'guide' instead of 'coach'"),
        ("id: shipped, title: Shipped, due: 7", "id: live, title: Live, due: 7", "learner", "Milestone Live (live) on"),
        ("no_activity_for: 7 days", "no_activity_for: 6 days", "all", "when there is no activity for 6 days instead"),
        ("{after: 4 days", "{after: 3 days", "all", "after 3 days a warning case for the mentor"),
        ("{nudge: ops}}\n  - {id: unm", "{open_case: ops}}\n  - {id: unm", "ops", "instead of nudge ops"),
        ("goals: 3", "goals: 4", "all", "Matching: weights: goals is 4.0 instead of 3.0"),
        ("{mornings: mon-fri 08:00", "{mornings: mon-thu 08:00", "all", "mornings is 'mon-thu 08:00-12:00' instead of"),
        ("limit: 40 days", "limit: 30 days", "all", "Pausing lasts at most 30 days instead of 40 days"),
        ("required: false", "required: true", "learner", "Question more on Intake: required is yes instead of no"),
        ('version: "2026.1"', 'version: "2026.2"', "", ""),
    ],
)
def test_a_change_is_said_with_whom_it_touches(
    tmp_path: Path, instead_of: str, written: str, whom: str, says: str
) -> None:
    found = differences(load_kit(WHOLE), changed(tmp_path, instead_of, written))
    if not says:
        assert found == []
        return
    assert any(one.whom == whom and says in one.says for one in found), found


def test_both_places_are_named(tmp_path: Path) -> None:
    (one,) = differences(load_kit(WHOLE), changed(tmp_path, "limit: 40 days", "# why\n  limit: 30 days"))
    assert (one.before, one.after) == ("program.yaml:165", "program.yaml:166")


@settings(max_examples=40, deadline=None)
@given(kits(), kits())
def test_a_kit_differs_from_another_and_not_from_itself(one: Kit, other: Kit) -> None:
    assert differences(one, one) == []
    same = one.model_copy(update={"texts": {}}) == other.model_copy(update={"texts": {}})
    assert bool(differences(one, other)) is not same


def test_two_folders_are_compared_without_a_server(offline: Offline, tmp_path: Path) -> None:
    changed(tmp_path, "limit: 40 days", "limit: 30 days")
    (tmp_path / "messages.md").write_text("Other words.")
    code, out, _ = offline("program", "diff", str(WHOLE), str(tmp_path))
    assert (code, "Pausing lasts at most 30 days instead of 40 days" in out) == (0, True)
    assert "The text “Messages” (messages.md) is rewritten: 1 lines in, 1 out" in out
    code, out, _ = offline("program", "diff", str(WHOLE), str(tmp_path), "--json")
    assert [one["whom"] for one in from_json(out)["differences"]] == ["all", "all"]
    assert "Nothing changes" in offline("program", "diff", str(WHOLE), str(WHOLE))[1]
