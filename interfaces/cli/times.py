"""`trellis times`: times that suit a mentor and a learner, or a whole group, and booking them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from typer.core import TyperGroup

from domain.scheduling.common import MOST_WEEKS
from domain.values import Instant, counted
from interfaces.cli.answers import print_answer
from interfaces.cli.options import By, Journey, Json
from interfaces.cli.payload import BadCommandError, typed
from interfaces.cli.reaching import api, received
from interfaces.cli.screen import out
from queries.common_times import CommonTimes, WeeklyTime
from queries.times import Moment, Times


class _Times(TyperGroup):
    """What does not begin with the name of a command is a journey whose times are shown."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["show", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Times,
    help="Offer times that suit a mentor and a learner, or a group, and book them.\n\n"
    "`trellis times JOURNEY SESSION` offers times for a session, as `trellis times show` does.",
    no_args_is_help=True,
)
_Session = Annotated[str, typer.Argument(help="The session's id in the kit, such as kickoff.")]


@app.command("show")
def show(
    journey: Journey,
    session: _Session,
    *,
    many: Annotated[
        int | None, typer.Option(min=1, max=1_000, help="The number of times to offer. Default: the kit's.")
    ] = None,
    json: Json = False,
) -> None:
    """Offer times for a session that suit both sides, and say what excludes others.

    `trellis times JOURNEY SESSION` does the same. Each time is shown on the clocks of both sides.
    """
    with api() as trellis:
        found = trellis.list_times(journey, session, many=many)
    if json:
        print_answer(found)
    else:
        _show(received(Times, found))


@app.command("book")
def book_time(
    journey: Journey,
    session: _Session,
    when: Annotated[str, typer.Argument(help="The start with its offset from UTC, such as 2026-03-02T17:00+01:00.")],
    *,
    by: By = "ops",
    json: Json = False,
) -> None:
    """Book a time for a session and move the session there.

    Everything is checked again: hours, leave, notice, and what else is booked. Exit code 1: the time is taken or does
    not suit, and nothing changed.
    """
    start = typed("times book", "WHEN", Instant, when)
    with api() as trellis:
        done = trellis.book_time(journey, session, starts_at=start, by=by)
    if json:
        print_answer(done)
    else:
        verb = "Booked" if done.new else "Was booked before"
        out().print(f"{verb}: {done.title} with {done.mentor} on {done.starts_at:%a %d %b %Y %H:%M} UTC", markup=False)


@app.command("common")
def common(
    *,
    cohort: Annotated[str | None, typer.Option(help="For the members of this group.")] = None,
    learners: Annotated[
        list[str] | None, typer.Option(help="For these learners, by id, separated by commas; may be repeated.")
    ] = None,
    program: Annotated[str | None, typer.Option(help="The program of the learners.")] = None,
    mentor: Annotated[list[str] | None, typer.Option(help="Who leads (id); may be given twice.")] = None,
    weeks: Annotated[int, typer.Option(min=1, max=MOST_WEEKS, help="The length of the term.")] = 12,
    minutes: Annotated[int, typer.Option(min=5, max=24 * 60, help="The length of a meeting.")] = 60,
    many: Annotated[int, typer.Option(min=1, max=50, help="The number of times to compare.")] = 3,
    json: Json = False,
) -> None:
    """Find the time of the week that suits a group best, and say whom it does not suit, and when.

    Daylight-saving changes on all sides count: a time that suits in winter may not suit in summer.
    """
    if bool(cohort) == bool(learners) or (learners and not program):
        raise BadCommandError("times common: give either --cohort, or --learners with --program")
    with api() as trellis:
        found = trellis.list_common_times(
            cohort=cohort,
            program=program,
            learner=_listed(learners) or None,
            mentor=mentor,
            weeks=weeks,
            minutes=minutes,
            many=many,
        )
    if json:
        print_answer(found)
    else:
        _show_common(received(CommonTimes, found))


def _listed(texts: Sequence[str] | None) -> list[str]:
    return [one.strip() for text in texts or () for one in text.split(",") if one.strip()]


def _show(found: Times) -> None:
    heading = f"{escape(found.title)} ({escape(found.session)}), {counted(found.length_minutes, 'minute')}"
    _say(f"[bold]{heading}[/]: {escape(found.mentor.name)} and {escape(found.learner.name)}")
    _say(f"At present: {_on_both_clocks(found.present, found)}")
    for side, who in ((found.mentor, "mentor"), (found.learner, "learner")):
        _say(f"[dim]{who}[/]: {escape('; '.join(side.hours) or 'no hours known')}, {escape(side.time_zone)}")
    for remark in found.remarks:
        _say(escape(remark))
    _say("")
    for one in found.offered:
        _say(f"  {one.for_mentor.isoformat(timespec='minutes')}  {_on_both_clocks(one, found)}")
    until = f"{found.horizon_ends_at:%d %b %Y}"
    if found.offered:
        suit = "1 time suits" if found.suitable == 1 else f"{found.suitable:,} times suit"
        _say(f"{suit} both until {until}.")
        _say(f"To book one: trellis times book {escape(found.journey)} {escape(found.session)} TIME")
    else:
        _say(f"No time until {until} suits both. What excludes times:")
        _show_obstacles(found)


def _say(line: str) -> None:
    out().print(line, soft_wrap=True)


def _show_obstacles(found: Times) -> None:
    for one in found.obstacles:
        helps = f"without this alone {counted(one.without_it, 'time')} would suit" if one.without_it else ""
        line = f"  {one.words}: excludes {one.excluded:,} of {found.considered:,}"
        _say(escape(f"{line}; {helps}" if helps else line))
    if not any(one.without_it for one in found.obstacles):
        _say("  Still no time would suit if any one of these were dropped.")


def _on_both_clocks(one: Moment, found: Times) -> str:
    mentor, learner = (one.starts_at.astimezone(ZoneInfo(side.time_zone)) for side in (found.mentor, found.learner))
    return f"mentor {_on_the_clock(mentor)}, learner {_on_the_clock(learner)}"


def _on_the_clock(at: datetime) -> str:
    name = at.tzname() or ""
    offset = f"UTC{at:%z}" if name != "UTC" else ""
    return f"{at:%a %d %b %H:%M} ({', '.join(filter(None, (name if name.isalpha() else '', offset)))})"


def _show_common(found: CommonTimes) -> None:
    for one in found.times:
        out().print(f"[bold]{_weekly(one)}[/] ({escape(found.time_zone)}): {_suits(one)}", soft_wrap=True)
        _show_lines(f"{each.name} ({each.id}): {each.words}" for each in one.unsuitable)
    if found.said_nothing:
        who = ", ".join(found.said_nothing)
        out().print(f"Said nothing about hours, so any time is taken to suit: {escape(who)}", soft_wrap=True)


def _weekly(one: WeeklyTime) -> str:
    return f"{one.day} {one.time}"


def _suits(one: WeeklyTime) -> str:
    what = f"suits {one.suits} of {one.members} at all {counted(len(one.meetings), 'meeting')}"
    return what if one.unsuitable else f"suits everybody at all {counted(len(one.meetings), 'meeting')}"


def _show_lines(lines: Iterable[str]) -> None:
    for one in lines:
        out().print(f"  {escape(one)}", soft_wrap=True)
