"""The activities of rounds, groups and surveys in a play: they record at the time of the scenario.

A play puts its own worker together, so this is the one place outside of `roles/` that knows activities.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from temporalio.client import Client

from activities.cohorts import Cohorts
from activities.rounds import Rounds
from activities.silences import Measuring
from activities.surveys import Surveys
from store.database import Pool


class ScenarioTime:
    """The clock of the program: it stands at what is being carried out."""

    def __init__(self) -> None:
        self.moment: datetime | None = None

    def __call__(self) -> datetime:
        assert self.moment, "nothing is recorded before the first line"
        return self.moment


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the program of a scenario is played."""

    client: Client
    pool: Pool
    dsn: str
    catching_up: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while log and views are brought up to date: of several scenarios on one database, one at a time can do it.
    """


def of_rounds_and_groups(on: Surroundings, clock: ScenarioTime) -> Sequence[Callable[..., Any]]:
    """For a worker."""
    return [*Rounds(on.pool, on.client, clock).all, *Cohorts(on.pool, on.client, clock=clock).all]


def of_silences(on: Surroundings, clock: ScenarioTime) -> Measuring:
    """To be called by itself: its workflow only waits for it."""
    return Measuring(on.pool, clock)


def of_surveys(on: Surroundings, clock: ScenarioTime) -> Surveys:
    """To be called one by one: the workflow of a survey only waits between them."""
    return Surveys(on.pool, on.client, clock=clock)
