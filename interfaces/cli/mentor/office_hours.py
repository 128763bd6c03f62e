"""`trellis mentor office-hours`: offer office hours, list them, and book and release seats."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, TypeVar

import typer

from domain.ids import JourneyId, MentorId, ProgramId, Slug
from domain.values import Actor, Instant, counted
from interfaces.cli.connected import database
from interfaces.cli.options import By, Journey, Json
from interfaces.cli.payload import typed
from interfaces.cli.screen import out, print_json, print_listing
from queries.office_hours import listing, office_hours_ahead
from services.office_hours import WEEKS_AT_MOST, Wanted, book_seat, cancel, offer, release_seat
from settings import load
from store.database import Pool

app = typer.Typer(help="Offer office hours, list them, and book and release seats.", no_args_is_help=True)

_Mentor = Annotated[str, typer.Argument(help="The mentor's id.")]
_Id = Annotated[str, typer.Argument(help="The id of the office hours, such as 20260302T1600Z.")]
_Found = TypeVar("_Found")


@app.command("offer")
def offer_hours(
    mentor: _Mentor,
    program: Annotated[str, typer.Argument(help="The program whose learners can come.")],
    when: Annotated[str, typer.Argument(help="The start with its offset from UTC, such as 2026-03-02T17:00+01:00.")],
    *,
    minutes: Annotated[int, typer.Option(min=5, max=12 * 60, help="How long they last.")] = 60,
    seats: Annotated[int | None, typer.Option(min=1, max=500, help="How many can come. Default: the kit's.")] = None,
    weeks: Annotated[
        int, typer.Option(min=1, max=WEEKS_AT_MOST, help="So many weeks, at the same time on the mentor's clocks.")
    ] = 1,
    purpose: Annotated[str, typer.Option(help="What they are for.")] = "",
    any_hours: Annotated[
        bool, typer.Option("--any-hours", help="Also outside the mentor's hours, and at short notice.")
    ] = False,
    by: By = "ops",
    json: Json = False,
) -> None:
    """Offer office hours to the learners of a program, once or every week.

    Offering the same again changes nothing. Exit code 1: a time does not suit the mentor, and none was offered.
    """
    wanted = Wanted(
        mentor=typed("office-hours offer", "MENTOR", Slug, mentor),
        program=ProgramId(program),
        starts_at=typed("office-hours offer", "WHEN", Instant, when),
        length=timedelta(minutes=minutes),
        seats=seats,
        weeks=weeks,
        purpose=purpose,
        any_hours=any_hours,
        by=_actor(by),
    )
    found = _run(lambda pool: offer(pool, wanted))
    if json:
        print_json(found)
    elif not found:
        out().print("Nothing changed: these office hours were offered before.")
    for one in [] if json else found:
        seats_said = counted(one.seats, "seat")
        out().print(f"Offered {one.office_hours}: {one.starts_at:%a %d %b %Y %H:%M} UTC, {seats_said}", markup=False)


@app.command("list")
def list_hours(
    *,
    program: Annotated[str | None, typer.Option(help="Only of this program (id).")] = None,
    mentor: Annotated[str | None, typer.Option(help="Only of this mentor (id).")] = None,
    journey: Annotated[str | None, typer.Option(help="For the learner of this journey: which suit them.")] = None,
    json: Json = False,
) -> None:
    """List office hours that are ahead, with the seats that are left."""
    found = _run(lambda pool: office_hours_ahead(pool, program, mentor, JourneyId(journey) if journey else None))
    if json:
        print_json(found)
    else:
        print_listing(listing(found))


@app.command("book")
def book_one(mentor: _Mentor, office_hours: _Id, journey: Journey, *, by: By = "ops", json: Json = False) -> None:
    """Book a seat for the learner of a journey. Exit code 1: no seat is left."""
    new = _run(lambda pool: book_seat(pool, MentorId(mentor), office_hours, JourneyId(journey), by=_actor(by)))
    if json:
        print_json({"mentor": mentor, "office_hours": office_hours, "journey": journey, "new": new})
    else:
        out().print("Booked a seat." if new else "Nothing changed: the learner has a seat already.")


@app.command("release")
def release_one(mentor: _Mentor, office_hours: _Id, journey: Journey, *, by: By = "ops", json: Json = False) -> None:
    """Release a learner's seat, so that somebody else can have it."""
    gone = _run(lambda pool: release_seat(pool, MentorId(mentor), office_hours, JourneyId(journey), by=_actor(by)))
    if json:
        print_json({"mentor": mentor, "office_hours": office_hours, "journey": journey, "released": gone})
    else:
        out().print("Released the seat." if gone else "Nothing changed: the learner has no seat.")


@app.command("cancel")
def cancel_hours(
    mentor: _Mentor,
    office_hours: _Id,
    *,
    reason: Annotated[str, typer.Option(help="Why. It is recorded.")] = "",
    by: By = "ops",
    json: Json = False,
) -> None:
    """Cancel office hours, and list whose seats are gone."""
    had = _run(lambda pool: cancel(pool, MentorId(mentor), office_hours, reason, by=_actor(by)))
    if json:
        print_json({"mentor": mentor, "office_hours": office_hours, "journeys": had})
    else:
        out().print(f"Canceled. Had a seat: {', '.join(had) or 'nobody'}", markup=False)


def _run(work: Callable[[Pool], Awaitable[_Found]]) -> _Found:
    async def connected() -> _Found:
        async with database(load()) as pool:
            return await work(pool)

    return asyncio.run(connected())


def _actor(by: str) -> str:
    return str(typed("office-hours", "--by", Actor, by))
