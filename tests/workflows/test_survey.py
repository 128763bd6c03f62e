"""A survey from the log to the letter, its reminder and its end, on a real Temporal server and a real log."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.notifications import Notifications
from activities.surveys import Surveys
from client.surveys import start_survey
from domain.ids import RespondentId, SurveyRequestId
from domain.journey import events as e
from domain.kit import Kit, Survey
from domain.survey import RESPONDENT, Answer, Ask, Request, respondent_stream
from domain.survey.links import SurveyLink
from projections.runner import catch_up
from services.schedules import pulses
from services.survey_dispatch import SurveyDispatch
from store import sequencer
from store.database import Pool
from store.transact import read, transact
from tests.domain.stories import KIT as STORY
from tests.messaging import in_sessions
from tests.messaging.in_sessions import NOW, S1, at, under_way
from tests.messaging.told import Remembering
from tests.temporal import move_clock, own_id
from workflows.contract import MESSAGE_TASK_QUEUE, PULSES_WORKFLOW
from workflows.notification import DeliverMessage
from workflows.pulses import Pulses
from workflows.survey import Survey as SurveyWorkflow
from workflows.survey_activities import AskPulses, RunSurvey, survey_workflow

_QUESTIONS = [{"id": "clear", "ask": "Clear?", "kind": "yes_no", "required": True}]
KIT = Kit.model_validate(
    STORY.model_dump()
    | {
        "version": "asks",
        "asking": {"least_gap": "0 days", "open_for": "7 days", "reminders": ["3 days"]},
        "surveys": [
            {"id": "after", "title": "After it", "of": "learner", "after": "session", "questions": _QUESTIONS},
            {"id": "pulse", "title": "Pulse", "of": "mentor", "every": "30 days", "first": "1 day"}
            | {"questions": _QUESTIONS},
        ],
        "messages": {"ask": {"when": "survey", "subject": "{{ what }} {{ result }}", "text": "ask.md"}},
        "texts": {"ask.md": "{{ name }}: {{ link }} until {{ until }}\n"},
    }
)
LEARNER, MENTOR = RespondentId("learner.lea"), RespondentId("mentor.ana")
HELD = e.AttendanceRecorded(at=NOW, session=S1, attendance="attended")


async def link(to: SurveyLink) -> str:
    return f"https://here.example/{to.request}/{to.role}/{to.respondent}"


class Office:
    """Asks, writes and dispatches, on a task queue of the test's own."""

    def __init__(self, environment: WorkflowEnvironment, pool: Pool, dsn: str) -> None:
        self.environment, self.pool, self.dsn = environment, pool, dsn
        self.queue, self.channel = f"programs-{uuid4()}", Remembering()
        self.dispatch = SurveyDispatch(dsn, pool, environment.client, self.queue)

    async def request_when(self, respondent: RespondentId, standing: str) -> tuple[SurveyRequestId, Request]:
        async with asyncio.timeout(30):
            while True:
                state = (await read(self.pool, respondent_stream(respondent), RESPONDENT)).state
                for request, one in state.requests.items():
                    if one.standing == standing:
                        return request, one
                await asyncio.sleep(0.02)

    async def letters_when(self, number: int) -> None:
        async with asyncio.timeout(30):
            while len(self.channel.letters) < number:  # noqa: ASYNC110 - a worker's channel fills it
                await asyncio.sleep(0.02)

    async def views(self) -> None:
        """Brings them up to date."""
        await sequencer.drain(self.dsn)
        await catch_up(self.dsn)

    async def pulses(self) -> int:
        """How many fell due in a round of pulses."""
        found: int = await self.environment.client.execute_workflow(
            PULSES_WORKFLOW, AskPulses(program=KIT.program_id), id=f"pulses-{uuid4()}", task_queue=self.queue
        )
        return found

    async def pass_time(self, request: SurveyRequestId, duration: timedelta) -> None:
        handle = self.environment.client.get_workflow_handle(survey_workflow(request))
        await move_clock(self.environment, handle, duration)


