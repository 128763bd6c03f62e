"""Journeys: start one, list them, and look at one. All that is read comes from the views and the log, except `status`,
which asks the workflow."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, HTTPException, Query
from fastapi import Path as FromPath
from fastapi.responses import Response
from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from client.journeys import JourneyClient, NoSuchJourney
from client.starting import Answered
from domain.access import Caller, KeyRole
from domain.ids import JourneyId, LearnerId, ProgramId, Slug
from domain.values import LAST_POSITION, STORABLE, Actor, Deadline, Frozen, Truth, Whole
from interfaces.http.access import JourneyReader, PersonalJourneyReader, Starter, require_program
from interfaces.http.idempotency import Identifiable
from interfaces.http.v1.commands import CommandResult, answered_in_time, result_of
from interfaces.http.v1.conditions import MinVersion, tag, wait_for
from interfaces.http.v1.cursors import Cursors
from interfaces.http.v1.visibility import require_journey
from projections.board_filter import Criteria, Cursor, Filter, Sort
from projections.views import board, timeline, upcoming
from projections.views.board import BoardRow
from projections.views.upcoming import ComingTimer
from queries.handled_commands import HandledCommand, handled_command
from queries.profile import Profile, profile
from queries.sessions import Meetings, meetings
from queries.why import Why, why
from queries.why_not import RuleStanding, why_not
from services.admitting import Admissions, Entry, Intake
from store.database import Pool
from workflows.contract import Status

_CURSORS: Cursors[Cursor] = Cursors(
    Cursor,
    TypeAdapter(tuple[Annotated[Whole, Field(ge=0, le=9)], Deadline | None, Annotated[str, STORABLE]]),
)


class BoardQuery(Criteria):
    """Filters and order of journeys. A journey must match all filters that are given."""

    overdue: bool = False
    search: Annotated[str | None, STORABLE, StringConstraints(max_length=100)] = None
    """The beginnings of words of the learner's name, or the id of the learner or the journey. Keys that see no personal
    data find ids alone."""
    sort: Sort = "due"
    """`due`: what is due first; `attention`: journeys with an open case, the most severe first; `since`: the longest in
    their stage first; `name`, `mentor`: by the name of the learner or mentor, or by id for keys that see no personal
    data; `next`: what happens next on its own; `journey`: by id."""
    limit: Annotated[int, Query(ge=1, le=500)] = 50
    after: str | None = None
    """The `next` of the previous page."""

    def filter(self, caller: Caller) -> Filter | None:
        """What the caller may see of it; None: nothing."""
        criteria = self.model_dump(include=set(Criteria.model_fields))
        if caller.role is KeyRole.MENTOR:
            if self.mentor not in (None, caller.mentor):
                return None
            criteria["mentor"] = caller.mentor
        if self.program is not None and not caller.may_use(self.program):
            return None
        programs = None if self.program is not None else caller.programs
        return Filter(
            **criteria,
            programs=programs,
            overdue_at=datetime.now(UTC) if self.overdue else None,
            search=(self.search or "").strip() or None,
            by_name=caller.sees_personal_data,
        )

    def order(self, caller: Caller) -> Sort:
        """The order of names would tell who is who."""
        return "journey" if self.sort in {"name", "mentor"} and not caller.sees_personal_data else self.sort


@dataclass(frozen=True)
class BoardPage:
    rows: list[BoardRow]
    next: str | None
    """Pass it as `after` to get the next page. Null on the last page."""


@dataclass(frozen=True)
class TimelineEntry:
    version: int
    at: datetime
    type: str
    words: str
    by: str | None
    """Who caused it, such as `ops:ana`; `system` for automatic events."""
    command: str | None
    rule: str | None
    """The place in the kit, for automatic events."""
    refused: bool
    """True for a refused command, which changed nothing."""


_RUNNING = "The journey had started before."


class StartJourney(Frozen):
    """Who starts a journey through which program."""

    program: Slug
    learner: Slug
    again: Truth = False
    """Start another journey if the learner's last one in this program has ended."""
    past_places: Truth = False
    """Start even if no place is left or enrollment is closed."""
    answers: dict[str, Any] | None = None
    """Intake answers to submit with the start: question id to text, number, or list of texts. Personal data."""
    partial: Truth = False
    """Keep these answers until the rest arrives, instead of submitting the intake."""
    send_answers: Truth = False
    """Without `answers`: submit those that are stored with the learner. If they are not complete, they are kept until
    the rest arrives."""
    by: Annotated[Actor, StringConstraints(max_length=128)] | None = None
    """Who starts it. Default: whoever the key is for."""

    @model_validator(mode="after")
    def _either(self) -> Self:
        if self.send_answers and self.answers is not None:
            raise ValueError("give the answers, or submit those that are stored with `send_answers`, not both")
        return self


