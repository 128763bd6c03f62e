"""What the operations of `training` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime

from client.api.model import Model


class Acknowledged(Model):
    mentor: str
    program: str
    step: str
    new: bool


class Standing(Model):
    program: str
    version: str
    steps: list[str]
    titles: list[str]
    mentors: list[Trained]


class Trained(Model):
    mentor: str
    name: str | None
    steps: list[TrainingStep]
    ready: bool


class TrainingStep(Model):
    step: str
    since: datetime | None
    kit: str | None
