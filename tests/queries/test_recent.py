"""Answers that take long: kept for other processes, shown as they were while they are made anew."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.ids import ProgramId
from projections.runner import catch_up
from queries import recent as recent_module
from queries import reports
from queries.measures.report import Filter
from queries.recent import Kind, NotCountedYet, Question, Recent
from services.report_refresh import ReportRefresh
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.projections.stories import KIT, publish, story, tell

_NUMBERS: Kind[list[int]] = Kind("numbers", list[int])


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every answer takes long."""
    monkeypatch.setattr(recent_module, "_QUICK", timedelta(0))


def asked(make: Callable[[], Awaitable[list[int]]]) -> Question[list[int]]:
    return Question(("numbers", ProgramId("ready"), date(2026, 1, 5), None), make, _NUMBERS)


class _Counting:
    def __init__(self) -> None:
        self.times = 0
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def __call__(self) -> list[int]:
        self.times += 1
        made = [self.times]
        await self.may_end.wait()
        return made


async def _something_happens(pool: Pool, dsn: str, number: int = 1) -> None:
    await tell(EventLog(pool), number, story(number, 8))
    await sequencer.drain(dsn)
    await catch_up(dsn)


@pytest.mark.usefixtures("slow")
async def test_another_process_does_not_make_it_again(pool: Pool) -> None:
    make = _Counting()
    first = await Recent(pool).ask(asked(make))
    second = await Recent(pool).ask(asked(make))
    assert (first, second.answer, make.times) == (second, [1], 1)


@pytest.mark.usefixtures("slow")
async def test_what_no_longer_stands_is_shown_while_it_is_made_anew(pool: Pool, dsn: str) -> None:
    await publish(pool)
    await catch_up(dsn)
    recent, make = Recent(pool), _Counting()
    before = await recent.ask(asked(make))
    await _something_happens(pool, dsn)
    make.may_end.clear()
    assert [await recent.ask(asked(make)) for _ in range(3)] == [before] * 3
    await asyncio.sleep(0)
    assert make.times == 2
    make.may_end.set()
    after = await recent.renew(asked(make))
    assert (after.answer, after.at > before.at) == ([2], True)
    assert (await Recent(pool).ask(asked(make))) == after


@pytest.mark.usefixtures("slow")
async def test_nobody_waits_long_for_the_first_one(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent_module, "_PATIENCE_SECONDS", 0)
    recent, make = Recent(pool), _Counting()
    make.may_end.clear()
    with pytest.raises(NotCountedYet):
        await recent.ask(asked(make))
    make.may_end.set()
    async with asyncio.timeout(30):
        while (answer := await _answer(recent, make)) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert (answer, make.times) == ([1], 1)


async def _answer(recent: Recent, make: _Counting) -> list[int] | None:
    """None while it is being counted."""
    with suppress(NotCountedYet):
        return (await recent.ask(asked(make))).answer
    return None


async def test_what_is_quick_is_written_nowhere(pool: Pool) -> None:
    await Recent(pool).ask(asked(_Counting()))
    assert await pool.fetchval("select count(*) from trellis.reports") == 0


@pytest.mark.usefixtures("slow")
async def test_another_form_is_not_read(pool: Pool) -> None:
    make = _Counting()
    await Recent(pool).ask(asked(make))
    await pool.execute("update trellis.reports set form = 'of another release'")
    assert (await Recent(pool).ask(asked(make))).answer == [2]


@pytest.mark.usefixtures("slow")
async def test_every_report_is_the_same_after_it_was_written(
    pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And none has a name in it, which would outlive the person's erasure."""
    await publish(pool)
    await pool.execute("insert into trellis.people (person_id, kind, name) values ('m-1', 'mentor', 'Zoe Zweig')")
    await _something_happens(pool, dsn)
    program, refresh = KIT.program_id, ReportRefresh(dsn, pool, rest=0)
    monkeypatch.setattr("services.report_refresh._LARGE", 1)
    await refresh.refresh()
    usual = [*reports.usual(pool, program), reports.measures_of(pool, program, Filter(by="week"))]
    made = [await Recent(pool).ask(one) for one in usual[:-1]]
    assert await pool.fetchval("select count(*) from trellis.reports") == len(made)
    for question, one in zip(usual, made, strict=False):
        assert question.kind
        assert question.kind.read(question.kind.written(one.answer)) == one.answer
    assert await pool.fetchval("select count(*) from trellis.reports where answer like '%Zweig%'") == 0
    await pool.execute("update trellis.reports set made_at = $1", datetime.now(UTC) - timedelta(days=8))
    monkeypatch.setattr("services.report_refresh._LARGE", 1_000)
    await refresh.refresh()
    assert await pool.fetchval("select count(*) from trellis.reports") == 0
