"""`trellis sessions`: each session with its agenda, notes, next steps and risk flags."""

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.markup import escape

from domain.words import plain
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Journey, Json
from interfaces.cli.reaching import api, received
from interfaces.cli.screen import out, print_json
from queries.session_words import agenda, flags, next_steps, record, when
from queries.sessions import Meeting, Meetings

_Session = Annotated[str | None, typer.Option(help="Only this session (its id in the kit).")]


def sessions(journey: Journey, *, session: _Session = None, json: Json = False) -> None:
    """Show the sessions of a journey: attendance, notes, and next steps.

    Also shows agendas and risk flags. All of it is personal data.
    """
    with api() as trellis:
        answer = trellis.get_sessions(journey)
    told = received(Meetings, answer).on_named_clocks()
    only = told.only(session) if session else None
    if json and only:
        print_json(only)
    elif json:
        print_answer(answer)
    elif only:
        _say(only)
    else:
        _say_all(told)


def _say_all(told: Meetings) -> None:
    out().print(f"[bold]{escape(told.journey)}[/]: sessions with {escape(told.name)}", soft_wrap=True)
    if not told.sessions:
        out().print("No sessions are scheduled yet. They are scheduled once a mentor is matched.")
    _say_lines("Risk flags before the first session:", flags(told.flags_before))
    for one in told.sessions:
        out().print()
        _say(one)


def _say(one: Meeting) -> None:
    purpose = ": ".join(filter(None, (one.mode and plain(one.mode), one.purpose)))
    out().print(f"[bold]{escape(one.title)}[/] ({escape(one.session)}), {when(one)}", soft_wrap=True)
    out().print(f"  {escape(purpose)}", soft_wrap=True)
    _say_lines("Agenda:", agenda(one))
    _say_lines("What happened:", record(one))
    _say_lines("Next steps:", next_steps(one))
    _say_lines("Risk flags:", flags(one.flags))


def _say_lines(heading: str, lines: Iterable[tuple[str, str]]) -> None:
    for nth, (what, words) in enumerate(lines):
        if nth == 0:
            out().print(f"  {heading}")
        out().print(f"    [dim]{escape(what)}[/]: {escape(words)}", soft_wrap=True)
