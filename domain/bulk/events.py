"""What happens to a bulk action."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field, StringConstraints

from domain.ids import MentorId, ProgramId
from domain.limits import MAX_COMMAND_BYTES
from domain.values import Actor, Event, Frozen, Personal, PersonalMark

Kind = Literal["command", "reassign", "start"]
"""The same command for every journey; another mentor for each; journeys that begin."""
Outcome = Literal["done", "unchanged", "refused", "unanswered"]
"""What came of it for one journey. `unchanged`: nothing was left to do. `unanswered`: the journey has not answered; it
may still do it."""

MOST_JOURNEYS = 50_000
SLOWEST, FASTEST = 0.1, 200.0

Rate = Annotated[float, Field(ge=SLOWEST, le=FASTEST)]
"""Journeys a second."""

Content = Annotated[str, PersonalMark(), StringConstraints(pattern=r"^[^\x00]*$", max_length=MAX_COMMAND_BYTES)]


class Outcomes(Frozen):
    """How many journeys had which outcome."""

    done: int = 0
    unchanged: int = 0
    refused: int = 0
    unanswered: int = 0

    @property
    def all(self) -> int:
        return self.done + self.unchanged + self.refused + self.unanswered


class BulkPlanned(Event):
    """The journeys were selected, and stay so whatever happens to them. Nothing is done until somebody confirms it."""

    type: ClassVar[str] = "bulk.planned"
    kind: Kind
    command: str | None = None
    """The name of the command, for the kind `command`."""
    content: Content = "{}"
    """The fields of the command, as JSON."""
    mentors: tuple[MentorId, ...] = ()
    """Who takes over, for the kind `reassign`: each journey has one of them."""
    sends_answers: bool = False
    """For the kind `start`: whether known answers to the intake are sent in."""
    filter: Mapping[str, str | bool] = {}
    """By what the journeys were chosen on the board. None of it: they were named."""
    programs: tuple[ProgramId, ...] = ()
    """Those of the journeys."""
    journeys: int
    digest: str
    """SHA-256 of what is done and of the journeys: what a script confirms."""
    rate: Rate
    by: Actor


class BulkBegun(Event):
    """It was confirmed, and is carried out from now on."""

    type: ClassVar[str] = "bulk.begun"


class BulkPaused(Event):
    """No further journey is touched until it is resumed."""

    type: ClassVar[str] = "bulk.paused"
    reason: Personal = ""


class BulkResumed(Event):
    """It goes on with the journeys that are left."""

    type: ClassVar[str] = "bulk.resumed"
    rate: Rate | None = None
    """From now on. None: as before."""


class BulkStopped(Event):
    """The journeys that are left stay as they are, for good."""

    type: ClassVar[str] = "bulk.stopped"
    reason: Personal = ""


class BulkFinished(Event):
    """Every journey has an outcome."""

    type: ClassVar[str] = "bulk.finished"
    outcomes: Outcomes


BulkEvent = BulkPlanned | BulkBegun | BulkPaused | BulkResumed | BulkStopped | BulkFinished
EVENTS: dict[str, type[BulkEvent]] = {event.type: event for event in get_args(BulkEvent)}
