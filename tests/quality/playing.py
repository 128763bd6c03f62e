"""Plays a term through the system: every journey a workflow, every question asked and answered through the log."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from uuid import uuid4

from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.detecting import Detectors as DetectorActivities
from activities.quality import QualityRounds
from domain.ids import JourneyId, KitDigest, journey_stream
from domain.journey import JourneyEvent, JourneyState, fold
from domain.journey.events import MentorMatched
from domain.kit import Kit
from domain.program import PublishKit
from domain.quality.scores import Given
from domain.survey import RESPONDENT, Ask, Expire, Remind, pulses_due, respondent_stream, still_wanted, surveys_after
from domain.survey.decide import SurveyCommand
from projections.journeys import JOURNEY_CODEC
from projections.runner import catch_up
from projections.views import findings as findings_view
from queries import quality as quality_queries
from runtime.fan_out import fan_out
from scenarios.format import Scenario
from scenarios.playing import Player
from services import findings, quality, surveys
from services.enrolling import Enrollment
from services.quality import Review
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from store.transact import given, transact
from tests.projections.stories import publish
from tests.quality.term import DAY, Term
from tests.temporal import worker_on
from workflows.contract import DETECTING, TASK_QUEUE
from workflows.detecting import Detecting
from workflows.detecting_activities import Looked, LookForFindings
from workflows.quality_activities import BeginReviews
from workflows.quality_round import QaRound

_EVERY = 28 * DAY
_BY_HAND = 3
"""Rounds of the past."""
_REVIEWERS = ("ops:ana", "ops:ben")
_AT_ONCE = 16


_Then = tuple[timedelta, SurveyCommand | None]
"""What follows, how long after. A command of None: the person answers."""


@dataclass(frozen=True)
class Moment:
    at: datetime
    ask: Ask


@dataclass
class Played:
    """What there was to do, and what came of it."""

    commands: int = 0
    refusals: list[str] = field(default_factory=list)
    asked: int = 0
    answered: int = 0
    skipped: int = 0
    rounds: int = 0
    reviews: int = 0
    looked: Looked | None = None


@dataclass(frozen=True)
class Playing:
    term: Term
    environment: WorkflowEnvironment
    pool: Pool
    dsn: str
    played: Played = field(default_factory=Played)

    async def play(self) -> Played:
        """All of it, in the order in which the later needs the earlier."""
        for kit, at in zip(self.term.kits, (self.term.begins, self.term.second_at), strict=True):
            await publish(self.pool, kit, at)
            published = PublishKit(kit=KitDigest(kit.digest), version=kit.version, by="ops:lead")
            await Enrollment(self.pool).handle(self.term.program, published, at)
        await self._journeys()
        await self._surveys()
        await self.show()
        await self._rounds()
        await self._findings()
        return self.played

    async def _journeys(self) -> None:
        players = [Player(one, self.environment, self.pool) for one in self.term.scenarios()]
        async with worker_on(self.environment, self.pool, TASK_QUEUE):
            for one in players:
                await one.prepare()
                await one.play(_AT_ONCE)
        self.played.commands = sum(one.tally.commands for one in players)
        self.played.refusals = [str(refusal) for one in players for refusal in one.tally.refusals]

    async def _surveys(self) -> None:
        """Each person is asked and answers in the order of time; people apart from each other, as in the log."""
        due: dict[str, list[Moment]] = {}
        for scenario in self.term.scenarios():
            for script in scenario.scripts:
                for moment in await self._due(scenario, scenario.journey(script.learner)):
                    due.setdefault(moment.ask.respondent, []).append(moment)
        await fan_out(self._of_person, due.values(), _AT_ONCE)

    async def _due(self, scenario: Scenario, journey: JourneyId) -> list[Moment]:
        recorded = await EventLog(self.pool).read_stream(journey_stream(journey))
        return list(asked_of(scenario.kit, journey, JOURNEY_CODEC.decode_known(recorded)))

    async def _of_person(self, moments: Sequence[Moment]) -> None:
        order = count()
        todo: list[tuple[datetime, int, SurveyCommand | None, Ask]] = [
            (one.at, next(order), one.ask, one.ask) for one in moments
        ]
        heapq.heapify(todo)
        while todo:
            at, _, command, ask = heapq.heappop(todo)
            for after, then in await self._do(command, ask, at):
                heapq.heappush(todo, (at + after, next(order), then, ask))

    async def _do(self, command: SurveyCommand | None, ask: Ask, at: datetime) -> Sequence[_Then]:
        """Returns what follows."""
        if command is None:
            form = await surveys.form_of(self.pool, ask.respondent, ask.request)
            answers = self.term.answers(ask)
            assert answers
            by = ask.respondent.replace(".", ":", 1)
            is_new = await surveys.answer(self.pool, form, answers[1], by, at)
            self.played.answered += is_new
            return []
        stream = respondent_stream(ask.respondent)
        done = await transact(self.pool, stream, RESPONDENT, command, at, meta=given(command))
        if not isinstance(command, Ask):
            return []
        if done.after.state.requests[ask.request].standing != "open":
            self.played.skipped += 1
            return []
        self.played.asked += 1
        if answers := self.term.answers(ask):
            return [(answers[0], None)]
        reminder = Remind(request=ask.request, reminder=1)
        return [(ask.asking.reminders[0], reminder), (ask.asking.open_for, Expire(request=ask.request))]

    async def _rounds(self) -> None:
        """Those of the past by the activity, at their times; the last by the workflow, now."""
        rounds = QualityRounds(self.pool)
        for number in range(1, _BY_HAND + 1):
            at = self.term.begins + number * _EVERY
            wanted = BeginReviews(program=self.term.program, run=f"round-{number}", at=at)
            await self._review(at + DAY, (await rounds.begin(wanted)).items)
        queue = f"programs-{uuid4()}"
        async with Worker(self.environment.client, task_queue=queue, workflows=[QaRound], activities=rounds.all):
            held = await quality.begin(self.environment.client, self.pool, self.term.program, queue)
            if held.closes_at:
                await self._review(held.closes_at - DAY, held.items)

    async def _review(self, at: datetime, items: int) -> None:
        self.played.rounds += bool(items)
        await self.show()
        for reviewer in _REVIEWERS:
            while queue := await quality_queries.queue(self.pool, self.term.program, reviewer, at):
                mine = {(one.journey, one.session): one for one in queue}  # of what is scored twice, one
                for one in mine.values():
                    await quality.take(self.pool, one.item, reviewer, at)
                    mark = self.term.mark(one.item, one.session, one.mentor, one.journey)
                    says = Given(questions={"next": "yes" if mark > 2 else "no"}, dimensions={"clarity": mark})
                    said = Review(one.item, says, reviewer)
                    await quality.review(self.pool, self.environment.client, said, at)
                    self.played.reviews += 1
                await self.show()

    async def _findings(self) -> None:
        """A person confirms what the detectors found: it is as it was planted."""
        await self.show()
        self.played.looked = await self._look()
        await self.show()
        while page := await findings_view.findings(self.pool, programs=[self.term.program], standing="open", limit=200):
            for one in page:
                await findings.confirm(self.pool, one.journey, one.id, "", "ops:ana")
            await self.show()

    async def _look(self) -> Looked:
        queue = f"programs-{uuid4()}"
        activities = DetectorActivities(self.pool).all
        async with Worker(self.environment.client, task_queue=queue, workflows=[Detecting], activities=activities):
            looked: Looked = await self.environment.client.execute_workflow(
                DETECTING,
                LookForFindings(program=self.term.program, since=self.term.begins),
                id=f"findings-{uuid4()}",
                task_queue=queue,
                result_type=Looked,
            )
        return looked

    async def show(self) -> None:
        """Until the views have everything."""
        await sequencer.drain(self.dsn)
        await catch_up(self.dsn)


def asked_of(kit: Kit, journey: JourneyId, events: Sequence[JourneyEvent]) -> Iterator[Moment]:
    """What a kit wants asked about a journey, as the dispatch and the daily round of pulses would have found it."""
    state: JourneyState | None = None
    pulses: set[str] = set()
    matched = next((one.at for one in events if isinstance(one, MentorMatched)), None)
    for version, event in enumerate(events, start=1):
        if state and matched:
            for at in _days(max(matched, events[version - 2].at), event.at):
                for due in pulses_due(kit, journey, state, matched, at):
                    if due.ask.request not in pulses:
                        pulses.add(due.ask.request)
                        yield Moment(at, still_wanted(due.ask, state))
        state = fold([event], state)
        assert state
        for due in surveys_after(kit, journey, state, event, version):
            yield Moment(due.ask_at, still_wanted(due.ask, state))


def _days(since: datetime, until: datetime) -> Iterator[datetime]:
    day = since.replace(hour=6, minute=0, second=0, microsecond=0)
    while day <= until:
        if day > since:
            yield day
        day += DAY
