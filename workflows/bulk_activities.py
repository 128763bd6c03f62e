"""The contract of the activity of a bulk action. activities/bulk.py implements it.

Names are stored in histories and never change; a field is only ever added, with a default.
"""

from datetime import timedelta

from domain.bulk import Outcomes, Status
from domain.ids import BulkId
from domain.values import Frozen

CARRY_OUT_BULK = "carry_out_bulk"

SILENCE_OF_BULK = timedelta(seconds=10)
"""A worker that reports no heartbeat for so long is taken for dead, and another goes on where it was."""


class CarryOut(Frozen):
    """Go on with the journeys that have no outcome yet."""

    bulk: BulkId


class BulkProgress(Frozen):
    """How far a bulk action has come. `running`: there is more to do."""

    version: int
    """Of the stream of the action."""
    status: Status
    outcomes: Outcomes
    left: int
