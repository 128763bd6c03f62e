"""Times that suit both sides of a session, or a whole group; and booking one."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from client.journeys import JourneyClient
from domain.ids import JourneyId, LearnerId, MentorId, ProgramId, SessionId, Slug
from domain.refusal import Rejected
from domain.scheduling.common import MOST_MEMBERS, MOST_WEEKS
from domain.values import Instant
from interfaces.http.access import Denied, JourneyCommander, PersonalJourneyReader, PersonalReader, require_program
from interfaces.http.v1.orders import Order, giver
from interfaces.http.v1.visibility import require_cohort, require_journey
from queries.common_times import CommonTimes, common_times, of_cohort, of_learners
from queries.times import Times, times_for
from services.booking import BookedTime, book
from store.database import Pool

_NO_TIMES = "The session is not to be held, or the learner has no mentor."


class TimeToBook(Order):
    starts_at: Instant


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = APIRouter(tags=["times"])

    @routes.get("/journeys/{journey}/sessions/{session}/times", responses={409: {"description": _NO_TIMES}})
    async def list_times(
        journey: JourneyId,
        session: SessionId,
        caller: PersonalJourneyReader,
        many: Annotated[
            int | None, Query(ge=1, le=1_000, description="how many are offered; default: the kit's")
        ] = None,
    ) -> Times:
        """Times for a session that suit both sides, and what excludes others. Personal data."""
        await require_journey(pool, caller, journey)
        try:
            return await times_for(pool, journey, session, many)
        except Rejected as error:
            raise HTTPException(404 if error.code == "unknown_session" else 409, str(error)) from error

    @routes.post("/journeys/{journey}/sessions/{session}/times")
    async def book_time(
        journey: JourneyId, session: SessionId, body: TimeToBook, caller: JourneyCommander
    ) -> BookedTime:
        """Book a time for a session with the mentor, and move the session there.

        Everything is checked again. 409: the time is taken or does not suit, and nothing changed.
        """
        await require_journey(pool, caller, journey)
        return await book(pool, journeys, journey, session, body.starts_at, by=giver(caller, body.by))

    @routes.get("/common-times")
    async def list_common_times(
        caller: PersonalReader,
        *,
        cohort: Annotated[Slug | None, Query(description="For the members of this group.")] = None,
        program: Annotated[Slug | None, Query(description="The program of the learners.")] = None,
        learner: Annotated[list[Slug] | None, Query(max_length=MOST_MEMBERS)] = None,
        mentor: Annotated[list[Slug] | None, Query(max_length=2, description="Who leads.")] = None,
        weeks: Annotated[int, Query(ge=1, le=MOST_WEEKS, description="The length of the term.")] = 12,
        minutes: Annotated[int, Query(ge=5, le=24 * 60, description="The length of a meeting.")] = 60,
        many: Annotated[int, Query(ge=1, le=50, description="The number of times to compare.")] = 3,
    ) -> CommonTimes:
        """The time of the week that suits a group best, and whom it does not suit, and when. Personal data."""
        if bool(cohort) == bool(learner) or (learner and not program):
            raise Denied(422, "learners_unusable", "Give either `cohort`, or `learner` with `program`.")
        if cohort:
            await require_cohort(pool, caller, cohort)
            group = await of_cohort(pool, cohort)
        else:
            require_program(caller, ProgramId(program or ""))
            learners, mentors = [LearnerId(one) for one in learner or ()], [MentorId(one) for one in mentor or ()]
            group = await of_learners(pool, ProgramId(program or ""), learners, mentors)
        return await common_times(pool, group, weeks=weeks, length=timedelta(minutes=minutes), many=many)

    return routes
