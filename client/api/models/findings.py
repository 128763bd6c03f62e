"""What the operations of `findings` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model


class Coaching(Model):
    """What a mentor reads: what was confirmed in their own sessions, with the kind words of the kit."""

    finding: str
    program: str
    journey: str
    session: str
    words: str
    because: str
    quotes: list[str]
    at: datetime


class DetectorRecord(Model):
    """How often one version of a detector was right."""

    detector: str
    version: int
    detects: str
    in_use: bool
    raised: int
    confirmed: int
    dismissed: int
    precision: Interval | None


class Drift(Model):
    """A mentor whose figure lies outside of what chance explains, given the others of the program."""

    mentor: str
    measure: str
    sessions: int
    value: float
    low: float
    high: float


class FindingPage(Model):
    rows: list[FindingRow]
    next: str | None


class FindingRecord(Model):
    """A finding with its words. Personal data."""

    finding: FindingRow
    detects: str
    because: str
    quotes: list[str]
    subject: str
    reason: str


class FindingRow(Model):
    id: str
    detector: str
    detector_version: int
    program: str
    journey: str
    session: str
    mentor: str | None
    raised_at: datetime
    standing: Literal["open", "confirmed", "dismissed"]
    decided_by: str | None
    decided_at: datetime | None


class Interval(Model):
    """An estimate, and the values that go with what was seen at the confidence that was asked for."""

    estimate: float
    low: float
    high: float


class Looked(Model):
    journeys: int
    raised: int
