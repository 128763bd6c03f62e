"""`trellis mentor office-hours`: offer office hours, list them, and book and release seats."""

from typing import Annotated

import typer

from domain.values import Instant, counted
from interfaces.cli.answers import print_answer
from interfaces.cli.options import By, Journey, Json
from interfaces.cli.payload import typed
from interfaces.cli.reaching import api, received
from interfaces.cli.screen import out, print_json, print_listing
from queries.office_hours import OfficeHoursAhead, listing
from services.office_hours import WEEKS_AT_MOST

app = typer.Typer(help="Offer office hours, list them, and book and release seats.", no_args_is_help=True)

_Mentor = Annotated[str, typer.Argument(help="The mentor's id.")]
_Id = Annotated[str, typer.Argument(help="The id of the office hours, such as 20260302T1600Z.")]


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
    starts_at = typed("office-hours offer", "WHEN", Instant, when)
    with api() as trellis:
        found = trellis.offer_office_hours(
            mentor,
            program=program,
            starts_at=starts_at,
            minutes=minutes,
            seats=seats,
            weeks=weeks,
            purpose=purpose,
            any_hours=any_hours,
            by=by,
        )
    if json:
        print_answer(found)
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
    with api() as trellis:
        found = trellis.list_office_hours(program=program, mentor=mentor, journey=journey)
    if json:
        print_answer(found)
    else:
        print_listing(listing(received(list[OfficeHoursAhead], found)))


@app.command("book")
def book_one(mentor: _Mentor, office_hours: _Id, journey: Journey, *, by: By = "ops", json: Json = False) -> None:
    """Book a seat for the learner of a journey. Exit code 1: no seat is left."""
    with api() as trellis:
        new = trellis.book_seat(mentor, office_hours, journey, by=by).changed
    if json:
        print_json({"mentor": mentor, "office_hours": office_hours, "journey": journey, "new": new})
    else:
        out().print("Booked a seat." if new else "Nothing changed: the learner has a seat already.")


@app.command("release")
def release_one(mentor: _Mentor, office_hours: _Id, journey: Journey, *, by: By = "ops", json: Json = False) -> None:
    """Release a learner's seat, so that somebody else can have it."""
    with api() as trellis:
        gone = trellis.release_seat(mentor, office_hours, journey, by=by).changed
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
    with api() as trellis:
        had = trellis.cancel_office_hours(mentor, office_hours, reason=reason, by=by).journeys
    if json:
        print_json({"mentor": mentor, "office_hours": office_hours, "journeys": had})
    else:
        out().print(f"Canceled. Had a seat: {', '.join(had) or 'nobody'}", markup=False)
