"""What the operations of `office_hours` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime

from client.api.model import Model


class Offered(Model):
    office_hours: str
    starts_at: datetime
    ends_at: datetime
    seats: int


class OfficeHoursAhead(Model):
    office_hours: str
    mentor: str
    name: str
    program: str
    purpose: str
    starts_at: datetime
    ends_at: datetime
    there: datetime
    seats: int
    left: int
    learners: list[str]
    has_seat: bool
    suits: bool | None


class OfficeHoursCanceled(Model):
    mentor: str
    office_hours: str
    journeys: list[str]


class Seat(Model):
    mentor: str
    office_hours: str
    journey: str
    changed: bool
