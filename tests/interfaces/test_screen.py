"""What people wrote reaches a terminal without what would steer it."""

import json
from io import StringIO

import pytest

from interfaces.cli.answers import write
from interfaces.cli.screen import SafeConsole, complain, out, print_json, print_listing
from queries.listing import Listing

WILD = "Ann\x1b]0;title\x07\x1b[2J\x9b31m\r\u202egnp.exe\u2066\x00\x7f :warning: [red]x\ud800"
STEERS = set("\x1b\x07\x9b\r\u202e\u2066\x00\x7f\ud800")


def written(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    return out + err


def test_nothing_that_is_printed_steers_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    out().print(WILD, markup=False)
    complain(WILD)
    write(WILD + "\n")
    print_listing(Listing(title=WILD, columns=("name",), rows=[(WILD,)]))
    print_json({"name": WILD.replace("\ud800", "")})
    said = written(capsys)
    assert not STEERS & set(said)
    assert said.count("Ann") == 6
    assert ":warning:" in said
    assert "[red]x" in said


def test_json_means_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"name": "Z\u00f6\x9b\u202e\u2028\n\t\x1b"}
    print_json(value)
    assert json.loads(written(capsys)) == value


def test_lines_tabs_and_every_language_stay(capsys: pytest.CaptureFixture[str]) -> None:
    text = "two\nlines\tZofi\u0119 \u05d0\u200f \u0928\u092e\u0938\u094d\u0924\u0947 \U0001f469\u200d\U0001f3eb"
    out().print(text, markup=False)
    assert written(capsys) == text.expandtabs(8) + "\n"


def test_styles_of_our_own_still_reach_a_terminal() -> None:
    stream = StringIO()
    console = SafeConsole(file=stream, force_terminal=True, color_system="standard", highlight=False)
    console.print("[bold]a\x1b[31m[/]")
    assert stream.getvalue() == "\x1b[1ma\ufffd[31m\x1b[0m\n"
