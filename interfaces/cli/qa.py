"""`trellis qa`: reviews of sessions: rounds, the queue of those who review, scores, and a program's figures."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from client.api.models import QualityFigures, QueuedReview, ReviewRound, ScoreFigure, ScoreShown, ToReview
from domain.values import counted
from domain.words import distance, plain
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Journey, Json, Program, Reason
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.reaching import api, names

app = typer.Typer(help="Review a sample of sessions by the kit's rubric, and see the scores.", no_args_is_help=True)

_Item = Annotated[str, typer.Argument(help="The id of the item, as `trellis qa queue` shows it.")]
_By = Annotated[str | None, typer.Option(help="Who reviews, such as ops:ana. It is recorded.")]
_Answers = Annotated[
    list[str] | None,
    typer.Option("--answer", metavar="QUESTION=yes|partly|no", help="An answer to a question. May be repeated."),
]
_Marks = Annotated[
    list[str] | None, typer.Option("--mark", metavar="DIMENSION=1..5", help="The mark of a dimension. May be repeated.")
]
_Notes = Annotated[str, typer.Option(help="Words for those who run the program, and for the mentor.")]
_Minutes = Annotated[int | None, typer.Option(min=1, max=600, help="How many minutes it took.")]
_Corrects = Annotated[bool, typer.Option("--correct", help="This counts instead of what you said before.")]
_Why = Annotated[str, typer.Option("--reason", help="Why you correct it. It is recorded.")]


@app.command()
def begin(program: Program, *, json: Json = False) -> None:
    """Begin a round of reviews now, besides those of the program's schedule.

    While a round is open, nothing is begun.
    """
    with api() as trellis:
        found = trellis.begin_quality_round(program)
    if json:
        print_answer(found)
    elif found.round is None:
        show(Line("No session was held since the last round that could be reviewed."))
    else:
        many = counted(found.items, "item")
        show(Line(f"Round {found.round}: {many} to review. To see them: trellis qa queue {program}"))


@app.command()
def rounds(
    program: Program,
    *,
    limit: Annotated[int, typer.Option(min=1, max=100, help="The maximum number of rounds.")] = 20,
    json: Json = False,
) -> None:
    """List the rounds of reviews: sample, minutes, what was reviewed and what lapsed."""
    with api() as trellis:
        found = trellis.list_quality_rounds(program, limit=limit)
    print_answer(found) if json else show(*_rounds(found))


@app.command()
def queue(program: Program, *, by: _By = None, json: Json = False) -> None:
    """List the sessions that you can review: first those that you have taken."""
    with api() as trellis:
        found = trellis.list_reviews(program, by=by)
        if json:
            print_answer(found)
        else:
            show(*_queue(found, names(trellis, [one.mentor for one in found])))


@app.command("show")
def show_(item: _Item, *, by: _By = None, json: Json = False) -> None:
    """Show a session to review: its notes and follow-up, the form, and what to look for."""
    with api() as trellis:
        found = trellis.get_review(item, by=by)
    print_answer(found) if json else show(*_review(found))


@app.command()
def take(item: _Item, *, by: _By = None, json: Json = False) -> None:
    """Keep an item for yourself, for a day, and show it."""
    with api() as trellis:
        found = trellis.take_review(item, by=by)
    print_answer(found) if json else show(*_review(found))


@app.command()
def score(
    item: _Item,
    *,
    answers: _Answers = None,
    marks: _Marks = None,
    notes: _Notes = "",
    minutes: _Minutes = None,
    correct: _Corrects = False,
    reason: _Why = "",
    by: _By = None,
    json: Json = False,
) -> None:
    """Score the session of an item that you have taken.

    Leave out what nobody can tell from what is written. Scoring again takes --correct and --reason.
    """
    given = _given(answers, marks, notes, minutes)
    with api() as trellis:
        done = trellis.score_review(item, **given, corrects=correct, reason=reason, by=by)
    print_answer(done) if json else show(
        Line("Recorded." if done.new else "Nothing changed: this was recorded before.")
    )


@app.command()
def skip(item: _Item, *, reason: Reason, by: _By = None, json: Json = False) -> None:
    """Leave a session out of the round."""
    with api() as trellis:
        done = trellis.skip_review(item, reason=reason, by=by)
    print_answer(done) if json else show(Line(f"{item} is skipped."))


@app.command()
def session(
    journey: Journey,
    session: Annotated[str, typer.Argument(help="The id of the session, as `trellis sessions` shows it.")],
    *,
    answers: _Answers = None,
    marks: _Marks = None,
    notes: _Notes = "",
    minutes: _Minutes = None,
    correct: _Corrects = False,
    reason: _Why = "",
    by: _By = None,
    json: Json = False,
) -> None:
    """Score any session that was held, outside the rounds.

    As the mentor who held it with --by mentor:ID, or with the mentor's own key.
    """
    given = _given(answers, marks, notes, minutes)
    with api() as trellis:
        done = trellis.score_session(journey, session, **given, corrects=correct, reason=reason, by=by)
    print_answer(done) if json else show(
        Line("Recorded." if done.new else "Nothing changed: this was recorded before.")
    )


@app.command()
def scores(journey: Journey, *, json: Json = False) -> None:
    """List the scores of a journey's sessions, the first first."""
    with api() as trellis:
        found = trellis.list_scores(journey)
    print_answer(found) if json else show(*_scores(found))


