"""Office hours of mentors: offer them, and book and release seats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from domain.access import KeyRole
from domain.ids import JourneyId, MentorId, ProgramId, Slug
from domain.values import Instant, Personal, Truth, Whole
from interfaces.http.access import JourneyCommander, MentorThemselves, PersonalJourneyReader, require_program
from interfaces.http.v1.orders import AnyOrder, AnyReason, GivenBy, Order, giver
from interfaces.http.v1.visibility import programs_seen, require_journey, require_visible_mentor
from queries.office_hours import OfficeHoursAhead, office_hours_ahead
from services import office_hours as services
from services.office_hours import WEEKS_AT_MOST, Offered, Wanted
from store.database import Pool


class OfferOfOfficeHours(Order):
    program: Slug
    """Its learners can come."""
    starts_at: Instant
    minutes: Annotated[Whole, Field(ge=5, le=12 * 60)] = 60
    seats: Annotated[Whole, Field(ge=1, le=500)] | None = None
    """Default: as many as the kit says."""
    weeks: Annotated[Whole, Field(ge=1, le=WEEKS_AT_MOST)] = 1
    """So many times, each a week after the one before, at the same time on the mentor's clocks."""
    purpose: Personal = ""
    any_hours: Truth = False
    """Also outside the mentor's hours, and at short notice."""


@dataclass(frozen=True, slots=True)
class Seat:
    mentor: str
    office_hours: str
    journey: str
    changed: bool
    """False: this was already so."""


@dataclass(frozen=True, slots=True)
class OfficeHoursCanceled:
    mentor: str
    office_hours: str
    journeys: Sequence[JourneyId]
    """Of those who had a seat."""


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["office hours"])

    @routes.get("/office-hours")
    async def list_office_hours(
        caller: PersonalJourneyReader,
        *,
        program: ProgramId | None = None,
        mentor: MentorId | None = None,
        journey: Annotated[JourneyId | None, Query(description="which suit the learner of this journey")] = None,
    ) -> list[OfficeHoursAhead]:
        """Office hours that are ahead, with the seats that are left. Personal data."""
        if journey:
            await require_journey(pool, caller, journey)
        if caller.role is KeyRole.MENTOR:
            mentor = caller.mentor
        seen = programs_seen(caller, program)
        found = await office_hours_ahead(pool, program, mentor, journey)
        return found if seen is None else [one for one in found if one.program in seen]

    @routes.post("/mentors/{mentor}/office-hours")
    async def offer_office_hours(mentor: Slug, body: OfferOfOfficeHours, caller: MentorThemselves) -> list[Offered]:
        """Offer office hours to the learners of a program, once or every week. Answers with those that are new."""
        require_program(caller, ProgramId(body.program))
        await require_visible_mentor(pool, caller, MentorId(mentor))
        wanted = Wanted(
            mentor=MentorId(mentor),
            program=ProgramId(body.program),
            starts_at=body.starts_at,
            length=timedelta(minutes=body.minutes),
            seats=body.seats,
            weeks=body.weeks,
            purpose=body.purpose,
            any_hours=body.any_hours,
            by=giver(caller, body.by),
        )
        return await services.offer(pool, wanted)

    @routes.post("/mentors/{mentor}/office-hours/{office_hours}/cancel")
    async def cancel_office_hours(
        mentor: Slug, office_hours: Slug, caller: MentorThemselves, body: AnyReason
    ) -> OfficeHoursCanceled:
        """Cancel office hours. Answers with the journeys of those who had a seat."""
        await require_visible_mentor(pool, caller, MentorId(mentor))
        by = giver(caller, body.by)
        had = await services.cancel(pool, MentorId(mentor), office_hours, body.reason, by=by)
        return OfficeHoursCanceled(mentor, office_hours, had)

    @routes.put("/mentors/{mentor}/office-hours/{office_hours}/seats/{journey}")
    async def book_seat(
        mentor: Slug, office_hours: Slug, journey: JourneyId, caller: JourneyCommander, order: AnyOrder
    ) -> Seat:
        """Book a seat for the learner of a journey. 409: no seat is left."""
        await require_visible_mentor(pool, caller, MentorId(mentor))
        await require_journey(pool, caller, journey)
        by = giver(caller, order.by)
        new = await services.book_seat(pool, MentorId(mentor), office_hours, journey, by=by)
        return Seat(mentor, office_hours, journey, new)

    @routes.delete("/mentors/{mentor}/office-hours/{office_hours}/seats/{journey}")
    async def release_seat(
        mentor: Slug, office_hours: Slug, journey: JourneyId, caller: JourneyCommander, by: GivenBy = None
    ) -> Seat:
        """Release a learner's seat, so that somebody else can have it."""
        await require_visible_mentor(pool, caller, MentorId(mentor))
        if caller.role is not KeyRole.MENTOR:  # who gives back a seat of their own hours, whoever has it
            await require_journey(pool, caller, journey)
        gone = await services.release_seat(pool, MentorId(mentor), office_hours, journey, by=giver(caller, by))
        return Seat(mentor, office_hours, journey, gone)

    return routes
