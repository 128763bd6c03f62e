"""`trellis mentor day`: whom a mentor sees, what to prepare, and what they owe."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

import typer

from domain.values import counted
from domain.words import distance, plain
from interfaces.cli.answers import print_answer
from interfaces.cli.days import plausible
from interfaces.cli.mentor.arguments import TheMentor
from interfaces.cli.options import Json
from interfaces.cli.reaching import api, received
from interfaces.cli.screen import out
from queries.answers import in_words
from queries.mentor_day import MentorDay, Owed, Seen, together
from queries.mentor_words import check_in_words, leave_in_words
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
    with api() as trellis:
        found = trellis.get_mentor_day(mentor, date=date.date() if date else None)
    if json:
        print_answer(found)
    else:
        _say(received(MentorDay, found))


def _say(found: MentorDay) -> None:
    name = f"{found.name} ({found.mentor})" if found.name else found.mentor
    _line(f"{name}, {found.day:%A, %d %B %Y}, {found.time_zone}: {counted(found.learners, 'learner')}")
    if found.leave:
        _line(f"On leave {leave_in_words(found.leave, zone_by_name(found.time_zone))}")
    for check in found.checks:
        _line(f"To be renewed: check {check_in_words(check, found.day)}")
    for line in (*_sessions(found), *_office_hours(found), *_coming(found), *_duties(found)):
        _line(line)
    if found.left_out:
        _line(f"{counted(found.left_out, 'further journey')} not read: those above are due first")


def _sessions(found: MentorDay) -> Iterator[str]:
    yield ""
    yield "Sessions" if found.sees else "Sessions: none"
    for met in together(found.sees):
        yield f"  {_hours(met[0].meeting.starts_there, met[0].ends_at)}  {_meeting(met)}"
        yield from (f"      {line}" for line in _to_prepare(met))


def _office_hours(found: MentorDay) -> Iterator[str]:
    if found.office_hours:
        yield ""
        yield "Office hours"
    for one in found.office_hours:
        purpose = f": {one.purpose}" if one.purpose else ""
        seats = f"{len(one.names)} of {one.seats} seats taken"
        who = f": {', '.join(one.names)}" if one.names else ""
        yield f"  {_hours(one.starts_there, one.ends_at)}  {one.program}{purpose}, {seats}{who}  [{one.office_hours}]"


def _coming(found: MentorDay) -> Iterator[str]:
    yield ""
    yield "Coming up" if found.coming else "Coming up: none"
    for met in together(found.coming):
        at = met[0].meeting.starts_there
        yield f"  {at:%a %d %b} {_hours(at, met[0].ends_at)}  {_meeting(met)}"
        yield from (f"      {line}" for line in _to_prepare(met))


def _hours(at: datetime, ends_at: datetime) -> str:
    ends = ends_at.astimezone(at.tzinfo)
    return f"{at:%H:%M}-{ends:%H:%M}" if ends > at else f"{at:%H:%M}"


def _meeting(met: Sequence[Seen]) -> str:
    one = met[0]
    mode = f", {plain(one.meeting.mode)}" if one.meeting.mode else ""
    if one.cohort:
        return f"Group of {counted(len(met), 'learner')}: {one.meeting.title}{mode}  [{one.cohort}]"
    standing = f" ({plain(one.meeting.attendance)})" if one.meeting.attendance else ""
    return f"{one.name}: {one.meeting.title}{mode}{standing}  [{one.journey}]"


def _to_prepare(met: Sequence[Seen]) -> Iterator[str]:
    if goal := met[0].meeting.agenda.goal:
        yield f"goal: {goal}"
    for one in met:
        whose = f"{one.name}, " if one.cohort else ""
        agenda = one.meeting.agenda
        for label, text in (("own goal", agenda.own_goal), ("brings", agenda.brought), ("last time", one.before)):
            if text:
                yield f"{whose}{label}: {text}"
        for answered in agenda.preparation:
            if answered.answer not in (None, ""):
                yield f"{whose}{answered.asked} {in_words(answered.answer)}"


def _duties(found: MentorDay) -> Iterator[str]:
    for title, those in (("Late", found.late), ("To do", [one for one in found.owes if not one.late])):
        yield ""
        yield title if those else f"{title}: nothing"
        yield from _lines_of(those, found)


def _lines_of(those: Sequence[Owed], found: MentorDay) -> Iterator[str]:
    """What is done once for a group is one line."""
    lines: dict[object, list[Owed]] = {}
    for one in those:
        lines.setdefault((one.cohort or one.journey, one.duty, one.says), []).append(one)
    for same in lines.values():
        one = same[0]
        who = f"Group of {counted(len(same), 'learner')}" if one.cohort else one.name
        yield f"  {distance(one.due_at, found.as_of):<13} {who}: {one.says}  [{one.cohort or one.journey}]"


def _line(text: str) -> None:
    out().print(text, markup=False, soft_wrap=True)
