"""`trellis backtest` as it is typed."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from interfaces.cli.backtest import backtest
from tests.scenario import invented

KIT = str(Path(__file__).resolve().parents[3] / "programs" / "job-ready")

APP = typer.Typer()
APP.command()(backtest)


def run(*words: str) -> tuple[int, str, str]:
    said = CliRunner().invoke(APP, [KIT, *words])
    return said.exit_code, said.stdout, said.stderr


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(invented.write(tmp_path / "tables"))


def test_a_report_in_words_and_as_json(folder: str) -> None:
    report = Path(folder).parent / "backtest.html"
    asked = ("--report", str(report), "--folder", folder, "--term", "2013J")
    code, out, err = run(*asked, "--day", "20", "--set", "escalations.quiet.when.no_activity_for=10 days")
    assert (code, err) == (0, f"The report is in {report}.\n")
    assert "<h2>Day 20</h2>" in report.read_text()
    assert "With the change, less without it" in report.read_text()
    assert "Day 20" in out
    assert "Detection is not effect" in out
    assert "Kuzilek" in out
    code, out, _ = run(*asked, "--json")
    assert code == 0
    assert {one["rule"] for one in json.loads(out)["rules"]} == {"quiet", "late-work", "setbacks"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--term", "2020J"], "there is no term '2020J'"),
        (["--set", "escalations.nobody.when=1"], "there is no 'nobody' in escalations"),
    ],
)
def test_mistakes_are_told_in_words(folder: str, words: list[str], says: str) -> None:
    code, _, err = run("--folder", folder, *words)
    assert (code, says in err) == (2, True)


def test_without_data_it_says_where_to_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRELLIS_DATA", raising=False)
    code, _, err = run()
    assert code == 2
    assert "TRELLIS_DATA" in err
