"""What a shell is told when it asks what may come next."""

import os
import subprocess
import sys

import pytest

_ASK = "import sys; sys.argv = ['trellis']; from interfaces.cli import run; run()"


@pytest.mark.parametrize(
    ("typed", "offered"), [("trellis atten", "attention"), ("trellis send some.journey pau", "pause")]
)
def test_commands_are_completed(typed: str, offered: str) -> None:
    asked = {"_TRELLIS_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    command, environment = [sys.executable, "-c", _ASK], {**os.environ, **asked}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.stdout.split() == [offered], ran.stderr
