"""What is written to stdout as it is, in JSON or in lines, without what would steer a terminal."""

import json
import sys
from typing import Any

from channels.lines import escaped, shown
from client.api.model import encode

WIDTH_IN_FILES = 160


def print_answer(answer: Any) -> None:
    """What the API answered, as JSON with all that it sent, what steers a terminal written as an escape."""
    write(escaped(json.dumps(encode(answer), indent=2, ensure_ascii=False)) + "\n")


def write(text: str) -> None:
    """To stdout as it is, but for what steers a terminal."""
    sys.stdout.write(shown(text))