@app.command()
def figures(
    program: Program,
    *,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only sessions held from this day on (UTC).")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only sessions held before this day (UTC).")
    ] = None,
    json: Json = False,
) -> None:
    """Show the scores of a program with their intervals, and how far reviewers agree."""
    with api() as trellis:
        found = trellis.get_quality(program, since=_utc(since), until=_utc(until))
    print_answer(found) if json else show(*_figures(found))


def _recorded(*, new: bool) -> str:
    return "Recorded." if new else "Nothing changed: this was recorded before."


def _utc(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=UTC) if day else None


def _given(
    answers: Sequence[str] | None, marks: Sequence[str] | None, notes: str, minutes: int | None
) -> Mapping[str, Any]:
    """Raises BadParameter."""
    return {
        "questions": {name: _verdict(one) for name, one in _pairs(answers, "--answer")},
        "dimensions": {name: _mark(one) for name, one in _pairs(marks, "--mark")},
        "notes": notes,
        "minutes": minutes,
    }


def _pairs(those: Sequence[str] | None, option: str) -> Iterator[tuple[str, str]]:
    for one in those or ():
        name, equals, value = one.partition("=")
        if not equals or not name or not value:
            raise typer.BadParameter(f"{one!r} is not NAME=VALUE", param_hint=option)
        yield name.strip(), value.strip()


def _verdict(said: str) -> str:
    if said in ("yes", "partly", "no"):
        return said
    raise typer.BadParameter(f"{said!r} is no answer; write yes, partly or no", param_hint="--answer")


def _mark(said: str) -> int:
    if said in ("1", "2", "3", "4", "5"):
        return int(said)
    raise typer.BadParameter(f"{said!r} is no mark; write a whole number from 1 to 5", param_hint="--mark")


def _rounds(found: Sequence[ReviewRound]) -> Iterator[Line | Grid]:
    if not found:
        yield Line("There was no round of reviews yet. To begin one: trellis qa begin PROGRAM")
        return
    columns = ("round", "begun", "sample", "of", "twice", "reviewed", "skipped", "waiting", "minutes", "left")
    now = datetime.now(UTC)
    yield Grid(
        columns,
        [
            Row(
                (
                    one.round,
                    distance(one.begun_at, now),
                    str(one.sampled),
                    counted(one.sessions, "session"),
                    str(one.twice),
                    str(one.reviewed),
                    str(one.skipped),
                    str(one.waiting) if one.closed_at is None else "closed",
                    f"{one.minutes_used} of {one.minutes}",
                    str(one.mentors_left),
                )
            )
            for one in found
        ],
    )


