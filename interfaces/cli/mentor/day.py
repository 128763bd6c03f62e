"""`trellis mentor day`: whom a mentor sees, what to prepare, and what they owe."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from domain.ids import MentorId
from domain.values import counted
from domain.words import distance, plain
from interfaces.cli.connected import database
from interfaces.cli.days import plausible
from interfaces.cli.mentor.arguments import TheMentor
from interfaces.cli.options import Json
from interfaces.cli.screen import out, print_json
from queries.answers import in_words
from queries.mentor_day import MentorDay, Owed, Seen, mentor_day
from queries.mentor_words import leave_in_words
from settings import Settings, load
from store.people import zone_by_name

_Date = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], callback=plausible, help="The day. Default: today, where they are."),
]


def day(mentor: TheMentor, *, date: _Date = None, json: Json = False) -> None:
    """Show a mentor's day: whom they see, what to prepare, what they owe.

    Times are in the mentor's time zone. What they owe is as of now, whatever the day. Exit code 1: there is no such
    mentor.
    """
    found = asyncio.run(_day(load(), MentorId(mentor), date.date() if date else None))
    if json:
        print_json(found)
        return
    _say(found)


async def _day(settings: Settings, mentor: MentorId, chosen: date | None) -> MentorDay:
    """Raises NoSuchMentor."""
    async with database(settings) as pool:
        return await mentor_day(pool, mentor, datetime.now(UTC), chosen)


def _say(found: MentorDay) -> None:
    name = f"{found.name} ({found.mentor})" if found.name else found.mentor
    _line(f"{name}, {found.day:%A, %d %B %Y}, {found.time_zone}: {counted(found.learners, 'learner')}")
    if found.leave:
        _line(f"On leave {leave_in_words(found.leave, zone_by_name(found.time_zone))}")
    for line in (*_sessions("Sessions", found.sees, found), *_sessions("Coming up", found.coming, found)):
        _line(line)
    for line in _duties(found):
        _line(line)
    if found.left_out:
        _line(f"{counted(found.left_out, 'further journey')} not read: those above are due first")


def _sessions(title: str, those: Sequence[Seen], found: MentorDay) -> Iterator[str]:
    yield ""
    yield title if those else f"{title}: none"
    for one in those:
        meeting = one.meeting
        at = meeting.starts_there
        ends = one.ends_at.astimezone(at.tzinfo)
        until = f"-{ends:%H:%M}" if ends > at else ""
        when = f"{at:%H:%M}{until}" if at.date() == found.day else f"{at:%a %d %b %H:%M}{until}"
        standing = f" ({plain(meeting.attendance)})" if meeting.attendance else ""
        mode = f", {plain(meeting.mode)}" if meeting.mode else ""
        yield f"  {when}  {one.name}: {meeting.title}{mode}{standing}  [{one.journey}]"
        yield from (f"      {line}" for line in _to_prepare(one))


def _to_prepare(one: Seen) -> Iterator[str]:
    agenda = one.meeting.agenda
    for label, text in (
        ("goal", agenda.goal),
        ("learner's goal", agenda.own_goal),
        ("brings", agenda.brought),
        ("last time", one.before),
    ):
        if text:
            yield f"{label}: {text}"
    for answered in agenda.preparation:
        if answered.answer not in (None, ""):
            yield f"{answered.asked} {in_words(answered.answer)}"


def _duties(found: MentorDay) -> Iterator[str]:
    late = found.late
    yield ""
    yield "Late" if late else "Late: nothing"
    yield from (_owed(one, found) for one in late)
    rest = [one for one in found.owes if not one.late]
    yield ""
    yield "To do" if rest else "To do: nothing"
    yield from (_owed(one, found) for one in rest)


def _owed(one: Owed, found: MentorDay) -> str:
    return f"  {distance(one.due_at, found.as_of):<13} {one.name}: {one.says}  [{one.journey}]"


def _line(text: str) -> None:
    out().print(text, markup=False, soft_wrap=True)
