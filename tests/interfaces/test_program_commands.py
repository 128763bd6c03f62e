"""The commands of `trellis program` that need no server."""

from pathlib import Path

import pytest
from pydantic_core import from_json

from runtime.exits import Exit
from tests.interfaces.conftest import Offline
from tests.support.small_kit import SMALL


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    (tmp_path / "program.yaml").write_text(SMALL)
    return tmp_path


def test_a_kit_that_holds_together_passes_with_its_warnings(offline: Offline, kit: Path) -> None:
    code, out, err = offline("program", "check", str(kit))
    assert (code, "is valid, with 3 warnings" in out) == (Exit.OK, True)
    assert "program.yaml:16:5: warning: pathways.0.sessions: these sessions have no `goal`: s1" in err
    assert offline("program", "check", "--strict", str(kit))[0] == Exit.BAD_INPUT


def test_problems_are_told_for_people_and_for_programs(offline: Offline, kit: Path) -> None:
    file = kit / "program.yaml"
    file.write_text(SMALL.replace("no_activity_for: 7 days", "overdue: notes"))
    code, out, err = offline("program", "check", str(kit))
    assert (code, out) == (Exit.BAD_INPUT, "")
    assert f"{file}:21:5: error: escalations.0.when: escalation 'quiet' never fires" in err
    code, out, _ = offline("program", "check", str(kit), "--json")
    told = from_json(out)
    assert (code, told["passed"], told["kit"]) == (Exit.BAD_INPUT, False, None)
    (problem,) = [one for one in told["problems"] if one["severity"] == "error"]
    assert (problem["line"], problem["column"], problem["field"]) == (21, 5, "escalations.0.when")
    assert problem["remedy"] == "remove it, or change its condition"


def test_a_folder_without_a_kit_is_said(offline: Offline, tmp_path: Path) -> None:
    code, _, err = offline("program", "check", str(tmp_path))
    assert (code, "No such file" in err) == (Exit.BAD_INPUT, True)
