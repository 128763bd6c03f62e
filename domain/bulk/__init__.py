"""A bulk action: the same for many journeys, chosen once and carried out at a set rate.

In reading order: events, commands, state, decide. The stream is `bulk-` and the action's id. It says what was planned,
by whom, and how far people let it go; which journeys it is for, and what came of each, is in store/bulk.py.
"""

from domain.bulk.commands import (
    BeginBulk,
    BulkCommand,
    FinishBulk,
    PauseBulk,
    PlanBulk,
    ResumeBulk,
    StopBulk,
)
from domain.bulk.decide import BULK, Code, decide
from domain.bulk.events import EVENTS, BulkEvent, Kind, Outcome, Outcomes
from domain.bulk.state import BulkState, Status, evolve

__all__ = [
    "BULK",
    "EVENTS",
    "BeginBulk",
    "BulkCommand",
    "BulkEvent",
    "BulkState",
    "Code",
    "FinishBulk",
    "Kind",
    "Outcome",
    "Outcomes",
    "PauseBulk",
    "PlanBulk",
    "ResumeBulk",
    "Status",
    "StopBulk",
    "decide",
    "evolve",
]
