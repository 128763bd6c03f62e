"""`trellis feedback`: what people answered, what stands out, and what of it explains the rest."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer

from client.api.models import Feedback, GroupFigure, QuestionFigures, QuestionOfIntake
from domain.words import plain
from interfaces.cli.answers import print_answer
from interfaces.cli.days import plausible
from interfaces.cli.options import Json, Program
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.reaching import api

_Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], callback=plausible, help="The first day. Default: 26 weeks before the end."),
]
_Until = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], callback=plausible, help="The day after the last one. Default: tomorrow."),
]


def feedback(
    program: Program,
    *,
    since: _Since = None,
    until: _Until = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="Also show every group of this level: template, mentor, session, stage, pathway, cohort, ..."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Show what people answered, what stands out, and what explains it.

    Something stands out only with the evidence that the kit asks for, adjusted for how often one looks. What is no
    different among answers that are alike in something else is listed under that: it is a symptom. To propose a change
    with what stands out as its evidence: trellis proposals make --evidence-file.
    """
    with api() as trellis:
        found = trellis.get_feedback(
            program, since=since.date() if since else None, until=until.date() if until else None
        )
    print_answer(found) if json else show(*_shown(found, by))


def _shown(found: Feedback, by: str | None) -> Iterator[Line | Grid]:
    last = found.until - timedelta(days=1)
    yield Line((f"Feedback on {found.program}, {found.since} to {last}", "bold"))
    if not found.questions and not found.intake:
        yield Line("Nobody has answered a survey, and nobody has begun an intake.")
        return
    yield from _findings(found)
    if found.questions:
        yield Line("")
        columns = ("survey", "question", "of", "people", "answers", "mean or share", "interval")
        yield Grid(columns, [_question(one) for one in found.questions])
    if by:
        yield from _groups(found.questions, by)
    if found.intake:
        yield Line("")
        yield Grid(
            ("intake question", "asked", "stopped there", "share", "interval", ""), list(map(_stop, found.intake))
        )


def _findings(found: Feedback) -> Iterator[Line]:
    rules = found.weighed
    basis = f"at least {rules.least} people on either side, {found.compared:,} comparisons"
    if not found.findings:
        yield Line(f"Nothing stands out ({basis}).")
        return
    yield Line(f"What stands out ({basis}):")
    for one in found.findings:
        yield Line(f"  - {one.says}", *([(f" {one.because}", "dim")] if one.because else ()))
    if any(one.explained_by for one in found.findings):
        yield Line(("These are associations: what they go with is where to look first, and no proof.", "dim"))


def _question(one: QuestionFigures) -> Row:
    question = f"{one.asks} [{one.option}]" if one.option else one.asks
    cells = (one.survey, question, one.role, f"{one.respondents}", f"{one.answers}")
    return Row((*cells, *_figures(one.estimate, one.low, one.high, shares=_of_shares(one))))


def _groups(questions: Sequence[QuestionFigures], by: str) -> Iterator[Line | Grid]:
    rows = [
        Row(
            (
                *(_name(one), group.group, f"{group.respondents}"),
                *_figures(group.estimate, group.low, group.high, shares=_of_shares(one)),
                _remark(group),
            ),
            "yellow" if group.stands_out else "",
        )
        for one in questions
        for group in one.groups
        if group.level == by
    ]
    yield Line("")
    if rows:
        yield Grid(("question", plain(by), "people", "mean or share", "interval", ""), rows)
    else:
        yield Line(f"No answer is linked to a {plain(by)}.")


def _name(one: QuestionFigures) -> str:
    return f"{one.survey}.{one.question}" + (f" [{one.option}]" if one.option else "")


def _remark(group: GroupFigure) -> str:
    if group.stands_out:
        return "stands out"
    return "" if group.enough else "too few"


def _stop(one: QuestionOfIntake) -> Row:
    cells = (one.question, f"{one.asked}", f"{one.stopped}", *_figures(one.share, one.low, one.high, shares=True))
    return Row((*cells, "stands out" if one.stands_out else ""), "yellow" if one.stands_out else "")


def _of_shares(one: QuestionFigures) -> bool:
    return one.kind in ("choice", "yes_no")


def _figures(estimate: float | None, low: float | None, high: float | None, *, shares: bool) -> tuple[str, str]:
    def said(value: float) -> str:
        return f"{value:.0%}" if shares else f"{value:.2f}"

    interval = f"{said(low)} to {said(high)}" if low is not None and high is not None else "-"
    return "-" if estimate is None else said(estimate), interval