def _queue(found: Sequence[QueuedReview], people: Mapping[str, str]) -> Iterator[Line | Grid]:
    if not found:
        yield Line("There is nothing to review.")
        return
    now = datetime.now(UTC)
    yield Grid(
        ("item", "mentor", "session", "held", "why", "state", "closes"),
        [
            Row(
                (
                    one.item,
                    people.get(one.mentor, one.mentor),
                    one.session,
                    distance(one.held_at, now),
                    ", ".join(map(plain, one.risks)) or plain(one.stratum),
                    "yours" if one.state == "taken" else "open",
                    distance(one.closes_at, now),
                )
            )
            for one in found
        ],
    )


def _review(found: ToReview) -> Iterator[Line | Grid]:
    who = f" of {found.learner} with {found.mentor}" if found.learner else ""
    yield Line((f"{found.session.title}{who}", "bold"))
    closes = distance(found.closes_at, datetime.now(UTC))
    yield Line(f"{found.item}, {found.state}; closes {closes}; about {found.minutes} minutes")
    yield Line("")
    for label, text in _record(found):
        yield Line((f"{label}: ", "dim"), text)
    yield Line("")
    yield Line(("What to look for", "bold"))
    yield from (Line(f"  - {one}") for one in found.look_for)
    yield Line("")
    yield Line(("The form", "bold"))
    for question in found.questions:
        yield Line(f"  --answer {question.id}=yes|partly|no", (f"   {question.ask}", "dim"))
    for dimension in found.dimensions:
        ends = f" (1: {dimension.low}; 5: {dimension.high})" if dimension.low and dimension.high else ""
        yield Line(f"  --mark {dimension.id}=1..5", (f"   {dimension.title}{ends}", "dim"))
    if found.given:
        yield Line("")
        yield Line(f"You have scored it: {_said(found.given)}")


def _record(found: ToReview) -> Iterator[tuple[str, str]]:
    one = found.session
    yield "held", f"{one.starts_at:%d %b %Y %H:%M} UTC"
    if one.agenda.goal:
        yield "goal", one.agenda.goal
    if one.remark:
        yield "remark", one.remark
    yield from ((note.asked, _text(note.answer)) for note in one.notes if note.answer is not None)
    if not one.notes:
        yield "notes", "none were written"
    yield "follow-up", one.summary if one.summary is not None else "none was sent"
    for step in one.next_steps:
        yield "next step", f"{step.text} ({step.owner}, due {step.due_at:%d %b %Y}, {plain(step.standing)})"


def _text(answer: object) -> str:
    return ", ".join(map(str, answer)) if isinstance(answer, list) else str(answer)


def _said(one: ScoreShown) -> str:
    return ", ".join(f"{name} {value}" for name, value in {**one.questions, **one.dimensions}.items())


def _scores(found: Sequence[ScoreShown]) -> Iterator[Line | Grid]:
    if not found:
        yield Line("No session of this journey is scored, or the second reviewer has not scored yet.")
        return
    yield Grid(
        ("session", "by", "as", "score", "notes"),
        [Row((one.session, one.by, one.role, _said(one), one.notes)) for one in found],
    )


def _figures(found: QualityFigures) -> Iterator[Line | Grid]:
    if not found.figures:
        yield Line("No session is scored.")
        return
    yield Grid(
        ("question or dimension", "scored by", "scores", "mean", "95 %"),
        [_figure_row(one) for one in found.figures],
    )
    yield Line(("Questions count from 0 (no) to 1 (yes), dimensions from 1 to 5.", "dim"))
    if found.agreement:
        yield Line("")
        yield Grid(
            ("scored twice", "sessions", "same", "alpha"),
            [Row((one.says, str(one.sessions), str(one.same), _number(one.alpha))) for one in found.agreement],
        )


def _figure_row(one: ScoreFigure) -> Row:
    return Row((one.says, one.role, str(one.scores), _number(one.mean), _span(one.low, one.high)))


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _span(low: float | None, high: float | None) -> str:
    return "-" if low is None or high is None else f"{low:.2f} to {high:.2f}"
