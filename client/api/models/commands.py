"""What the operations of `commands` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from client.api.model import Model


class CommandForm(Model):
    name: str
    says: str
    input: dict[str, Any]
    personal: list[str]
    output: dict[str, Any]
    refusal: str


class ForeseenDuty(Model):
    says: str
    about: str
    who: Literal["learner", "mentor", "ops"]
    due_at: datetime


class ForeseenEvent(Model):
    type: str
    says: str


class ForeseenLetter(Model):
    to: Literal["learner", "mentor", "ops"]
    message: str
    occasion: str


class ForeseenTimer(Model):
    says: str
    rule: str
    change: Literal["stops", "starts", "moves"]
    at: datetime
    before: datetime | None = None


class MeetingInput(Model):
    """A session of the group, and when it begins."""

    session: str
    starts_at: datetime


class Preview(Model):
    """What a command would bring about."""

    journey: str
    version: int
    command: str
    events: list[ForeseenEvent]
    stage_before: str
    stage_after: str
    letters: list[ForeseenLetter]
    no_longer_awaited: list[ForeseenDuty]
    newly_awaited: list[ForeseenDuty]
    timers: list[ForeseenTimer]
    cases_closed: list[str]
