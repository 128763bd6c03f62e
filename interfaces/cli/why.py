"""`trellis why`: why a journey stands where it does."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape

from client.api.models import HandledCommand, OpenDuty, RuleStanding, Why, Words
from domain.words import by_role, distance, plain
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Journey, Json
from interfaces.cli.reaching import api
from interfaces.cli.screen import out

_SHOWN = 4

_Event = Annotated[
    int | None, typer.Argument(help="The number of an event in `trellis timeline`, to explain why it happened.", min=1)
]
_All = Annotated[bool, typer.Option("--all", help=f"Show everything, not just the first {_SHOWN} of each list.")]


_Rules = Annotated[
    bool, typer.Option("--rules", help="Every reminder and escalation: when it fired, or why it has not.")
]
_Find = Annotated[str, typer.Option("--find", metavar="WORDS", help="With --rules: only those with these words.")]


def why(
    journey: Journey,
    event: _Event = None,
    *,
    rules: _Rules = False,
    find: _Find = "",
    everything: _All = False,
    json: Json = False,
) -> None:
    """Explain what a journey waits for and which line of the kit says so.

    Also explains why the last event happened, or the event you name: who asked for it, or which rule caused it. With
    --rules, says of every reminder and escalation of the kit when it fired or will fire, and otherwise why it has not;
    near misses come first. The output includes what people wrote, which is personal data. Reads the log only, so it
    works while Temporal is unavailable.
    """
    with api() as trellis:
        if event is not None:
            one = trellis.get_why_event(journey, event)
            print_answer(one) if json else _say_happened(one, f"Event {event} of {journey}", one.at)
            return
        if rules:
            standings = _with_words(trellis.get_rules(journey), find)
            print_answer(standings) if json else _say_rules(standings, everything=everything or bool(find))
            return
        told = trellis.get_why(journey)
    if json:
        print_answer(told)
    else:
        _say(told, 10_000 if everything else _SHOWN)


def _say(told: Why, most: int) -> None:
    console, now = out(), told.as_of
    stage = plain(told.ending or told.stage)
    console.print(
        f"[bold]{escape(told.journey)}[/]: [bold]{stage}[/] since {_moment(told.since, now)}, "
        f"{escape(told.program)} version {escape(told.version)} ({told.kit[:12]})",
        soft_wrap=True,
    )
    if told.paused_until:
        console.print(f"[yellow]paused[/] until {_moment(told.paused_until, now)}. While paused, it waits for nobody.")
    for one in told.waits[:most]:
        _say_wait(one, now)
    _say_rest(len(told.waits) - most)
    if told.comes:
        console.print("\nScheduled next:")
    for coming in told.comes[:most]:
        console.print(
            f"  {_moment(coming.at, now)}: {escape(coming.says)} ({escape(coming.label)}), unless "
            f"{by_role(coming.stopped_by)} acts first{_because(coming.rule, coming.source)}",
            soft_wrap=True,
        )
    _say_rest(len(told.comes) - most)
    _say_happened(told.last, "Last event", now)
    for refused in told.refused[-most:]:
        _say_happened(refused, "Refused since then", now)
    console.print("\nYou can always:" if not told.ending else "\nYou can still:")
    _say_commands(told.commands, "  ")


def _with_words(rules: Sequence[RuleStanding], find: str) -> Sequence[RuleStanding]:
    wanted = find.casefold().split()
    return [one for one in rules if all(word in f"{one.says} {one.rule} {one.because}".casefold() for word in wanted)]


def _say_rules(rules: Sequence[RuleStanding], *, everything: bool) -> None:
    """Those that do not matter now are counted, unless everything is asked for."""
    groups = {
        "Near misses": [one for one in rules if one.near],
        "Will fire": [one for one in rules if one.standing == "scheduled"],
        "Fired": [one for one in rules if one.standing == "fired"],
        "Not about this journey now": [one for one in rules if one.standing in {"over", "not_met"} and not one.near],
    }
    now, console = datetime.now(UTC), out()
    for title, those in groups.items():
        if not those:
            continue
        console.print(f"\n[bold]{title}[/] ({len(those)})")
        if title == "Not about this journey now" and not everything:
            console.print("  Show them with --all, or find one with --find WORDS.")
            continue
        for one in those:
            at = f" ({_moment(one.at, now)})" if one.at else ""
            because = f": {escape(one.because)}" if one.because else ""
            console.print(f"  {escape(one.says)}{at}{because} [dim]{escape(one.rule)}[/]", soft_wrap=True)
    if not rules:
        console.print("No rule has these words.")


def _say_wait(one: OpenDuty, now: datetime) -> None:
    late = "[yellow]overdue, [/]" if one.due_at < now else ""
    title = f": “{escape(one.title)}”" if one.title else ""
    out().print(
        f"\nWaiting for {by_role(one.who)}: [bold]{one.says}[/] ({escape(one.about)}){title}, since "
        f"{_moment(one.since, now)}, {late}due {_moment(one.due_at, now)}{_because(one.rule, one.source)}",
        soft_wrap=True,
    )
    _say_words(one.said, "    ")
    _say_commands(one.commands, "    ")


def _say_words(said: Sequence[Words], inset: str) -> None:
    for one in said:
        by = f" by {one.by}" if one.by else ""
        out().print(
            f"{inset}{plain(one.what)}, {one.at:%d %b %Y}{by}: {one.text}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _say_happened(last: HandledCommand, what: str, now: datetime) -> None:
    console = out()
    console.print(f"\n{escape(what)}, {_moment(last.at, now)}:", soft_wrap=True)
    for event in last.events:
        console.print(f"  {escape(event)}", soft_wrap=True)
    _say_words(last.said, "    ")
    asked = f"requested by {last.by} ({last.command})" if last.by not in (None, "system") else "automatic"
    console.print(f"  cause: {escape(asked)}{_because(last.rule, last.source)}", soft_wrap=True)


def _because(rule: str | None, source: str) -> str:
    return f" [dim]\\[{escape(' '.join(filter(None, (rule, source))))}][/]" if rule else ""


def _say_commands(commands: Sequence[str], inset: str) -> None:
    for command in commands:
        out().print(f"{inset}{command}", style="cyan", markup=False, soft_wrap=True)


def _say_rest(left_out: int) -> None:
    if left_out > 0:
        out().print(f"  and {left_out} more (use --all)", style="dim")


def _moment(at: datetime, now: datetime) -> str:
    return f"{at:%d %b %Y %H:%M} UTC ({distance(at, now)})"