@dataclass(frozen=True, slots=True)
class JourneyStarted:
    journey: JourneyId
    program: ProgramId
    learner: LearnerId
    started: bool
    """False if it had started before."""
    intake: CommandResult | None
    """What came of the answers, if there were any."""
    answered: Answered | None
    """What became of stored answers, if there were any that the intake was waiting for."""


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = APIRouter(tags=["journeys"])
    admissions = Admissions(pool, journeys)

    @routes.post("/journeys", status_code=201, responses={200: {"model": JourneyStarted, "description": _RUNNING}})
    async def start_journey(
        asked: StartJourney, caller: Starter, identity: Identifiable, response: Response
    ) -> JourneyStarted:
        """Start a learner's journey, and submit the intake if answers are given.

        A learner who has started is left alone. Once enrollment has been opened, the journey takes a place.
        """
        require_program(caller, ProgramId(asked.program))
        by = asked.by or caller.actor
        entry = Entry(ProgramId(asked.program), LearnerId(asked.learner), by, asked.again, asked.past_places)
        answer_id = identity.derive("submit_intake")
        intake = asked.answers and Intake(asked.answers, asked.partial, by, answer_id)
        known = asked.send_answers
        start = admissions.start_as_known(entry, answer_id) if known else admissions.start(entry, intake or None)
        started = await answered_in_time(start, entry.learner)
        response.status_code = 201 if started.started else 200
        response.headers["Location"] = f"/v1/journeys/{started.journey}"
        answer = result_of(started.journey, started.answer) if started.answer else None
        return JourneyStarted(
            *(started.journey, entry.program, entry.learner, started.started), intake=answer, answered=started.answered
        )

    @routes.get("/board", include_in_schema=False, name="list_board")  # its name before there was /v1
    @routes.get("/journeys")
    async def list_journeys(query: Annotated[BoardQuery, Query()], caller: JourneyReader) -> BoardPage:
        """List journeys: where each one stands, whom it waits for, and what happens next."""
        return await board_page(pool, query, caller)

    @routes.get("/journeys/{journey}")
    async def get_journey(
        journey: JourneyId, caller: JourneyReader, response: Response, min_version: MinVersion = None
    ) -> BoardRow:
        """A journey's row on the board. Its version is the ETag."""
        await require_journey(pool, caller, journey)
        await wait_for(pool, journey, min_version)
        row = await found(pool, journey)
        tag(response, row.version)
        return row

    @routes.get("/journeys/{journey}/timeline")
    async def get_timeline(
        journey: JourneyId,
        caller: JourneyReader,
        after: Annotated[
            int, Query(ge=0, le=LAST_POSITION, description="the version of the last entry of the previous page")
        ] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 500,
        min_version: MinVersion = None,
    ) -> list[TimelineEntry]:
        """The events of a journey in order, described in words."""
        await require_journey(pool, caller, journey)
        await wait_for(pool, journey, min_version, "timeline")
        await found(pool, journey)
        entries = await timeline.of_journey(pool, journey, after, limit)
        return [
            TimelineEntry(one.version, one.at, one.type, one.words, one.by, one.command, one.rule, one.refused)
            for one in entries
        ]

    @routes.get("/journeys/{journey}/upcoming")
    async def get_upcoming(
        journey: JourneyId, caller: JourneyReader, min_version: MinVersion = None
    ) -> list[ComingTimer]:
        """What happens next on its own: reminders, escalations and deadlines, each with its rule."""
        await require_journey(pool, caller, journey)
        await wait_for(pool, journey, min_version)
        await found(pool, journey)
        return await upcoming.of_journey(pool, journey)

    @routes.get("/journeys/{journey}/status")
    async def get_status(journey: JourneyId, caller: JourneyReader, response: Response) -> Status:
        """The status as reported by the running workflow: everything awaited, and every timer with its rule. Its
        version is the ETag."""
        await require_journey(pool, caller, journey)
        status = await journeys.status(journey)
        tag(response, status.version)
        return status

    @routes.get("/journeys/{journey}/why")
    async def get_why(journey: JourneyId, caller: PersonalJourneyReader) -> Why:
        """Why a journey stands where it does: what it waits for, by which line of the kit, and what comes next.
        Personal data."""
        await require_journey(pool, caller, journey)
        return await why(pool, journey)

    @routes.get("/journeys/{journey}/why/{event}")
    async def get_why_event(
        journey: JourneyId,
        event: Annotated[int, FromPath(ge=1, le=LAST_POSITION, description="its version on the timeline")],
        caller: PersonalJourneyReader,
    ) -> HandledCommand:
        """Why an event happened: who asked for it or which rule caused it, and what was written. Personal data."""
        await require_journey(pool, caller, journey)
        return await handled_command(pool, journey, event)

    @routes.get("/journeys/{journey}/rules")
    async def get_rules(journey: JourneyId, caller: JourneyReader) -> list[RuleStanding]:
        """Every reminder and escalation of the kit, and how it stands on this journey: when it fired or will fire, and
        otherwise why it has not, and what would make it."""
        await require_journey(pool, caller, journey)
        return await why_not(pool, journey)

    @routes.get("/journeys/{journey}/profile")
    async def get_profile(journey: JourneyId, caller: PersonalJourneyReader) -> Profile:
        """Who the learner is, their intake answers, and their progress. Personal data."""
        await require_journey(pool, caller, journey)
        return await profile(pool, journey)

    @routes.get("/journeys/{journey}/sessions")
    async def get_sessions(journey: JourneyId, caller: PersonalJourneyReader) -> Meetings:
        """The sessions with agenda, attendance, notes, next steps, and risk flags. Personal data."""
        await require_journey(pool, caller, journey)
        return await meetings(pool, journey)

    return routes


