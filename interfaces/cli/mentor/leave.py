"""`trellis mentor leave`: when a mentor meets nobody."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from pydantic import TypeAdapter, ValidationError

from client.api.models import SessionInLeave
from domain.values import Day, Instant, counted
from interfaces.cli.mentor.arguments import TheMentor
from interfaces.cli.options import By, Json
from interfaces.cli.reaching import api
from interfaces.cli.screen import out, print_json
from services.mentors import span_of_leave
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
    span = _time(start, "--from"), _time(until, "--until")
    with api() as trellis:
        zone = zone_by_name(trellis.get_mentor(mentor).profile.time_zone)
        starts_at, ends_at = span_of_leave(zone, *span)
        if ends_at <= starts_at:
            says = f"it is before the beginning, {start}; give the last day of the leave, or the time of its end"
            raise typer.BadParameter(says, param_hint="--until")
        plan = trellis.cancel_leave if cancel else trellis.plan_leave
        done = plan(mentor, starts_at=starts_at, ends_at=ends_at, by=by)
    if json:
        told = [{"journey": one.journey, "session": one.session, "at": one.starts_at} for one in done.sessions]
        print_json({"mentor": mentor, "changes": done.changes, "sessions": told})
        return
    nothing = "No leave was planned in this time." if cancel else "Nothing changed: this was already so."
    for line in done.changes or (nothing,):
        out().print(f"{mentor}: {line}" if done.changes else line, markup=False, soft_wrap=True)
    _say_planned(list(_together(done.sessions)), zone)


def _together(planned: Iterable[SessionInLeave]) -> Iterable[Sequence[SessionInLeave]]:
    """Those who are met at once: the members of a group, or one learner."""
    met: dict[object, list[SessionInLeave]] = {}
    for one in planned:
        met.setdefault((one.cohort or one.journey, one.session, one.starts_at), []).append(one)
    return met.values()


def _say_planned(planned: Sequence[Sequence[SessionInLeave]], zone: ZoneInfo) -> None:
    if planned:
        out().print(f"{counted(len(planned), 'session')} in this time, to be moved or handed on:")
    for met in planned:
        one = met[0]
        when = one.starts_at.astimezone(zone)
        who = f"Group of {counted(len(met), 'learner')}" if one.cohort else one.name
        move = f"cohort show {one.cohort}" if one.cohort else f"times {one.journey} {one.session}"
        line = f"  {when:%Y-%m-%d %H:%M} {zone.key}  {who}: {one.title}  trellis {move}"
        out().print(line, markup=False, soft_wrap=True)


def _time(text: str, option: str) -> date:
    """A day, or a moment."""
    for kind in (_DAY, _INSTANT):
        with suppress(ValidationError):
            return kind.validate_python(text)
    says = f"{text[:40]!r} is neither a day nor a time; write it as 2027-05-01 or 2027-05-01T12:00Z"
    raise typer.BadParameter(says, param_hint=option) from None
