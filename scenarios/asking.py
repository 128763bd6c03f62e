"""The surveys of a play. They change nothing in journeys, so they are asked when these are over: each at its time, with
what the journeys had recorded by then."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count

from domain.ids import JourneyId, SurveyRequestId, journey_stream
from domain.journey import EVENTS, JourneyState, evolve
from domain.kit import Survey
from domain.refusal import NotFound, Rejected
from domain.survey import (
    OCCASIONS,
    RESPONDENT,
    Answer,
    Ask,
    DueSurvey,
    next_step,
    respondent_stream,
    surveys_after,
)
from scenarios.format import AnswerSurvey, AskSurveys, Scenario
from scenarios.program_activities import ScenarioTime, Surroundings, of_surveys
from store.codec import Codec
from store.event_log import EventLog
from store.respondents import read_request
from store.transact import given, transact
from workflows.survey_activities import Asked, RemindOf

_CODEC = Codec(EVENTS)
_LOOKS_FOR_PULSES = time(9)
"""UTC, each day."""
_DAY = timedelta(days=1)
_LOOK, _ASK, _ANSWER, _REMIND, _CLOSE = range(5)
"""Of one moment, in this order; then by request."""

_Step = tuple[datetime, int, str, int, Callable[[], Awaitable[None]]]


class Asking:
    """All surveys of a scenario, if it asks any."""

    def __init__(self, scenario: Scenario, on: Surroundings) -> None:
        self._scenario, self._pool = scenario, on.pool
        self._clock = ScenarioTime()
        self._surveys = of_surveys(on, self._clock)
        self._queue: list[_Step] = []
        self._number = count()
        self._known: set[SurveyRequestId] = set()
        deeds = [(one.at, one.deed()) for one in scenario.program]
        self._since = min((at for at, deed in deeds if isinstance(deed, AskSurveys)), default=None)
        self._answers = {deed.request: (at, deed) for at, deed in deeds if isinstance(deed, AnswerSurvey)}

    async def play(self) -> None:
        if self._since is None or not self._scenario.kit.asking:
            return
        last = await self._plan_occasions(self._since)
        self._put(_next_look(self._since), _LOOK, "", self._looking(last))
        while self._queue:
            at, _, _, _, step = heappop(self._queue)
            self._clock.moment = at
            await step()

    def _put(self, at: datetime, rank: int, request: str, step: Callable[[], Awaitable[None]]) -> None:
        heappush(self._queue, (at, rank, request, next(self._number), step))

    async def _plan_occasions(self, since: datetime) -> datetime:
        """Returns when a journey recorded something last."""
        last = since
        for script in self._scenario.scripts:
            journey = self._scenario.journey(script.learner)
            state: JourneyState | None = None
            recorded = await EventLog(self._pool).read_stream(journey_stream(journey))
            for one, event in zip(recorded, _CODEC.decode_known(recorded), strict=True):
                state, last = evolve(state, event), max(last, event.at)
                if isinstance(event, OCCASIONS) and event.at >= since:
                    kit = self._scenario.kit
                    for due in surveys_after(kit, journey, state, event, one.version):
                        self._plan(due, due.ask_at)
        return last

    def _plan(self, due: DueSurvey, at: datetime) -> None:
        async def ask() -> None:
            await self._ask(due.survey, due.ask, at)

        self._put(at, _ASK, due.ask.request, ask)

    def _looking(self, last: datetime) -> Callable[[], Awaitable[None]]:
        async def look() -> None:
            at = self._clock()
            if at > last:
                return
            for script in sorted(self._scenario.scripts, key=lambda one: self._scenario.journey(one.learner)):
                for due in await self._surveys.pulses_of(JourneyId(self._scenario.journey(script.learner)), at):
                    self._plan(due, max(at, due.ask_at))
            self._put(at + _DAY, _LOOK, "", look)

        return look

    async def _ask(self, survey: Survey, ask: Ask, at: datetime) -> None:
        if ask.request in self._known:
            return
        self._known.add(ask.request)
        asked = await self._surveys.ask_survey(ask)
        if asked.standing != "open" or asked.expires_at is None:
            return
        if found := self._answers.get(ask.request):
            when, answer = found
            if when >= at:
                self._put(when, _ANSWER, ask.request, self._answering(survey, ask, answer, when))
        self._follow(ask, asked, asked.expires_at)

    def _follow(self, ask: Ask, asked: Asked, expires_at: datetime) -> None:
        step = next_step(ask.asking, expires_at, asked.reminders)

        async def go_on() -> None:
            if step.reminder is None:
                await self._surveys.expire_survey(ask)
                return
            reminded = await self._surveys.remind_of_survey(RemindOf(ask=ask, reminder=step.reminder))
            if reminded.standing == "open":
                self._follow(ask, reminded, expires_at)

        self._put(step.at, _CLOSE if step.reminder is None else _REMIND, ask.request, go_on)

    def _answering(self, survey: Survey, ask: Ask, answer: AnswerSurvey, at: datetime) -> Callable[[], Awaitable[None]]:
        command = Answer(request=ask.request, survey=survey, answers=answer.answers, by=answer.by)

        async def give() -> None:
            pool, stream = self._pool, respondent_stream(ask.respondent)
            known = await read_request(pool, ask.respondent, ask.request, at)
            try:
                await transact(pool, stream, RESPONDENT, command, at, meta=given(command), known=known)
            except (Rejected, NotFound):
                return  # it comes too late, or does not fit

        return give


def _next_look(after: datetime) -> datetime:
    day = datetime.combine(after.astimezone(UTC).date(), _LOOKS_FOR_PULSES, UTC)
    return day if day > after else day + _DAY
