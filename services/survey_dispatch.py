"""Follows the log and starts a workflow for each survey that the kit of a journey wants after an event.

What has fallen due is written down together with how far the log was read, until the log itself has it. So a survey
whose workflow was never started, or was lost, is found: a sweep starts it again, and nothing is asked twice.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic

import structlog
from temporalio.client import Client

from client.surveys import start_survey
from domain import journey
from domain.ids import RespondentId, StreamId, SurveyRequestId
from domain.notification import untimely
from domain.survey import CALLING, Ask, surveys_after
from projections.journeys import journey_of
from projections.reading import BeingRebuilt
from projections.views import survey_requests
from projections.views.survey_requests import OpenRequest
from runtime.fan_out import fan_out
from store import kits, surveys
from store.codec import Codec, Unknown
from store.database import Connection, Pool
from store.errors import StoreError
from store.event_log import EventLog
from store.leading import Interruptions, lead
from store.locks import Lock
from store.respondents import read_request
from store.surveys import Due, Occasion
from workflows.contract import PROGRAM_TASK_QUEUE
from workflows.survey_activities import RunSurvey

log = structlog.get_logger(__name__)

_RETRY_SECONDS = 5.0
_LOOK_SECONDS = 1.0
_POSITIONS = 5_000
_AT_ONCE = 8
_PAGE = 500
_SWEEP_SECONDS = 60.0
"""Between two looks at what should have been asked or closed by now."""
_ALL_SECONDS = 3_600.0
"""Between two looks at all that is open: reminders are late by so much where Temporal has lost a workflow."""
_OVERDUE = timedelta(minutes=1)
_CODEC = Codec(journey.EVENTS)


class SurveyDispatch:
    """One process leads, any number may stand by. `run` returns only when cancelled."""

    def __init__(self, dsn: str, pool: Pool, temporal: Client, task_queue: str = PROGRAM_TASK_QUEUE) -> None:
        self._dsn = dsn
        self._pool = pool
        self._temporal = temporal
        self._task_queue = task_queue

    async def run(self) -> None:
        patience = Interruptions("surveys", pause=lambda _: _RETRY_SECONDS)
        await lead(self._dsn, Lock.SURVEYS, self._work, name="surveys", patience=patience)

    async def _work(self, connection: Connection) -> None:
        swept = looked = float("-inf")
        while True:
            await self.catch_up()
            if monotonic() - looked >= _ALL_SECONDS:
                await self.sweep(everything=True)
                swept = looked = monotonic()
            elif monotonic() - swept >= _SWEEP_SECONDS:
                await self.sweep()
                swept = monotonic()
            await asyncio.sleep(_LOOK_SECONDS)
            await connection.execute("select 1")  # raises when the connection is lost, and the leadership with it

    async def catch_up(self) -> None:
        """Starts what follows from the log up to its present end."""
        head = await EventLog(self._pool).head()
        while (position := await surveys.position(self._pool)) < head:
            upto = min(position + _POSITIONS, head)
            occasions = await surveys.occasions(self._pool, position, upto, sorted(CALLING))
            due = [one for found in await fan_out(self._due, occasions, _AT_ONCE) for one in found]
            await surveys.enter(
                self._pool, [Due(one.ask.request, one.ask_at, one.model_dump_json()) for one in due], read_to=upto
            )
            await self._start(due)

    async def sweep(self, *, everything: bool = False) -> int:
        """Starts again what should have been asked or closed by now; `everything`: all that is open. Returns how many
        surveys were looked at."""
        now = datetime.now(UTC)
        return await self._sweep_due(now - _OVERDUE) + await self._sweep_open(None if everything else now - _OVERDUE)

    async def _sweep_due(self, before: datetime) -> int:
        after, looked = (datetime.min.replace(tzinfo=UTC), ""), 0
        while page := await surveys.due_before(self._pool, before, after, _PAGE):
            await self._start([RunSurvey.model_validate_json(one.input) for one in page])
            after, looked = (page[-1].ask_at, page[-1].request), looked + len(page)
        return looked

    async def _sweep_open(self, until: datetime | None) -> int:
        after, looked = "", 0
        try:
            while page := await survey_requests.still_open(self._pool, until, after, _PAGE):
                found = await fan_out(self._again, page, _AT_ONCE)
                await self._start([one for one in found if one])
                after, looked = page[-1].request, looked + len(page)
        except BeingRebuilt as error:
            log.info("surveys_wait", because=str(error))
        return looked

    async def _start(self, due: Sequence[RunSurvey]) -> None:
        await fan_out(lambda one: start_survey(self._temporal, one, self._task_queue), due, _AT_ONCE)

    async def _due(self, occasion: Occasion) -> Sequence[RunSurvey]:
        """Of a journey that cannot be read, none: it does not keep the others from theirs."""
        if untimely(occasion.at, datetime.now(UTC)):
            return ()
        stream = StreamId(occasion.stream)
        try:
            recorded = await EventLog(self._pool).read_stream(stream, limit=occasion.version)
            event, state = _CODEC.decode(recorded[-1]), journey.fold(_CODEC.decode_known(recorded))
            if state is None or isinstance(event, Unknown):
                return ()
            kit = await kits.load(self._pool, state.kit)
            found = surveys_after(kit, journey_of(stream), state, event, occasion.version)
        except (StoreError, ValueError) as error:
            log.warning("surveys_unknown", stream=stream, version=occasion.version, problem=type(error).__name__)
            return ()
        return [RunSurvey(ask=one.ask, ask_at=one.ask_at) for one in found]

    async def _again(self, one: OpenRequest) -> RunSurvey | None:
        """As it was started once. None: it is open no more, or the kit does not allow asking any more."""
        request = SurveyRequestId(one.request)
        respondent = RespondentId(one.stream.removeprefix("respondent-"))
        asked = (await read_request(self._pool, respondent, request, datetime.now(UTC))).state.requests.get(request)
        if asked is None or asked.standing != "open":
            return None
        kit = await kits.load(self._pool, asked.about.kit)
        if kit.asking is None:
            return None
        ask = Ask(request=request, survey=asked.survey, respondent=respondent, about=asked.about, asking=kit.asking)
        return RunSurvey(ask=ask, ask_at=datetime.now(UTC))
