"""The activities of surveys: ask, remind, close, and find the pulses that are due. Each can be repeated at any time."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from temporalio import activity
from temporalio.client import Client

from activities.clock import Clock, machine_time
from client.surveys import start_survey
from domain import journey
from domain.ids import JourneyId, SurveyRequestId, journey_stream
from domain.journey import JourneyEvent
from domain.journey.events import MentorMatched
from domain.survey import (
    RESPONDENT,
    Ask,
    DueSurvey,
    Expire,
    Remind,
    RespondentState,
    SurveyCommand,
    pulses_due,
    respondent_stream,
    still_wanted,
)
from projections.views import board, survey_requests
from store import kits, surveys
from store.codec import Codec
from store.database import Pool
from store.errors import StoreError
from store.event_log import EventLog
from store.respondents import read_request
from store.transact import given, transact
from workflows.contract import PROGRAM_TASK_QUEUE
from workflows.survey_activities import (
    ASK_SURVEY,
    EXPIRE_SURVEY,
    FIND_PULSES,
    REMIND_OF_SURVEY,
    Asked,
    AskPulses,
    PulsesFound,
    RemindOf,
    RunSurvey,
)

log = structlog.get_logger()
_JOURNEYS = Codec(journey.EVENTS)
_PAGE = 200
"""Journeys that are looked at in one go: about a second."""


class Surveys:
    """Contract: workflows/survey_activities.py."""

    def __init__(
        self, pool: Pool, temporal: Client, task_queue: str = PROGRAM_TASK_QUEUE, clock: Clock | None = None
    ) -> None:
        """`clock`: in a play, the time of its scenario; journeys are then looked at as they were at that time."""
        self._clock = clock
        self._now = clock or machine_time
        self._pool = pool
        self._temporal = temporal
        self._task_queue = task_queue
        self._log = EventLog(pool)

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (self.ask_survey, self.remind_of_survey, self.expire_survey, self.find_pulses)

    @activity.defn(name=ASK_SURVEY)
    async def ask_survey(self, ask: Ask) -> Asked:
        """Records that the person is asked, or why they are not."""
        events = await self._events(ask.about.journey)
        now = journey.fold(events)
        done = await self._carry_out(still_wanted(ask, now) if now else ask, ask)
        log.info("survey_asked", survey=ask.survey, program=ask.about.program, standing=done.standing)
        return done.model_copy(update={"version": len(events)})

    @activity.defn(name=REMIND_OF_SURVEY)
    async def remind_of_survey(self, asked: RemindOf) -> Asked:
        return await self._carry_out(Remind(request=asked.ask.request, reminder=asked.reminder), asked.ask)

    @activity.defn(name=EXPIRE_SURVEY)
    async def expire_survey(self, ask: Ask) -> Asked:
        return await self._carry_out(Expire(request=ask.request), ask)

    @activity.defn(name=FIND_PULSES)
    async def find_pulses(self, asked: AskPulses) -> PulsesFound:
        """Looks at the next open journeys of the program, and starts a workflow for each survey that is due and new."""
        page = await board.open_journeys(self._pool, asked.program, asked.after or "", _PAGE)
        now = self._now()
        due: list[DueSurvey] = []
        for one in page:
            due += await self.pulses_of(JourneyId(one.journey), now)
        known = await survey_requests.known(self._pool, [one.ask.request for one in due])
        new = [RunSurvey(ask=one.ask, ask_at=one.ask_at) for one in due if one.ask.request not in known]
        await surveys.enter(
            self._pool, [surveys.Due(one.ask.request, one.ask_at, one.model_dump_json()) for one in new]
        )
        for survey in new:
            await start_survey(self._temporal, survey, self._task_queue)
        after = JourneyId(page[-1].journey) if len(page) == _PAGE else None
        return PulsesFound(after=after, due=len(new))

    async def pulses_of(self, of: JourneyId, now: datetime) -> Sequence[DueSurvey]:
        """Of one whose events or kit cannot be read, none: it does not keep the others from theirs."""
        try:
            events = await self._events(of)
            state = journey.fold(events)
            matched = next((one.at for one in events if isinstance(one, MentorMatched)), None)
            if state is None or matched is None:
                return ()
            return pulses_due(await kits.load(self._pool, state.kit), of, state, matched, now)
        except StoreError as error:
            log.warning("pulses_unknown", journey=of, problem=str(error))
            return ()

    async def _events(self, of: JourneyId) -> Sequence[JourneyEvent]:
        events = _JOURNEYS.decode_known(await self._log.read_stream(journey_stream(of)))
        return [one for one in events if one.at <= self._clock()] if self._clock else events

    async def _carry_out(self, command: SurveyCommand, ask: Ask) -> Asked:
        """How the asking stands afterwards. From then on it need no longer be remembered as due."""
        now = self._now()
        done = await transact(
            self._pool,
            respondent_stream(ask.respondent),
            RESPONDENT,
            command,
            now,
            meta=given(command),
            known=await read_request(self._pool, ask.respondent, ask.request, now),
            beside=lambda connection: surveys.settle(connection, ask.request),
        )
        return _asked(done.after.state, ask.request)


def _asked(state: RespondentState, request: SurveyRequestId) -> Asked:
    one = state.requests[request]
    return Asked(standing=one.standing, expires_at=one.expires_at, reminders=one.reminders)
