"""Waiting until a view has what somebody has just written, so that they read it."""

import asyncio
from datetime import timedelta

from client.journeys import NoSuchJourney
from domain.ids import JourneyId, journey_stream
from domain.refusal import RefusalCode, Rejected
from projections.sql import query
from store.database import Pool
from store.errors import StoreError

PATIENCE = timedelta(seconds=5)
_PAUSE_SECONDS = 0.02


class Code(RefusalCode):
    NOT_RECORDED = "version_not_recorded"
    """`version`: the latest that the journey has."""


class Behind(StoreError):
    """The view does not have it in time. The message says what to do."""

    def __init__(self, view: str, version: int) -> None:
        super().__init__(
            f"The view {view} is behind the log and does not have version {version} yet. Try again in a moment; "
            "`trellis projections` shows whether a projector runs, and how far it is"
        )


async def wait_for_view(pool: Pool, view: str, journey: JourneyId, version: int) -> None:
    """Returns once the view has the journey's events up to this version.

    Raises:
        NoSuchJourney: when the log has no such journey.
        Rejected: when the journey has not come to that version, so that waiting may be in vain.
        Behind: when the view does not have it in time.
    """
    until = asyncio.get_running_loop().time() + PATIENCE.total_seconds()
    while await _is_behind(pool, view, journey, version):
        if asyncio.get_running_loop().time() > until:
            raise Behind(view, version)
        await asyncio.sleep(_PAUSE_SECONDS)


async def _is_behind(pool: Pool, view: str, journey: JourneyId, version: int) -> bool:
    """Raises NoSuchJourney, Rejected."""
    row = await pool.fetchrow(query("view_behind"), view, journey_stream(journey), version)
    if row is None:
        raise NoSuchJourney(journey)
    if row["version"] < version:
        raise Rejected(
            Code.NOT_RECORDED,
            f"min_version is {version}, and the journey has come to version {row['version']}; use the version that an "
            "answer named",
            {"version": row["version"]},
        )
    return bool(row["behind"])