async def found(pool: Pool, journey: JourneyId) -> BoardRow:
    """Raises NoSuchJourney."""
    row = await board.one(pool, journey)
    if row is None:
        raise NoSuchJourney(journey)
    return row


async def board_page(pool: Pool, query: BoardQuery, caller: Caller) -> BoardPage:
    """What the caller may see of it. Raises BadCursor, SearchTooBroad."""
    return await page_of(pool, query, await narrowed(pool, query, caller), caller)


async def page_of(pool: Pool, query: BoardQuery, where: Filter | None, caller: Caller) -> BoardPage:
    """Of the filter that `narrowed` gave. Raises BadCursor."""
    after = _CURSORS.read(query.after)
    shown = await board.page(pool, where, query.order(caller), after, query.limit) if where else board.NOTHING
    return BoardPage(shown.rows, _CURSORS.written(shown.next))


class SearchTooBroad(HTTPException):
    code = "search_too_broad"

    def __init__(self) -> None:
        super().__init__(422, f"More than {board.MOST_FOUND:,} people match `search`; give more of the name.")


async def narrowed(pool: Pool, query: BoardQuery, caller: Caller) -> Filter | None:
    """What the caller may see of it, with those whom a search finds; None: nothing. Raises SearchTooBroad."""
    where = query.filter(caller)
    try:
        return await board.resolved(pool, where) if where else None
    except board.TooManyFound as error:
        raise SearchTooBroad from error
