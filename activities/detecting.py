"""The activity of the detectors: look at what was written around sessions lately, and record what is found."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.heartbeats import heartbeats
from domain.detecting import detect
from domain.finding import FINDINGS, RaiseFindings, findings_stream
from domain.ids import ProgramId, StreamId
from domain.journey import fold
from kits.lookup import NoSuchProgram, newest_published
from projections.journeys import JOURNEY_CODEC, journey_of
from projections.views.findings import journeys_to_look_at
from store import kits
from store.database import Pool
from store.event_log import EventLog
from store.transact import given, transact
from workflows.detecting_activities import LOOK_FOR_FINDINGS, SILENCE_OF_DETECTORS, Looked, LookForFindings
from workflows.journey_activities import NO_SUCH_KIT

log = structlog.get_logger()

_LOOKS_BACK = timedelta(days=35)
_PAGE = 200


class Detectors:
    """Can be repeated at any time: what was found is known by its id. Contract: workflows/detecting_activities.py."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._log = EventLog(pool)

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (self.look_for_findings,)

    @activity.defn(name=LOOK_FOR_FINDINGS)
    async def look_for_findings(self, asked: LookForFindings) -> Looked:
        """Raises a non-retryable ApplicationError when the program has published no kit."""
        try:
            await newest_published(self._pool, asked.program)
        except NoSuchProgram as error:
            raise ApplicationError(str(error), type=NO_SUCH_KIT, non_retryable=True) from error
        journeys = raised = 0
        async with heartbeats(SILENCE_OF_DETECTORS, lambda: (journeys, raised)):
            since, after = asked.since or datetime.now(UTC) - _LOOKS_BACK, ""
            while page := await journeys_to_look_at(self._pool, asked.program, since, after, _PAGE):
                for stream in page:
                    raised += await self._look_at(asked.program, stream)
                journeys, after = journeys + len(page), page[-1]
        log.info("findings_looked_for", program=asked.program, journeys=journeys, raised=raised)
        return Looked(journeys=journeys, raised=raised)

    async def _look_at(self, program: ProgramId, stream: str) -> int:
        """How many findings are new."""
        events = JOURNEY_CODEC.decode_known(await self._log.read_stream(StreamId(stream)))
        state = fold(events)
        assert state, "the view has it from the log"
        journey = journey_of(stream)
        found = detect(await kits.load(self._pool, state.kit), journey, state, events)
        if not found:
            return 0
        command = RaiseFindings(program=program, journey=journey, found=found)
        meta = given(command)
        done = await transact(self._pool, findings_stream(journey), FINDINGS, command, datetime.now(UTC), meta=meta)
        return len(done.events)
