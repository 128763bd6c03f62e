"""`trellis mentor leave`: when a mentor meets nobody."""

import asyncio
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from pydantic import TypeAdapter, ValidationError

from domain.ids import MentorId
from domain.mentor.leave import CancelLeave, PlanLeave
from domain.values import Day, Instant, counted
from interfaces.cli.connected import database
from interfaces.cli.mentor.arguments import TheMentor, command_of
from interfaces.cli.options import By, Json
from interfaces.cli.screen import out, print_json
from queries.mentor_day import Seen, together
from queries.mentor_words import changes_in_words
from queries.mentors import mentor as found_mentor
from services.mentors import change_leave, span_of_leave
from settings import Settings, load
from store.people import zone_by_name

_From = Annotated[
    str, typer.Option("--from", help="The first day, such as 2027-05-01, or a time such as 2027-05-01T12:00Z.")
]
_Until = Annotated[
    str, typer.Option("--until", help="The last day, such as 2027-05-14, or a time such as 2027-05-14T12:00Z.")
]
_DAY: TypeAdapter[date] = TypeAdapter(Day)
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


def leave(
    mentor: TheMentor,
    *,
    start: _From,
    until: _Until,
    cancel: Annotated[bool, typer.Option("--cancel", help="The mentor is there in this time after all.")] = False,
    by: By = "ops",
    json: Json = False,
) -> None:
    """Plan a mentor's leave, or cancel it.

    Days begin and end at midnight in the mentor's time zone. Leave that overlaps or adjoins becomes one; --cancel takes
    just this time out of it. Sessions that are planned in this time are listed, with the command that shows where to
    move them. No times in it are offered or booked from then on.
    """
    zone, changes, planned = asyncio.run(_leave(load(), MentorId(mentor), (start, until), by, cancel=cancel))
    if json:
        told = [
            {"journey": one.journey, "session": one.meeting.session, "at": one.meeting.starts_at} for one in planned
        ]
        print_json({"mentor": mentor, "changes": changes, "sessions": told})
        return
    nothing = "No leave was planned in this time." if cancel else "Nothing changed: this was already so."
    for line in changes or (nothing,):
        out().print(f"{mentor}: {line}" if changes else line, markup=False, soft_wrap=True)
    if planned:
        out().print(f"{counted(len(together(planned)), 'session')} in this time, to be moved or handed on:")
    for met in together(planned):
        one = met[0]
        when = one.meeting.starts_at.astimezone(zone)
        who = f"Group of {counted(len(met), 'learner')}" if one.cohort else one.name
        move = f"cohort show {one.cohort}" if one.cohort else f"times {one.journey} {one.meeting.session}"
        line = f"  {when:%Y-%m-%d %H:%M} {zone.key}  {who}: {one.meeting.title}  trellis {move}"
        out().print(line, markup=False, soft_wrap=True)


async def _leave(
    settings: Settings, mentor: MentorId, span: tuple[str, str], by: str, *, cancel: bool
) -> tuple[ZoneInfo, tuple[str, ...], list[Seen]]:
    """Raises NoSuchMentor, Rejected."""
    async with database(settings) as pool:
        found = await found_mentor(pool, mentor)
        zone = zone_by_name(found.profile.time_zone)
        starts_at, ends_at = span_of_leave(zone, _time(span[0], "--from"), _time(span[1], "--until"))
        if ends_at <= starts_at:
            says = f"it is before the beginning, {span[0]}; give the last day of the leave, or the time of its end"
            raise typer.BadParameter(says, param_hint="--until")
        kind: type[PlanLeave | CancelLeave] = CancelLeave if cancel else PlanLeave
        command = command_of(kind, mentor=mentor, starts_at=starts_at, ends_at=ends_at, by=by)
        change = await change_leave(pool, found, command, datetime.now(zone))
        done = change.done
        return zone, tuple(changes_in_words(done.before.state, done.events, zone)), list(change.sessions)


def _time(text: str, option: str) -> date:
    """A day, or a moment."""
    for kind in (_DAY, _INSTANT):
        with suppress(ValidationError):
            return kind.validate_python(text)
    says = f"{text[:40]!r} is neither a day nor a time; write it as 2027-05-01 or 2027-05-01T12:00Z"
    raise typer.BadParameter(says, param_hint=option) from None
