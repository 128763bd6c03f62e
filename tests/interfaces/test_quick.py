"""What is written without rich reads as rich would write it, and what only rich can write is left to it."""

import sys

import pytest

from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.screen import out

GRID = Grid(
    ("journey", "mentor", "since"), [Row(("p.l-1", "", "2 days ago"), "yellow"), Row(("p.l-22", "[Ana]", "now"))]
)


def written(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def as_on_a_terminal(monkeypatch: pytest.MonkeyPatch, **more: str) -> None:
    """Stdout looks like a terminal of 60 columns with colors."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in {"TERM": "xterm", "COLUMNS": "60", "LINES": "25", **more}.items():
        monkeypatch.setenv(name, value)


def test_a_table_reads_as_rich_writes_it(capsys: pytest.CaptureFixture[str]) -> None:
    show(GRID)
    quick = written(capsys)
    out().print(GRID)
    assert quick == written(capsys)
    assert quick[1] == "p.l-1            2 days ago"


def test_a_terminal_gets_styles(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    as_on_a_terminal(monkeypatch)
    show(Line(("a", "bold"), " b"), GRID)
    lines = written(capsys)
    assert lines[0] == "\x1b[1ma\x1b[0m b"
    assert lines[2].startswith("\x1b[33mp.l-1 ")


def test_no_color_is_heeded(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    as_on_a_terminal(monkeypatch, NO_COLOR="1")
    show(Line(("late", "yellow")), GRID)
    assert "\x1b[33m" not in capsys.readouterr().out


def test_what_is_too_wide_is_folded(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    as_on_a_terminal(monkeypatch, NO_COLOR="1")
    show(Grid(("journey", "title"), [Row(("p.l-1", "word " * 30))]))
    lines = written(capsys)
    assert len(lines) > 3
    assert all(len(line) <= 60 for line in lines[1:])


@pytest.mark.parametrize("text", ["\x1b[31mred", "\u202eback", "two\rlines"])
def test_nothing_steers(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    show(Line(text), Grid(("a",), [Row((text,))]))
    assert not set("\x1b\u202e\r") & set(capsys.readouterr().out)


def test_wide_characters_keep_columns_in_line(capsys: pytest.CaptureFixture[str]) -> None:
    show(Grid(("learner", "stage"), [Row(("\u674e\u660e", "sessions")), Row(("Zofi\u0119", "intake"))]))
    assert [line.split()[-1] for line in written(capsys)] == ["stage", "sessions", "intake"]


def test_a_long_line_stays_one(capsys: pytest.CaptureFixture[str]) -> None:
    show(Line("word " * 60 + "end"))
    assert len(written(capsys)) == 1
