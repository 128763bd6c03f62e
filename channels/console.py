"""Notifications on the terminal, for trying things out."""

import sys
from typing import TextIO

from channels.channel import Notification, Uncertain
from channels.lines import harmless, one_line


class ConsoleChannel:
    """Writes to standard error, or to the stream given, as it can be read; control characters become blanks."""

    name = "console"
    repeatable = False

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    async def send(self, notification: Notification) -> None:
        stream = self._stream or sys.stderr
        try:
            stream.write(_shown(notification))
            stream.flush()
        except (OSError, ValueError):
            raise Uncertain("the terminal went away, or cannot show the letter") from None

    async def close(self) -> None: ...


def _shown(notification: Notification) -> str:
    rule = f"{'-' * 20} letter {one_line(notification.id)} {'-' * 20}"
    to = f"{one_line(notification.to_name)} <{one_line(notification.to_address)}>"
    head = f"To: {to}\nSubject: {one_line(notification.subject)}"
    text = harmless(notification.text).rstrip()
    if notification.calendar:
        text = f"{text}\n\n{harmless(notification.calendar.content).rstrip()}"
    return f"{rule}\n{head}\n\n{text}\n{'-' * len(rule)}\n"
