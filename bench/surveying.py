"""The views of surveys at a million answers: rebuilding them, following the log live, and reading the figures."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from itertools import islice
from time import perf_counter
from uuid import UUID

import asyncpg

from bench.databases import fresh, server
from bench.material import AT, KIT
from bench.options import quick
from bench.table import Figure, report
from domain.ids import JourneyId, KitDigest, MentorId, ProgramId, RespondentId, SessionId, SurveyRequestId
from domain.kit import Kit
from domain.survey import About
from domain.survey.events import SurveyAnswered, SurveyRequested
from projections.follower import UpToDate, follow
from projections.rebuild import rebuild
from projections.registry import PROJECTIONS
from projections.views import survey_answers, survey_requests
from runtime import ending
from runtime.exits import Exit
from store import kits
from store.database import Pool, open_pool
from store.sequencer import drain

_VIEWS = ("survey_requests", "survey_answers")
_EACH = 50
"""Surveys of one learner."""
_QUESTIONS = 4
_LIVE = 20
"""One of so many learners is asked after the views were built."""
_COLUMNS = ("stream", "version", "event_id", "type", "schema_version", "data", "meta", "occurred_at")
ASKING_KIT = Kit.model_validate(
    KIT.model_dump(mode="json")
    | {
        "version": "asks",
        "asking": {},
        "surveys": [
            {
                "id": "after",
                "title": "After",
                "of": "learner",
                "after": "session",
                "questions": [
                    {"id": "sure", "ask": "How sure?", "kind": "scale", "tells": "confidence"},
                    {"id": "clear", "ask": "Clear?", "kind": "yes_no", "tells": "clarity"},
                    {"id": "pace", "ask": "Pace?", "kind": "choice", "options": ["slow", "right", "fast"]},
                    {"id": "why", "ask": "Why?"},
                ],
            }
        ],
    }
)

Row = tuple[str, int, UUID, str, int, str, str, object]


def rows(first: int, learners: int) -> Iterator[Row]:
    """Each learner is asked and answers `_EACH` times."""
    for number in range(first, first + learners):
        about = About(
            program=ProgramId("bench"),
            kit=KitDigest(ASKING_KIT.digest),
            kit_version="asks",
            journey=JourneyId(f"bench.l-{number}"),
            stage="sessions",
            after="session",
            session=SessionId("s1"),
            mentor=MentorId(f"m-{number % 997}"),
        )
        stream, respondent = f"respondent-learner.l-{number}", RespondentId(f"learner.l-{number}")
        for nth in range(_EACH):
            request, at = SurveyRequestId(f"bench.l-{number}--after.s1--{nth}"), AT + nth * timedelta(days=7)
            asked = SurveyRequested(
                at=at,
                request=request,
                survey="after",
                respondent=respondent,
                about=about,
                expires_at=at + timedelta(days=7),
            )
            answers = {"sure": 1 + (number + nth) % 10, "clear": nth % 3 > 0, "pace": "right", "why": "it went well"}
            answered = SurveyAnswered(at=at + timedelta(hours=5), request=request, answers=answers)
            for version, one in enumerate((asked, answered), start=2 * nth + 1):
                data = one.model_dump_json(exclude={"at"})
                yield stream, version, UUID(int=number), one.type, 1, data, "{}", one.at


async def fill(dsn: str, first: int, learners: int) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("set synchronous_commit = off")
    source = rows(first, learners)
    while chunk := list(islice(source, 50_000)):
        await connection.copy_records_to_table("events", schema_name="trellis", columns=_COLUMNS, records=chunk)
    await connection.execute(
        "insert into trellis.streams select stream, split_part(stream, '-', 1), max(version) "
        "from trellis.events group by stream on conflict do nothing"
    )
    await connection.execute("vacuum analyze trellis.events")
    await connection.close()
    await drain(dsn)


async def live(dsn: str, name: str) -> float:
    """Seconds until the view has what is new in the log."""
    connection = await asyncpg.connect(dsn)
    follower = await follow(connection, PROJECTIONS[name])
    began = perf_counter()
    while not isinstance(await follower.step(), UpToDate):
        pass
    took = perf_counter() - began
    await connection.close()
    return took


async def _milliseconds(read: Callable[[], Awaitable[object]]) -> float:
    await read()
    began = perf_counter()
    await read()
    return (perf_counter() - began) * 1_000


async def measure() -> list[Figure]:
    answers = 100_000 if quick() else 1_000_000
    learners = answers // _QUESTIONS // _EACH
    new = max(learners // _LIVE, 1)
    async with server() as postgres:
        dsn = await fresh(postgres)
        pool = await open_pool(dsn, max_size=2)
        kit = ASKING_KIT
        await kits.publish(
            pool, kit.model_dump_json(), digest=kit.digest, program=kit.program, version=kit.version, at=AT
        )
        await fill(dsn, 0, learners - new)
        figures = []
        for name in _VIEWS:
            began = perf_counter()
            await rebuild(dsn, PROJECTIONS[name])
            events = 2 * _EACH * (learners - new)
            figures.append(Figure(f"rebuild_{name}", events / (perf_counter() - began), "events/s"))
        await fill(dsn, learners - new, new)
        came = 2 * _EACH * new
        figures += [Figure(f"live_{name}", came / await live(dsn, name), "events/s") for name in _VIEWS]
        figures += await _reading(pool)
        counted = await pool.fetchval("select count(*) from views.survey_answers")
        figures.append(Figure("answers", counted, "rows", bar=f"{answers:,}"))
        await pool.close()
    return figures


async def _reading(pool: Pool) -> list[Figure]:
    readers: dict[str, Callable[[], Awaitable[object]]] = {
        "rates": lambda: survey_requests.response_rates(pool, "bench"),
        "tallies": lambda: survey_answers.tallies(pool, "bench"),
        "page": lambda: survey_requests.requests(pool, programs=["bench"]),
        "one": lambda: survey_requests.request(pool, "bench.l-1--after.s1--1"),
        "known": lambda: survey_requests.known(pool, [f"bench.l-{n}--after.s1--1" for n in range(200)]),
    }
    return [Figure(f"read_{name}", await _milliseconds(read), "ms") for name, read in readers.items()]


def main() -> None:
    report("The views of surveys", asyncio.run(measure()))


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
