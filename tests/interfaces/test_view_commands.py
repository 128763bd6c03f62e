"""`trellis attention`, `trellis upcoming` and `trellis mentor load`, on a real Postgres."""

from types import SimpleNamespace

import pytest

from projections.runner import catch_up
from runtime.exits import Exit
from store import people, sequencer
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.commands import Trellis
from tests.projections.stories import journey, publish, story, tell


@pytest.fixture
async def told(pool: Pool, dsn: str) -> None:
    """Waiting for an intake; in sessions, with an open case; paused; closed."""
    await publish(pool)
    for number, length in enumerate((1, 8, 11, None)):
        await tell(EventLog(pool), number, story(number, length))
    await people.upsert_many(pool, [Person("l-1", "learner", "Lea Brandt"), Person("m-1", "mentor", "Ana Ruiz")])
    await sequencer.drain(dsn)
    await catch_up(dsn)


async def test_what_needs_attention(trellis: Trellis, told: None) -> None:
    found = (await trellis("attention", "--json")).json
    assert (found[0]["journey"], found[0]["kind"], found[0]["grave"]) == (journey(1), "case", 2)
    assert {one["journey"] for one in found[1:]} == {journey(0), journey(1)}, "all that was due long ago is overdue"
    said = await trellis("attention", "--program", "ready")
    assert "Lea Brandt" in said.out
    assert "warning" in said.out
    assert "ready: 1 open case" in said.out
    assert "nothing is overdue" in (await trellis("attention", "--program", "another")).out


async def test_what_is_upcoming(trellis: Trellis, told: None) -> None:
    found = (await trellis("upcoming", journey(2), "--json")).json
    assert [(one["rule"], one["does"], one["stopped_by"]) for one in found] == [
        ("pausing.limit", "the journey resumes", "ops")
    ]
    said = await trellis("upcoming", journey(1))
    assert (said.exit, "Lea Brandt" in said.out) == (Exit.OK, True)
    assert "Nothing is scheduled." in (await trellis("upcoming", journey(3))).out
    assert "in the next 3 days" in (await trellis("upcoming", "--days", "3")).out, "all of it was planned long ago"


async def test_the_load_of_mentors(trellis: Trellis, told: None) -> None:
    found = (await trellis("mentor", "load", "ready", "--json")).json
    assert [(one["mentor"], one["learners"], one["ever"]) for one in found] == [
        ("m-1", 1, 1),
        ("m-2", 1, 1),
        ("m-0", 0, 1),
    ]
    assert "Ana Ruiz" in (await trellis("mentor", "load", "ready")).out


async def test_the_queue_of_cases(trellis: Trellis, told: None) -> None:
    (found,) = (await trellis("cases", "--json")).json
    assert (found["journey"], found["severity"], found["acknowledged"]) == (journey(1), "warning", False)
    said = await trellis("cases", "--severity", "notice", "--not-taken")
    assert ("Lea Brandt" in said.out, "(overdue)" in said.out, "new" in said.out) == (True, True, True)
    assert "No open cases match." in (await trellis("cases", "--severity", "critical")).out
    assert (await trellis("cases", "take", "nowhere.l-1", "c-1")).exit == Exit.FAILED
    naive = await trellis("cases", "snooze", journey(1), found["case"], "--until", "2027-03-02T17:00", "--reason", "r")
    assert (naive.exit, "with an offset" in naive.err) == (Exit.BAD_INPUT, True)


async def test_the_board_again_and_again(trellis: Trellis, told: None, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("interfaces.cli.watching.time", SimpleNamespace(sleep=pause))
    said = await trellis("board", "--watch", "--every", "3", "--program", "ready")
    assert (said.exit, pauses) == (Exit.INTERRUPTED, [3.0, 3.0])
    assert said.out.count("To stop: Ctrl-C") == said.out.count("journey  ") == 2
    assert said.out.count("Lea Brandt") == 2
