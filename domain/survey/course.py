"""The course of one asking: what happens to it next, and when, once the person has been asked."""

from datetime import datetime
from typing import NamedTuple

from domain.kit import Asking


class NextStep(NamedTuple):
    at: datetime
    reminder: int | None
    """Which reminder is due then, from 1. None: the survey closes."""


def next_step(asking: Asking, expires_at: datetime, reminders: int) -> NextStep:
    """`expires_at`: until when it can be answered; `reminders`: how many were sent."""
    if reminders < len(asking.reminders):
        asked_at = expires_at - asking.open_for
        return NextStep(asked_at + asking.reminders[reminders], reminders + 1)
    return NextStep(expires_at, None)
