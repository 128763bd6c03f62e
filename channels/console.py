"""Prints letters on the terminal, for trials."""

import sys
from typing import TextIO

from channels.channel import Letter, Uncertain
from channels.lines import harmless, one_line


class ConsoleChannel:
    """Writes to standard error, or to the given stream. Control characters are replaced."""

    name = "console"
    repeatable = False

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    async def send(self, letter: Letter) -> None:
        stream = self._stream or sys.stderr
        try:
            stream.write(_shown(letter))
            stream.flush()
        except (OSError, ValueError):
            raise Uncertain("the terminal went away, or cannot show the letter") from None

    async def close(self) -> None: ...


def _shown(letter: Letter) -> str:
    rule = f"{'-' * 20} letter {one_line(letter.id)} {'-' * 20}"
    head = f"To: {one_line(letter.to_name)} <{one_line(letter.to_address)}>\nSubject: {one_line(letter.subject)}"
    return f"{rule}\n{head}\n\n{harmless(letter.text).rstrip()}\n{'-' * len(rule)}\n"
