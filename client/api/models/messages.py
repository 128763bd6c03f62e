"""What the operations of `messages` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model


class CourierResumed(Model):
    stopped_at: int | None
    processed: list[int]


class EventSetAside(Model):
    position: int
    stream: str


class MessageBounced(Model):
    message: str
    new: bool


class MessageRetried(Model):
    message: str


class MessageRow(Model):
    message: str
    journey: str
    program: str
    version: int
    when: (
        Literal[
            "reminder",
            "nudge",
            "case",
            "offer",
            "remedies",
            "follow_up",
            "more_information",
            "invitation",
            "survey",
            "approved",
            "declined",
            "offer_withdrawn",
            "matched",
            "mentor_left",
            "session_moved",
            "session_cancelled",
            "submitted",
            "reviewed",
            "new_dates",
            "paused",
            "resumed",
            "wrap_up",
            "closed",
            "reopened",
        ]
        | Literal["message"]
    )
    to: Literal["learner", "mentor", "ops"]
    recipient: str
    channel: str | None
    status: Literal["wanted", "handed_over", "sent", "not_taken", "bounced", "uncertain", "skipped"]
    since: datetime
    attempts: int
    because: str | None


class ParkedEvent(Model):
    position: int
    stream: str
    kind: str
    reason: str
    actor: str
