"""How `trellis cohort` shows groups: those that would be formed, all there are, and one with its roster."""

from collections.abc import Mapping, Sequence

from rich.markup import escape

from client.api.models import ProposedGroup, Unplaced
from domain.values import counted, together
from interfaces.cli.screen import named, out, print_listing
from projections.views.cohorts import CohortRow
from queries.cohorts import Roster
from queries.listing import Listing

_SHORT: Mapping[str | None, str] = {
    None: "·",
    "attended": "✓",
    "late": "late",
    "missed_by_learner": "missed",
    "missed_by_mentor": "no mentor",
    "cancelled_in_time": "called off",
    "cancelled_late": "called off late",
}


_SHOWN = 20


def show_group(one: ProposedGroup) -> None:
    name = f"[bold]{escape(one.cohort)}[/]" if one.cohort else "[bold]A group[/]"
    slot = f", {one.slot}" if one.slot else ""
    led = together(one.mentors)
    out().print(f"{name} of {counted(len(one.members), 'learner')} on {one.pathway}, led by {escape(led)}{slot}")
    out().print(f"  {', '.join(one.members)}", markup=False, soft_wrap=True)
    if one.common:
        out().print(f"  in common: {'; '.join(one.common)}", markup=False)
    for session in one.sessions:
        out().print(f"  {session.session}: {session.starts_at:%a %d %b %Y %H:%M} UTC", markup=False)
    for who in one.unsuited:
        out().print(f"  [yellow]does not suit[/] {escape(who.who)}: {who.session}, {escape(who.local)}")


def show_unplaced(those: Sequence[Unplaced]) -> None:
    """Learners with the same reason in one line."""
    by_words: dict[str, list[str]] = {}
    for one in those:
        by_words.setdefault(one.words, []).append(one.learner)
    for words, learners in by_words.items():
        more = f" and {len(learners) - _SHOWN:,} more (--json lists all)" if len(learners) > _SHOWN else ""
        out().print(f"[yellow]{escape(', '.join(learners[:_SHOWN]))}[/]{more}: {escape(words)}", soft_wrap=True)


def row(one: CohortRow) -> tuple[object, ...]:
    following = f"{one.next_session}, {one.next_at:%d %b %H:%M} UTC" if one.next_at else ""
    standing = "closed" if one.closed_at else "" if one.told else "being told"
    if one.refused:
        standing = f"{standing}, {one.refused} refused".lstrip(", ")
    members, held = f"{one.members} of {one.most}", f"{one.held} of {one.sessions}"
    return (one.cohort, one.pathway, ", ".join(one.mentors), members, held, following, one.slot or "", standing)


def show_roster(found: Roster) -> None:
    slot = f", {found.slot}" if found.slot else ""
    closed = f", closed {found.closed_at:%d %b %Y}" if found.closed_at else ""
    size = f"{counted(len(found.members), 'member')} ({found.least} to {found.most})"
    out().print(f"[bold]{escape(found.title)}[/] ({found.cohort}) on {found.pathway}: {size}{slot}{closed}")
    out().print(f"Led by {together(map(named, found.mentors, found.mentor_names))}", markup=False)
    sessions = [
        (
            one.session,
            one.title,
            f"{one.starts_at:%a %d %b %Y %H:%M} UTC",
            f"{one.came} of {one.invited} came" if one.attendance else "",
            "written" if one.notes else "",
            "sent" if one.follow_up else "",
        )
        for one in found.sessions
    ]
    print_listing(Listing("Sessions", ("session", "title", "starts", "attendance", "notes", "follow-up"), sessions))
    names = [one.session for one in found.sessions]
    print_listing(
        Listing("Members", ("learner", "name", "since", "journey", *names, "refused"), _members(found, names))
    )
    if found.former:
        out().print(f"Left: {', '.join(found.former)}", markup=False)
    if not found.told:
        out().print("[yellow]Members are being told what was recorded last.[/]")


def _members(found: Roster, sessions: Sequence[str]) -> list[tuple[object, ...]]:
    return [
        (
            one.learner,
            one.name or "",
            f"{one.since:%d %b}",
            "paused" if one.paused else one.stage or "",
            *(_SHORT[one.attendance[name]] if name in one.attendance else "" for name in sessions),
            f"{one.refused_command}: {one.refused}" if one.refused else "",
        )
        for one in found.members
    ]
