"""What the operations of `people` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from client.api.model import Model


class OwnPageLink(Model):
    person: str
    address: str
    expires_at: datetime


class OwnPageLinksRevoked(Model):
    person: str


class PeopleImported(Model):
    people: int
    new: int
    changed: int
    dry_run: bool


class PeoplePage(Model):
    people: list[PersonRecord]
    next: str | None


class PersonRecord(Model):
    id: str
    kind: Literal["learner", "mentor"]
    name: str
    email: str | None
    time_zone: str | None
    attributes: dict[str, Any]


class PersonStored(Model):
    id: str
    new: bool
    changed: list[str]
