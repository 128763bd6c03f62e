"""The input of a run of a journey's workflow: what it was started with, and what the run before it carries over."""

from collections.abc import Mapping
from typing import Any

from pydantic import AwareDatetime, Field

from domain.journey.stored import StoredState
from domain.kit.stored import StoredKit
from domain.origin import Origin
from domain.values import Frozen, is_none
from workflows.contract import Begin


class CommandEnvelope(Frozen):
    """A command as it was received, not yet read. Those not yet handled are carried to the next run."""

    id: str
    """Its identity: see workflows/identity.py."""
    name: str
    payload: Any
    at: AwareDatetime
    legacy_id: str = ""
    """The identity that earlier releases gave it, under which they may have recorded it."""
    if_version: int | None = Field(default=None, exclude_if=is_none)
    """The version of the journey that the sender has seen. At any other, the command is refused."""
    origin: Origin | None = Field(default=None, exclude_if=is_none)


class CarriedCommands(Frozen):
    """What all runs of a journey together know of its commands."""

    signals: Mapping[str, int] = Field(default_factory=dict)
    """How many signals with the same content they have received, by content."""
    recorded_updates: tuple[str, ...] = ()
    """Short keys of the updates that are recorded."""


class Carried(Frozen):
    """What one run of a journey's workflow passes to the next. The kit is found by the digest in the state."""

    state: StoredState
    version: int
    orders: tuple[CommandEnvelope, ...]
    clock_ahead: float
    commands: CarriedCommands = CarriedCommands()
    kit: StoredKit | None = None
    """Only from runs of releases that put kits into histories."""


class RunInput(Begin):
    carried: Carried | None = None
    """None: it is the first run."""
