"""The contract of the activity of a capacity review. activities/capacity.py implements it."""

from typing import Annotated

from domain.ids import SLUG, ProgramId
from domain.values import Frozen


class ReviewProgram(Frozen):
    """What a review is started with."""

    program: Annotated[ProgramId, SLUG]


class RecordCapacity(Frozen):
    """Look at the capacity of the program and record it; again with the same name, nothing changes."""

    program: ProgramId
    review: str
    """Names the review."""


class CapacityRecorded(Frozen):
    version: int
    """Of the stream of the program's reviews."""
    mentors_over_limit: int
    mentors_under_used: int
    waiting: int


RECORD_CAPACITY = "record_capacity"
"""The name of the activity. It is stored in histories and never changes."""
