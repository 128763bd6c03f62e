"""The command `trellis` without any server: for what needs none."""

import sys
from collections.abc import Callable

import pytest

from interfaces.cli import main

Offline = Callable[..., tuple[int, str, str]]
"""Runs a command as the shell would: its exit code, what it said to stdout, and to stderr."""


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Offline:
    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["trellis", *arguments])
        try:
            code = main()
        except SystemExit as end:
            code = int(end.code or 0)
        return code, *capsys.readouterr()

    return command
