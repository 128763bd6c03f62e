"""Complaints through their doors: listed with their words, taken up as a case by the kit's own rule, answered."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from domain.ids import JourneyId, KitDigest, MentorId, ProgramId, SessionId
from domain.kit import Asking, Kit, SurveyAnswer
from domain.survey import RESPONDENT, About, Answer, Ask, request_id, respondent_id, respondent_stream
from kits.loading import load_kit
from projections.runner import catch_up
from store import sequencer
from store.database import Pool
from store.transact import transact
from tests.commands import Trellis
from tests.interfaces.filling import Filling
from tests.support.small_kit import SMALL

SURVEY = """\
asking: {least_gap: 0 days}
surveys:
  - id: after
    title: After a session
    of: learner
    after: session
    questions:
      - {id: clarity, ask: How clear was it?, kind: scale, least: 1, most: 5, tells: clarity}
      - {id: helped, ask: Did it help?, kind: yes_no, tells: usefulness}
      - {id: why, ask: Why?}
"""
RULE = """\
  - id: unhappy
    title: Somebody is unhappy
    when: {risk_flag: feedback}
    then: {open_case: ops, severity: warning, respond_within: 2 days}
"""


class Program:
    """A published kit with a survey, and learners who answer it."""

    def __init__(self, kit: Kit, trellis: Trellis, pool: Pool) -> None:
        self.kit, self.trellis, self.pool = kit, trellis, pool

    async def answer(self, learner: str, **answers: SurveyAnswer) -> str:
        journey = JourneyId(f"{self.kit.program}.{learner}")
        respondent, request = respondent_id("learner", learner), request_id("after", journey, "s1", 1)
        about = About(
            program=ProgramId(self.kit.program),
            kit=KitDigest(self.kit.digest),
            kit_version=self.kit.version,
            journey=journey,
            stage="sessions",
            after="session",
            session=SessionId("s1"),
            mentor=MentorId("m-1"),
        )
        now, survey = datetime.now(UTC), self.kit.surveys[0]
        for command in (
            Ask(request=request, survey="after", respondent=respondent, about=about, asking=Asking()),
            Answer(request=request, survey=survey, answers=answers, by=f"learner:{learner}"),
        ):
            await transact(self.pool, respondent_stream(respondent), RESPONDENT, command, now)
        return request

    async def told(self, *arguments: str) -> str:
        said = await self.trellis("complaints", arguments[0], self.kit.program, *arguments[1:])
        assert said.exit == 0, said.err
        return said.out


@pytest.fixture
async def program(trellis: Trellis, pool: Pool, tmp_path: Path) -> AsyncIterator[Program]:
    kit = SURVEY + SMALL.replace("escalations:\n", f"escalations:\n{RULE}")
    text = kit.replace("program: small", f"program: small-{uuid4().hex[:8]}")
    (tmp_path / "program.yaml").write_text(text)
    assert (await trellis("publish", str(tmp_path))).exit == 0
    yield Program(load_kit(tmp_path), trellis, pool)


async def test_only_a_low_answer_with_words_is_a_complaint(program: Program) -> None:
    await program.answer("l-1", clarity=2, helped=True, why="Too <b>fast</b> for me")
    await program.answer("l-2", clarity=3, helped=True, why="It was fine")
    await program.answer("l-3", clarity=1, helped=True)
    await program.answer("l-4", clarity=5, helped=False, why="I knew it all")
    listed = await program.told("list")
    assert "Too <b>fast</b> for me" in listed and "I knew it all" in listed
    assert "It was fine" not in listed and ".l-3--" not in listed
    assert "new; learner" in listed and "mentor m-1" in listed


async def test_a_complaint_becomes_a_case_once_and_is_answered_by_a_message_once(program: Program, dsn: str) -> None:
    name = program.kit.program
    assert (await program.trellis("start", name, "l-1")).exit == 0
    complaint = await program.answer("l-1", clarity=1, why="I could not follow")
    assert "case-1 was opened" in await program.told("take", complaint, "--by", "ops:ana")
    assert "case-1 was opened" in await program.told("take", complaint)
    status = await program.trellis("cases", "--journey", f"{name}.l-1", "--json")
    assert [one["rule"].split(".")[1] for one in status.json] == ["unhappy"]
    assert "taken up by ops:ana as case-1" in await program.told("list", "--standing", "taken_up")

    assert "was sent" in await program.told("answer", complaint, "--text", "We will go slower.", "--by", "ops:ana")
    assert "recorded already" in await program.told("answer", complaint, "--text", "We will go slower.")
    timeline = await program.trellis("timeline", f"{name}.l-1", "--json")
    assert [one["type"] for one in timeline.json].count("journey.message_written") == 1
    assert "answered by ops:ana" in await program.told("list", "--standing", "answered")
    other = await program.trellis("complaints", "answer", name, complaint, "--text", "Something else")
    assert other.exit == 1 and "has been answered" in other.err
    assert (await program.trellis("complaints", "take", name, complaint)).exit == 1


async def test_without_a_journey_it_is_dealt_with_all_the_same(program: Program) -> None:
    complaint = await program.answer("l-9", clarity=1, why="Nobody wrote to me")
    assert "without a case" in await program.told("take", complaint)
    assert "nothing was sent" in await program.told("answer", complaint, "--text", "I called her.")
    unknown = await program.trellis("complaints", "take", program.kit.program, "none--after--1")
    assert unknown.exit == 1 and "there is no complaint" in unknown.err


async def test_a_complaint_is_dealt_with_on_its_page(program: Program, browser: httpx2.AsyncClient, dsn: str) -> None:
    complaint = await program.answer("l-8", clarity=1, why="Nobody <i>came</i>")
    await program.told("list")
    filling, base = Filling(browser), f"/programs/{program.kit.program}/complaints"
    page = await filling.read(base)
    assert "Nobody &lt;i&gt;came&lt;/i&gt;" in page
    taken = await filling.done(await filling.fill(page, f"{base}/{complaint}/take-up"))
    assert "It is taken up without a case" in taken
    empty = await filling.fill(page, f"{base}/{complaint}/answer", {"answer": " "})
    assert (empty.status_code, "This is needed" in empty.text) == (422, True)
    answered = await filling.done(await filling.fill(page, f"{base}/{complaint}/answer", {"answer": "I called her."}))
    assert "nothing was sent" in answered
    await sequencer.drain(dsn)
    await catch_up(dsn)
    assert complaint in await filling.read(f"{base}?standing=answered")
    assert complaint not in await filling.read(f"{base}?standing=new")


async def test_what_was_done_about_them_is_rebuilt_the_same(program: Program, pool: Pool, dsn: str) -> None:
    for learner in ("l-1", "l-2"):
        complaint = await program.answer(learner, clarity=1, why="Too fast")
        await program.told("list")
        await program.told("take", complaint)
    await program.told("answer", complaint, "--text", "We will go slower.")
    await sequencer.drain(dsn)
    await catch_up(dsn)
    before = await pool.fetch("select * from views.complaints order by stream")
    assert [row["standing"] for row in before] == ["taken_up", "answered"]
    rebuilt = await program.trellis("projections", "rebuild", "complaints")
    assert rebuilt.exit == 0, rebuilt.err
    assert await pool.fetch("select * from views.complaints order by stream") == before
