"""The contract of the activities of a round of reviews. activities/quality.py implements them."""

from datetime import datetime
from typing import Annotated

from domain.ids import SLUG, ProgramId, RoundId
from domain.values import Frozen


class HoldReviews(Frozen):
    """What `QaRound` is started with."""

    program: Annotated[ProgramId, SLUG]


class BeginReviews(Frozen):
    """Draw a sample and begin a round, or go on with the one that is open."""

    program: ProgramId
    run: str
    """Names whoever begins, so that a repeated beginning is recognized."""
    at: datetime


class CloseReviews(Frozen):
    """Close the round if everything is settled or its time is over."""

    round: RoundId
    at: datetime


class Reviews(Frozen):
    """Where the round stands."""

    round: RoundId | None
    """None: no session was held since the last round that could be reviewed, or the kit wants no rounds."""
    closes_at: datetime | None = None
    items: int = 0
    is_open: bool = False


BEGIN_REVIEWS = "begin_reviews"
CLOSE_REVIEWS = "close_reviews"
"""The names of the activities. They are stored in histories and never change."""
