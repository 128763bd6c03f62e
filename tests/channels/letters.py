"""A letter to hand over, and what must hold for every refusal of it."""

from dataclasses import replace
from typing import Any

from channels.addresses import Mailbox
from channels.channel import Notification

SENDER = Mailbox("Mentoring", "mentoring@trellis.example")
LETTER = Notification(
    id="job-ready.l-10.reminder-1",
    to_name="Žofie Nováková",
    to_address="zofie@learners.example",
    subject="Wie geht es dir? 🌱",
    text="Hello Žofie,\n\n.one line begins with a point\nand one is " + "long " * 60 + "\n",
)


def letter(**changes: Any) -> Notification:
    return replace(LETTER, **changes)


def assert_tells_nothing_of_people(error: BaseException) -> None:
    """Neither in its words nor in those of a cause, which Temporal would store with it."""
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    told = f"{error}{error.args}".lower()
    for personal in ("zofie", "žofie", "learners.example", "wie geht", "one line begins"):
        assert personal not in told