@pytest.fixture
async def office(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    monkeypatch.setattr(in_sessions, "JOURNEY", own_id("first-steps"))
    office = Office(temporal, pool, dsn)
    async with (
        Worker(
            temporal.client,
            task_queue=office.queue,
            workflows=[SurveyWorkflow, Pulses],
            activities=Surveys(pool, temporal.client, office.queue).all,
        ),
        Worker(
            temporal.client,
            task_queue=MESSAGE_TASK_QUEUE,
            workflows=[DeliverMessage],
            activities=Notifications(pool, office.channel, link=link).all,
        ),
    ):
        yield office


async def asked(office: Office) -> SurveyRequestId:
    """The session was held, and the learner is asked."""
    await under_way(office.pool, KIT, HELD)
    await sequencer.drain(office.dsn)
    await office.dispatch.catch_up()
    request, _ = await office.request_when(LEARNER, "open")
    await office.letters_when(1)
    return request


async def test_who_held_a_session_is_asked_reminded_and_the_survey_expires(office: Office) -> None:
    request = await asked(office)
    (letter,) = office.channel.letters
    assert (letter.subject, letter.to_address) == ("After it", "lea@example.org")
    assert f"Lea Berg: https://here.example/{request}/learner/lea until " in letter.text
    await office.pass_time(request, timedelta(days=3))
    await office.letters_when(2)
    assert office.channel.letters[1].subject == "After it reminder"
    await office.pass_time(request, timedelta(days=5))
    _, one = await office.request_when(LEARNER, "expired")
    assert one.reminders == 1


async def test_who_has_answered_is_not_reminded(office: Office) -> None:
    request = await asked(office)
    survey: Survey = KIT.surveys[0]
    answer = Answer(request=request, survey=survey, answers={"clear": True}, by="learner:lea")
    await transact(office.pool, respondent_stream(LEARNER), RESPONDENT, answer, NOW)
    await office.pass_time(request, timedelta(days=3))
    handle = office.environment.client.get_workflow_handle(survey_workflow(request))
    assert await handle.result() == "answered"
    assert len(office.channel.letters) == 1


async def test_asked_again_nobody_is_written_to_twice(office: Office) -> None:
    request = await asked(office)
    state = (await read(office.pool, respondent_stream(LEARNER), RESPONDENT)).state
    await office.views()
    await office.environment.client.get_workflow_handle(survey_workflow(request)).terminate()
    assert await office.dispatch.sweep(everything=True) == 1
    await office.pass_time(request, timedelta(days=3))
    await office.letters_when(2)
    assert [one.subject for one in office.channel.letters] == ["After it", "After it reminder"]
    assert list(state.requests) == [request]


async def test_what_was_lost_before_it_was_asked_is_asked_by_the_sweep(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: object) -> None:
        raise ConnectionError("Temporal went away")

    await under_way(office.pool, KIT, HELD.model_copy(update={"at": at(-0.5)}))
    await sequencer.drain(office.dsn)
    with monkeypatch.context() as patched, pytest.raises(ConnectionError):
        patched.setattr("services.survey_dispatch.start_survey", lost)
        await office.dispatch.catch_up()
    await office.dispatch.catch_up()
    await office.views()
    assert await office.dispatch.sweep() == 1
    await office.request_when(LEARNER, "open")
    assert await office.pool.fetchval("select count(*) from trellis.surveys_due") == 0


async def test_a_pulse_asks_everybody_who_is_due_once(office: Office) -> None:
    await under_way(office.pool, KIT)
    await office.views()
    assert await office.pulses() == 1
    request, one = await office.request_when(MENTOR, "open")
    assert (request, one.about.after) == (f"{in_sessions.JOURNEY}--pulse--1", None)
    await office.letters_when(1)
    await office.views()
    assert await office.pulses() == 0


def test_pulses_are_scheduled_each_day_where_a_kit_has_one() -> None:
    scheduled = pulses(KIT)
    assert scheduled
    assert (scheduled.id, scheduled.every) == (f"pulses-{KIT.program}", timedelta(days=1))
    assert pulses(KIT.model_copy(update={"surveys": KIT.surveys[:1]})) is None
    assert pulses(KIT.model_copy(update={"asking": None})) is None


async def test_a_survey_that_was_asked_too_lately_is_skipped(office: Office) -> None:
    request = await asked(office)
    _, one = await office.request_when(LEARNER, "open")
    assert KIT.asking
    rare = KIT.asking.model_copy(update={"least_gap": timedelta(days=3)})
    again = SurveyRequestId(f"{request}-again")
    ask = Ask(request=again, survey="after", respondent=LEARNER, about=one.about, asking=rare)
    await start_survey(office.environment.client, RunSurvey(ask=ask, ask_at=NOW), office.queue)
    skipped, _ = await office.request_when(LEARNER, "skipped")
    assert skipped == again
