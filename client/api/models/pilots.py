"""What the operations of `pilots` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from client.api.model import Model
from client.api.models.shared import Effect


class BaselineFigures(Model):
    """In the form in which a pilot takes imported figures."""

    source: str
    name: str
    figures: dict[str, dict[str, float]]


class Imported(Model):
    """Figures from elsewhere: of a time before Trellis, or of a rehearsal."""

    source: Literal["imported", "rehearsal"] = "imported"
    name: str
    figures: dict[str, Any]


class Mean(Model):
    n: int
    mean: float
    deviation: float


class PilotBegun(Model):
    """From now on these learners are compared with the baseline, by one measure above all."""

    at: datetime
    program: str
    title: str
    change: str
    whom: Whom
    baseline: Whom | Imported
    measure: str
    least_difference: float | None
    broken: list[str]
    by: str


class PilotReport(Model):
    program: str
    pilot: str
    begun: PilotBegun
    changes: list[str]
    ended_at: datetime | None
    verdict: str | None
    conclusion: str | None
    learners: int
    baseline_learners: int | None
    one_change: bool
    broken: list[str]
    effects: list[Effect]
    sample: SampleNeeded
    text: str = ""


class PilotRow(Model):
    pilot: str
    program: str
    title: str
    change: str
    measure: str
    cohort: str | None
    kit_version: str | None
    baseline: Literal["learners", "imported", "rehearsal"]
    changes: int
    broken: bool
    begun_at: datetime
    begun_by: str
    ended_at: datetime | None
    verdict: Literal["kept", "dropped", "undecided"] | None


class SampleNeeded(Model):
    """For the measure of the pilot."""

    each: int | None
    more: int | None


class Share(Model):
    count: int
    of: int


class Whom(Model):
    """Learners of the program, by what is given; all of it must hold."""

    cohort: str | None = None
    kit: str | None = None
    version: str | None = None
    since: datetime | None = None
    until: datetime | None = None
