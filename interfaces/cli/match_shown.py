"""How `trellis match` shows rounds, explanations and proofs."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from rich.markup import escape

from domain.matching.explanation import Choice, Contribution
from domain.round.events import RoundDrafted
from domain.values import counted
from domain.words import plain
from interfaces.cli.screen import named, out, print_listing
from queries.listing import Listing
from queries.matching import Explained, Imagined, Verification
from queries.rounds import WHY, Became, LeftLearner, ProposedPair, RoundRecord, standing
from workflows.contract import RoundStatus

_SHOWN = 25
_CHOICES = 6
_TOLD: Mapping[Became, str] = {
    "drafted": "",
    "not_sent": "not sent yet",
    "unanswered": "sent, not confirmed",
    "proposed": "proposed, waiting for an answer",
    "matched": "matched",
    "declined": "declined",
    "questioned": "asked for more information",
    "expired": "expired",
    "withdrawn": "withdrawn",
    "refused": "refused",
}


def say_round(found: RoundRecord, *, everything: bool) -> None:
    """At a glance: where it stands, the figures, who gets whom, who gets nobody, and what can be done."""
    console, most = out(), 10_000 if everything else _SHOWN
    console.print(
        f"[bold]{escape(found.round)}[/] is [bold]{standing(found.phase, found.taken_back_at)}[/]; begun "
        f"{_moment(found.begun_at)} {WHY[found.cause]}",
        soft_wrap=True,
    )
    if found.draft is None:
        console.print("The draft is being made.")
    else:
        _say_draft(found.draft, stale=found.stale)
    _say_settings(found)
    if found.pairs:
        print_listing(_pairs(found.pairs[:most], released=found.released_at is not None))
        _say_rest(len(found.pairs) - most)
    if found.left:
        print_listing(_left(found.left[:most]))
        _say_rest(len(found.left) - most)
    if found.released_at:
        _say_outcome(found)
    _say_next(found)


def _say_draft(draft: RoundDrafted, *, stale: bool) -> None:
    fit = "" if draft.mean_points is None else f", with a mean fit of {draft.mean_points:.0f} of 100"
    waiting, get, left = _do(draft.waiting, "wait"), _do(draft.pairs, "get"), _do(draft.unplaced, "get")
    out().print(
        f"Draft {draft.draft}: of {counted(draft.waiting, 'learner')} who {waiting}, {draft.pairs:,} {get} one of "
        f"{counted(draft.mentors, 'mentor')} with {counted(draft.free, 'free place')}{fit}; {draft.unplaced:,} {left} "
        "nobody",
        soft_wrap=True,
    )
    least = draft.certificate.least_price / 100
    cost = f"anything else costs at least {least:g} points more" if least else "some choices cost the same"
    out().print(f"Proven to be the best there is: {cost} (`trellis match verify`)", style="dim", soft_wrap=True)
    if stale:
        out().print("[yellow]Pairs were pinned or forbidden since; make the draft again to see their effect.[/]")
    for remark in draft.remarks:
        out().print(f"  [yellow]![/] {escape(remark)}", soft_wrap=True)
    if draft.obstacles and draft.unplaced:
        out().print(f"Pairs that rules exclude: {by_rule(draft.obstacles)}", markup=False, soft_wrap=True)


def by_rule(pairs: Mapping[str, int]) -> str:
    """The rules that exclude most, in order of the pairs: the log does not keep the order of a mapping."""
    most = sorted(pairs.items(), key=lambda one: (-one[1], one[0]))[:5]
    return ", ".join(f"{plain(name)} {many:,}" for name, many in most)


def _do(many: int, verb: str) -> str:
    return f"{verb}s" if many == 1 else verb


def _say_settings(found: RoundRecord) -> None:
    for word, pairs in (("Pinned", found.pinned), ("Forbidden", found.forbidden)):
        if pairs:
            said = ", ".join(f"{one.learner} and {one.mentor}" for one in pairs[:_SHOWN])
            rest = f", and {len(pairs) - _SHOWN} more" if len(pairs) > _SHOWN else ""
            out().print(f"{word}: {said}{rest}", markup=False, soft_wrap=True)


def _pairs(pairs: Sequence[ProposedPair], *, released: bool) -> Listing:
    last = ("what became of it",) if released else ("because",)
    rows = [
        (
            *(named(one.learner, one.learner_name), named(one.mentor, one.mentor_name), f"{one.points:.0f}"),
            *("pinned" if one.pinned else "", _of_pair(one, released=released)),
        )
        for one in pairs
    ]
    return Listing("Pairs", ("learner", "mentor", "fit", "", *last), rows)


def _of_pair(one: ProposedPair, *, released: bool) -> str:
    if not released:
        return one.reason
    return f"refused: {one.refused.says}" if one.refused else _TOLD[one.became]


def _left(left: Iterable[LeftLearner]) -> Listing:
    rows = [(named(one.learner, one.learner_name), one.says) for one in left]
    return Listing("Without a mentor for now", ("learner", "because"), rows)


def _say_outcome(found: RoundRecord) -> None:
    kinds = [(word, found.count(became)) for became, word in _TOLD.items()]
    said = ", ".join(f"{many:,} {word}" for word, many in kinds if many)
    out().print(f"Of {counted(len(found.pairs), 'pair')}: {said}", markup=False, soft_wrap=True)


def _say_next(found: RoundRecord) -> None:
    match found.phase:
        case "drafted" if found.stale:
            _say_commands(f"again {found.program}", f"discard {found.program}")
        case "drafted":
            draft = found.draft.draft if found.draft else 1
            _say_commands(
                f"release {found.program} --draft {draft}",
                f"explain LEARNER --program {found.program}",
                f"pin {found.program} LEARNER MENTOR",
                f"discard {found.program}",
            )
        case "released" | "completed" if not found.taken_back_at:
            _say_commands(f"take-back {found.program} --round {found.number}")
        case _:
            pass


def _say_commands(*commands: str) -> None:
    for command in commands:
        out().print(f"  trellis match {command}", style="cyan", markup=False, soft_wrap=True)


def say_status(status: RoundStatus) -> None:
    """After a command: where the round stands now, in a line or two."""
    program = status.round.rpartition("-")[0]
    if status.taken_back:
        kept = status.sent - status.withdrawn
        because = f", {kept:,} kept because somebody has accepted or the journey has moved on" if kept else ""
        out().print(
            f"{status.round} is taken back: {counted(status.withdrawn, 'proposal')} withdrawn{because}",
            markup=False,
            soft_wrap=True,
        )
        return
    match status.phase:
        case "drafted" if status.stale:
            out().print(f"{status.round}: recorded. The draft does not show it yet:", markup=False)
            _say_commands(f"again {program}")
        case "drafting":
            out().print(f"{status.round}: recorded; the draft is being made.", markup=False)
        case "released":
            out().print(
                f"{status.round} is released; {counted(status.pending, 'proposal')} on the way. To follow it: trellis "
                f"match show {program}",
                markup=False,
                soft_wrap=True,
            )
        case "completed":
            out().print(f"{status.round} is complete: {status.sent:,} sent, {status.refused:,} refused.", markup=False)
        case "discarded":
            out().print(f"{status.round} is discarded; nothing was sent.", markup=False)
        case _:
            out().print(f"{status.round}: nothing to change.", markup=False)


# Explanations


def say_explained(found: Explained, *, everything: bool) -> None:
    told, names, console = found.explanation, found.names, out()
    console.print(f"[dim]{escape(found.round)}, draft {found.draft}[/]")
    console.print(
        f"[bold]{escape(named(told.learner, names.get(told.learner)))}[/]: {escape(told.says)}", soft_wrap=True
    )
    console.print(
        f"Has waited {counted(told.waited_days, 'day')}; to be left without a mentor costs "
        f"{told.unmatched_price:g} points today.",
        soft_wrap=True,
    )
    if told.contributions and told.mentor:
        mentor = named(told.mentor, names.get(told.mentor))
        print_listing(_contributions(told.contributions, f"{mentor}, {told.points:g} points"))
    most = 10_000 if everything else _CHOICES
    if told.choices:
        print_listing(_choices(told.choices[:most], names))
        _say_rest(len(told.choices) - most)
    if told.excluded:
        excluded = told.excluded[: most * 2]
        rows = [(named(one.mentor, names.get(one.mentor)), plain(one.rule), one.says) for one in excluded]
        print_listing(Listing("Excluded by rules", ("mentor", "rule", "because"), rows))
        _say_rest(len(told.excluded) - most * 2)
    if told.preferring:
        both = ", ".join(named(one, names.get(one)) for one in told.preferring)
        console.print(f"Would rather have, and would rather be had by: {both}", markup=False, soft_wrap=True)
    if told.rank_from_below:
        console.print(f"Fit, counted from the lowest of the round: {told.rank_from_below}.")


def _contributions(those: Iterable[Contribution], of: str) -> Listing:
    rows = [(plain(one.criterion), f"{one.points:g}", f"{one.of:g}" if one.of else "", one.says) for one in those]
    return Listing(f"What each criterion gives: {of}", ("criterion", "points", "of", "because"), rows)


def _choices(those: Iterable[Choice], names: Mapping[str, str]) -> Listing:
    rows = [
        (
            named(one.mentor, names.get(one.mentor)) if one.mentor else "nobody",
            "" if one.points is None else f"{one.points:g}",
            "not to be had" if one.price is None else f"{one.price:g}",
            one.says,
        )
        for one in those
    ]
    return Listing("What something else would cost everybody", ("mentor", "fit", "price", "in words"), rows)


def say_imagined(found: Imagined) -> None:
    told, console = found.what_if, out()
    learner, mentor = (named(one, found.names.get(one)) for one in (told.learner, told.mentor))
    console.print(f"[dim]{escape(found.round)}, draft {found.draft}[/]")
    console.print(f"[bold]{escape(learner)}[/] with [bold]{escape(mentor)}[/]: {escape(told.says)}", soft_wrap=True)
    for move in told.choice.moves:
        console.print(
            f"  {move.learner}: {move.leaves or 'nobody'} → {move.gets or 'nobody'}", markup=False, highlight=False
        )
    if told.choice.contributions:
        print_listing(_contributions(told.choice.contributions, f"{mentor}, {told.choice.points or 0:g} points"))


def say_verified(found: Verification) -> None:
    console = out()
    if found.holds:
        console.print(
            f"[green]The proof holds.[/] Draft {found.draft} of {escape(found.round)} is the best there is for its "
            f"pool ({found.pool[:12]}), and calculating it again gives the same pairs.",
            soft_wrap=True,
        )
    else:
        console.print(f"[red]It does not hold.[/] {escape(found.round)}: {escape(found.says)}", soft_wrap=True)


def _say_rest(left_out: int) -> None:
    if left_out > 0:
        out().print(f"  and {left_out:,} more (use --all)", style="dim")


def _moment(at: datetime) -> str:
    return f"{at:%d %b %Y %H:%M} UTC"
