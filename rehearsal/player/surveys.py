"""Surveys of a rehearsal: each asking from the moment at which it is due until it is answered or closed.

Who is asked, how often at most and what follows is decided by `domain.survey`, as for real. What a server adds is here:
a queue in the order of time, and of each respondent what the store would read.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from domain.ids import RespondentId, SurveyRequestId
from domain.journey import JourneyState
from domain.kit import Survey
from domain.refusal import Rejected
from domain.survey import (
    RESPONDENT,
    Answer,
    Ask,
    Expire,
    Remind,
    Request,
    RespondentState,
    SurveyCommand,
    SurveyEvent,
    next_step,
    respondent_stream,
    still_wanted,
)
from domain.survey.events import SurveyAnswered, SurveyExpired, SurveyReminded, SurveyRequested, SurveySkipped
from domain.survey.state import INITIAL
from domain.values import changed
from rehearsal.people.person import Asking, Reply
from rehearsal.player.recording import Append, Record

StateOf = Callable[[], JourneyState]
"""The journey that an asking is about, as it is when its time has come."""
Count = tuple[str, str]
"""The id of a survey, and what became of an asking: `asked`, `reminded`, `answered`, `expired`, or `skipped` with the
reason."""


class Due(NamedTuple):
    """An asking whose time has come."""

    at: datetime
    survey: Survey
    ask: Ask


@dataclass(slots=True)
class _Respondent:
    """As much as the store reads of a stream."""

    asked_at: tuple[datetime, ...] = ()
    version: int = 0
    open: dict[SurveyRequestId, Request] = field(default_factory=dict)


class _Opened(NamedTuple):
    survey: Survey
    ask: Ask
    open_until: datetime
    reminders: int = 0


_LOOK, _ASK, _ANSWER, _REMIND, _CLOSE = range(5)
"""Of one moment, in this order; then by request, so that the order does not depend on who says first what is due."""
_Step = tuple[datetime, int, str, int, Callable[[datetime], None]]


class Surveys:
    """The askings of some respondents, in the order of time."""

    def __init__(
        self,
        reply: Callable[[Asking, datetime], Reply | None],
        *,
        wrote: Callable[[RespondentId, datetime], None] = lambda _respondent, _at: None,
        elsewhere: Callable[[Due], bool] = lambda _: False,
        record: Record = lambda _: None,
        counts: Counter[Count] | None = None,
    ) -> None:
        """`reply`: what the person does about a letter. `wrote`: told of each letter. `elsewhere`: takes what others
        ask, and says so. `counts`: where to count what happens, with that of others."""
        self.counts = Counter[Count]() if counts is None else counts
        """Of what has happened since they were taken last (`counted`)."""
        self._reply, self._wrote, self._elsewhere, self._record = reply, wrote, elsewhere, record
        self._queue: list[_Step] = []
        self._number = count()
        self._known: set[SurveyRequestId] = set()
        self._respondents: dict[RespondentId, _Respondent] = {}

    @property
    def next_at(self) -> datetime | None:
        return self._queue[0][0] if self._queue else None

    def go_on(self) -> None:
        at, _, _, _, step = heappop(self._queue)
        step(at)

    def until(self, moment: datetime) -> None:
        """Everything that is due before then."""
        while self._queue and self._queue[0][0] < moment:
            self.go_on()

    def counted(self) -> Counter[Count]:
        """What has happened since the last call."""
        found = self.counts.copy()
        self.counts.clear()
        return found

    def plan(self, due: Due, state: StateOf | None = None) -> None:
        """`state`: None where what has become of the journey has been looked at already."""
        self._put(due.at, _ASK, due.ask.request, lambda at: self._ask(due._replace(at=at), state))

    def look(self, at: datetime, step: Callable[[datetime], None]) -> None:
        """Something that finds what is due, before anybody is asked at that moment."""
        self._put(at, _LOOK, "", step)

    def _put(self, at: datetime, rank: int, request: str, step: Callable[[datetime], None]) -> None:
        heappush(self._queue, (at, rank, request, next(self._number), step))

    def _ask(self, due: Due, state: StateOf | None) -> None:
        due = due._replace(ask=still_wanted(due.ask, state())) if state else due
        if self._elsewhere(due) or due.ask.request in self._known:
            return
        self._known.add(due.ask.request)
        for event in self._decide(due.ask.respondent, due.ask, due.at):
            if isinstance(event, SurveyRequested):
                opened = _Opened(due.survey, due.ask, event.expires_at)
                self._write(opened, due.at)
                self._follow(opened)

    def _write(self, opened: _Opened, at: datetime) -> None:
        self._wrote(opened.ask.respondent, at)
        asking = Asking(
            opened.ask.request,
            opened.survey,
            opened.ask.respondent,
            opened.reminders,
            opened.open_until,
            opened.ask.about,
        )
        if reply := self._reply(asking, at):
            self._put(max(reply.at, at), _ANSWER, opened.ask.request, lambda when: self._answer(opened, reply, when))

    def _follow(self, opened: _Opened) -> None:
        """Plans what comes next, unless it is answered before."""
        step = next_step(opened.ask.asking, opened.open_until, opened.reminders)

        def go_on(at: datetime) -> None:
            if step.reminder is None:
                self._decide(opened.ask.respondent, Expire(request=opened.ask.request), at)
                return
            remind = Remind(request=opened.ask.request, reminder=step.reminder)
            if self._decide(opened.ask.respondent, remind, at):
                reminded = opened._replace(reminders=step.reminder)
                self._write(reminded, at)
                self._follow(reminded)

        self._put(step.at, _CLOSE if step.reminder is None else _REMIND, opened.ask.request, go_on)

    def _answer(self, opened: _Opened, reply: Reply, at: datetime) -> None:
        """What comes too late is dropped, as a form is that has been closed."""
        answer = Answer(request=opened.ask.request, survey=opened.survey, answers=reply.answers, by=reply.by)
        if opened.ask.request in self._of(opened.ask.respondent).open:
            try:
                self._decide(opened.ask.respondent, answer, at)
            except Rejected:
                self.counts[opened.survey.id, "refused"] += 1

    def _decide(self, respondent: RespondentId, command: SurveyCommand, at: datetime) -> list[SurveyEvent]:
        """Nothing for what is settled already. Raises Rejected for answers that do not fit."""
        one = self._of(respondent)
        if not isinstance(command, Ask) and command.request not in one.open:
            return []
        state: RespondentState = changed(INITIAL, {"requests": one.open, "asked_at": one.asked_at})
        events = list(RESPONDENT.decide(state, command, at))
        for event in events:
            state = RESPONDENT.evolve(state, event)
            self._count(event, state.requests[event.request].survey)
        one.asked_at = state.asked_at
        one.open = {request: asked for request, asked in state.requests.items() if asked.standing == "open"}
        if events:
            stream = respondent_stream(respondent)
            self._record(Append(stream, one.version, tuple(events), type(command).__name__, command.by))
            one.version += len(events)
        return events

    def _of(self, respondent: RespondentId) -> _Respondent:
        found = self._respondents.get(respondent)
        if found is None:
            found = self._respondents[respondent] = _Respondent()
        return found

    def _count(self, event: SurveyEvent, survey: str) -> None:
        match event:
            case SurveyRequested():
                self.counts[survey, "asked"] += 1
            case SurveySkipped():
                self.counts[survey, f"skipped: {event.because}"] += 1
            case SurveyReminded():
                self.counts[survey, "reminded"] += 1
            case SurveyAnswered():
                self.counts[survey, "answered"] += 1
            case SurveyExpired():
                self.counts[survey, "expired"] += 1
