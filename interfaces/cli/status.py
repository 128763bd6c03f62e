"""`trellis status`: where a journey stands, whom it waits for, and what happens next."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from client.api import NotFound, Problem, Trellis
from client.api.models import Awaited, BoardRow, Case, KitTitles, Status, Upcoming
from domain.words import by_role, distance, plain
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Journey, Json
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.reaching import api, names

_SHOWN = 6

_All = Annotated[bool, typer.Option("--all", help=f"Show everything, not just the first {_SHOWN} of each list.")]


def status(journey: Journey, *, everything: _All = False, json: Json = False) -> None:
    """Show where a journey stands, what it waits for, and its timers.

    Every item says who is awaited; every timer says which rule set it and who can stop it. An open journey is asked
    directly; a closed one is shown as it is on the board.
    """
    with api() as trellis:
        try:
            found = trellis.get_status(journey)
        except NotFound:
            _show_closed(trellis, journey, json=json)
            return
        if json:
            print_answer(found)
        else:
            people, titles = names(trellis, (found.learner, found.mentor)), _titles(trellis, found)
            show(*_shown(found, people, titles, 10_000 if everything else _SHOWN))


def _show_closed(trellis: Trellis, journey: str, *, json: bool) -> None:
    """As it is on the board. Raises NotFound for one that is not there either."""
    row = trellis.get_journey(journey)
    if json:
        print_answer(row)
    else:
        show(*_row_shown(row, names(trellis, (row.learner, row.mentor))))


def _titles(trellis: Trellis, found: Status) -> KitTitles:
    """None where the kit cannot be read: what is shown can do without."""
    try:
        return trellis.get_titles(found.program, found.kit)
    except Problem:
        return KitTitles(version=found.kit[:12], titles={})


def _shown(status: Status, people: Mapping[str, str], kit: KitTitles, most: int) -> Iterator[Line | Grid]:
    now = max(status.as_of, datetime.now(UTC))  # a rehearsal is ahead of the world
    titles = {case.case: kit.titles.get(case.rule, case.rule) for case in status.cases}
    yield _headline(status, status.since, people, now)
    yield Line((", ".join(_details(status, people, kit)), "dim"))
    if status.paused_until:
        to_resume = f" until {_moment(status.paused_until)}. To resume: trellis send {status.journey} resume"
        yield Line(("paused", "yellow"), to_resume)
    yield from (_case(case, titles, now) for case in status.cases)
    if status.awaited:
        yield Line()
        yield _awaited(status.awaited[:most], titles, now)
        yield from _rest(len(status.awaited) - most)
    if status.timers:
        yield Line()
        yield _timers(status.timers[:most], now)
        yield from _rest(len(status.timers) - most)
    elif not status.awaited:
        yield Line("Nothing else is scheduled.")


def _headline(one: Status | BoardRow, since: datetime, people: Mapping[str, str], now: datetime) -> Line:
    name = f" {people[one.learner]}" if one.learner in people else ""
    stage = plain(one.ending or one.stage)
    return Line(
        (one.journey, "bold"), f"{name}: ", (stage, "bold"), f" since {_moment(since)} ({distance(since, now)})"
    )


def _details(status: Status, people: Mapping[str, str], kit: KitTitles) -> Iterator[str]:
    if status.mentor:
        yield f"mentor {people.get(status.mentor, status.mentor)} ({status.mentor})"
    yield f"{status.program} version {kit.version}"
    yield f"event {status.version}"
    if status.waiting_orders:
        plural = "" if status.waiting_orders == 1 else "s"
        yield f"{status.waiting_orders:,} command{plural} waiting to be handled"


def _case(case: Case, titles: Mapping[str, str], now: datetime) -> Line:
    late = "overdue, " if case.respond_by < now else ""
    about = titles.get(case.about.removeprefix("case:").partition("#")[0], case.about)
    return Line(
        (f"{case.severity} case {case.case}", "red"),
        f" with {by_role(case.owner)}: “{titles[case.case]}” ({about}), ",
        f"{late}response due {distance(case.respond_by, now)}",
    )


def _rest(left_out: int) -> Iterator[Line]:
    if left_out > 0:
        yield Line((f"and {left_out} more (use --all)", "dim"))


def _awaited(those: Sequence[Awaited], titles: Mapping[str, str], now: datetime) -> Grid:
    return Grid(("waiting for", "from", "since", "due", "rule", "subject"), [_duty(one, titles, now) for one in those])


def _duty(one: Awaited, titles: Mapping[str, str], now: datetime) -> Row:
    late = one.due_at < now
    due = f"{distance(one.due_at, now)}{' (overdue)' if late else ''}"
    title = titles.get(one.about.removeprefix("case:").partition("#")[0])
    about = f"{one.about}, {title}" if title else one.about
    return Row((plain(one.duty), one.who, distance(one.since, now), due, one.rule, about), "yellow" if late else "")


def _timers(those: Sequence[Upcoming], now: datetime) -> Grid:
    rows = [Row((one.what, _moment(one.at), distance(one.at, now), one.rule, one.stopped_by)) for one in those]
    return Grid(("scheduled next", "at", "", "rule", "prevented by"), rows)


def _row_shown(row: BoardRow, people: Mapping[str, str]) -> Iterator[Line]:
    yield _headline(row, row.stage_since, people, datetime.now(UTC))
    if row.ending:
        yield Line(("The journey is closed. You can still record an outcome: trellis send … record_outcome", "dim"))
        yield Line((f"If it was closed by mistake: trellis send {row.journey} reopen -f reason=…", "dim"))
    else:
        to_continue = f"To continue from the log: trellis start {row.program} {row.learner}"
        yield Line((f"Temporal is not running it. {to_continue}", "yellow"))


def _moment(at: datetime) -> str:
    return f"{at:%a %d %b %Y %H:%M} UTC"
