"""`trellis surveys`: what people were asked, their forms and answers, and how many answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from client.api.models import SurveyAnswers, SurveyForm, SurveyQuestion, SurveyRate, SurveyRequestRow
from domain.words import by_role, distance
from interfaces.cli import completing
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Json, Program
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.reaching import api, names

app = typer.Typer(
    help="List what people were asked, show and answer forms, and see how many answer.", no_args_is_help=True
)


class Status(StrEnum):
    open = "open"
    answered = "answered"
    expired = "expired"
    skipped = "skipped"


_Request = Annotated[str, typer.Argument(help="The id of the request, as `trellis surveys list` shows it.")]
_REASONS = {
    "too_soon": "asked too recently",
    "too_many": "asked too often",
    "paused": "the journey was paused",
    "over": "the journey was over",
    "nobody": "there was nobody to ask",
}
_YES_NO = {"yes": True, "no": False, "true": True, "false": False}


@app.command("list")
def list_(
    *,
    program: Annotated[
        str | None, typer.Option(help="Only of this program.", autocompletion=completing.programs)
    ] = None,
    survey: Annotated[str | None, typer.Option(help="Only this survey (its id in the kit).")] = None,
    journey: Annotated[str | None, typer.Option(help="Only about this journey.")] = None,
    respondent: Annotated[
        str | None, typer.Option(help="Only what this person was asked; of ops, the id of the program.")
    ] = None,
    status: Annotated[Status | None, typer.Option(help="Only those that stand so.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="The maximum number of rows.")] = 50,
    json: Json = False,
) -> None:
    """List what people were asked, the latest first: whom, about what, and how it stands."""
    with api() as trellis:
        page = trellis.list_survey_requests(
            program=program,
            survey=survey,
            journey=journey,
            respondent=respondent,
            status=status.value if status else None,
            limit=limit,
        )
        if json:
            print_answer(page.rows)
        else:
            people = names(trellis, [one.respondent for one in page.rows])
            show(*_listed(page.rows, people, more=page.next is not None))


@app.command("show")
def show_(request: _Request, *, json: Json = False) -> None:
    """Show a form, and what was answered."""
    with api() as trellis:
        form, answers = trellis.get_survey(request), trellis.get_survey_answers(request)
    if json:
        print_answer({"form": form, "answers": answers})
    else:
        show(*_shown(form, answers, datetime.now(UTC)))


@app.command()
def answer(
    request: _Request,
    answers: Annotated[list[str], typer.Argument(help="An answer to each question, such as confident=7 or clear=yes.")],
    *,
    by: Annotated[str | None, typer.Option(help="Who answers, such as learner:l-1. It is recorded.")] = None,
    json: Json = False,
) -> None:
    """Answer a form for the person who was asked, such as with what they said on the phone."""
    given = _pairs(answers)
    with api() as trellis:
        form = trellis.get_survey(request)
        kinds = {one.id: one for one in form.questions}
        typed = {question: _typed(kinds.get(question), text) for question, text in given.items()}
        done = trellis.answer_survey(request, answers=typed, by=by)
    if json:
        print_answer(done)
    else:
        show(Line("Recorded." if done.new else "Nothing changed: these answers had been recorded before."))


@app.command()
def link(request: _Request, *, json: Json = False) -> None:
    """Print the address of a form that can still be answered. Give it to the person who was asked alone."""
    with api() as trellis:
        found = trellis.get_survey_link(request)
    print_answer(found) if json else show(Line(found.address))


@app.command("rotate-links")
def rotate_links(
    *,
    revoke: Annotated[
        bool, typer.Option("--revoke", help="Links that were sent stop working, within a minute.")
    ] = False,
    json: Json = False,
) -> None:
    """Sign the links of forms with another secret.

    Links that were sent work until they expire, unless you revoke them or rotate twice meanwhile.
    """
    with api() as trellis:
        done = trellis.rotate_survey_links(keep_sent=not revoke)
    if json:
        print_answer(done)
    elif done.kept:
        show(Line("Links have a new secret. Those that were sent work until they expire."))
    else:
        show(
            Line("Links have a new secret. Those that were sent stop working within a minute; to give somebody the new")
        )
        show(Line("one of an open survey: `trellis surveys link REQUEST`."))


@app.command()
def rates(program: Program, *, json: Json = False) -> None:
    """Show how many answer, by survey and version of the kit."""
    with api() as trellis:
        found = trellis.list_survey_rates(program)
    print_answer(found) if json else show(*_rates(found))


def _pairs(answers: Sequence[str]) -> Mapping[str, str]:
    found = {}
    for one in answers:
        question, equals, text = one.partition("=")
        if not equals or not question:
            raise typer.BadParameter(f"{one!r}: write QUESTION=ANSWER, such as confident=7", param_hint="ANSWERS")
        found[question.strip()] = text
    return found


def _typed(question: SurveyQuestion | None, text: str) -> str | float | bool:
    """What does not fit is sent as it was written: the answer says what is wanted."""
    kind = question.kind if question else "text"
    if kind == "yes_no":
        return _YES_NO.get(text.strip().lower(), text)
    if kind == "scale":
        try:
            return int(text)
        except ValueError:
            return text
    return text


def _listed(rows: Sequence[SurveyRequestRow], people: Mapping[str, str], *, more: bool) -> Iterator[Line | Grid]:
    if not rows:
        yield Line("Nobody was asked anything that matches.")
        return
    now = datetime.now(UTC)
    yield Grid(
        ("request", "survey", "asked", "who", "about", "status"), [_request_row(one, people, now) for one in rows]
    )
    if more:
        yield Line((f"Showing the first {len(rows)}. Use --limit to see more.", "dim"))


def _request_row(one: SurveyRequestRow, people: Mapping[str, str], now: datetime) -> Row:
    who = people.get(one.respondent, one.respondent)
    about = one.session or one.milestone or one.after or "a pulse"
    cells = (
        *(one.request, one.survey, distance(one.requested_at, now), f"{who} ({one.role})", about),
        _standing(one.status, one.expires_at, one.reason, now),
    )
    return Row(cells, "dim" if one.status == "skipped" else "")


def _standing(status: str, expires_at: datetime | None, reason: str | None, now: datetime) -> str:
    if status == "skipped":
        return f"skipped: {_REASONS.get(reason or '', reason)}"
    if status == "open" and expires_at:
        return f"open, expires {distance(expires_at, now)}" if expires_at > now else "expired"
    return status


def _shown(form: SurveyForm, answers: SurveyAnswers, now: datetime) -> Iterator[Line | Grid]:
    who = f"{by_role(form.role)} {form.respondent}"
    yield Line((form.title, "bold"))
    yield Line(f"{who}, journey {form.journey}: {_standing(form.status, form.expires_at, None, now)}")
    given = answers.answers or {}
    rows = [Row((one.id, one.ask, _wanted(one), _said(given.get(one.id))), "") for one in form.questions]
    yield Grid(("question", "asks", "takes", "answer"), rows)


def _wanted(one: SurveyQuestion) -> str:
    match one.kind:
        case "scale":
            wanted = f"{one.least} to {one.most}"
        case "choice":
            wanted = ", ".join(one.options or ())
        case "yes_no":
            wanted = "yes or no"
        case _:
            wanted = "text"
    return wanted if one.required else f"{wanted} (optional)"


def _said(answer: str | float | bool | None) -> str:
    match answer:
        case None:
            return "-"
        case bool():
            return "yes" if answer else "no"
        case float():
            return f"{answer:g}"
        case _:
            return str(answer)


def _rates(found: Sequence[SurveyRate]) -> Iterator[Line | Grid]:
    if not found:
        yield Line("Nobody was asked anything yet.")
        return
    columns = ("survey", "of", "kit", "asked", "answered", "open", "expired", "skipped", "rate")
    yield Grid(columns, [_rate_row(one) for one in found])
    yield Line(("The rate is of those that were answered or can no longer be.", "dim"))


def _rate_row(one: SurveyRate) -> Row:
    rate = "-" if one.rate is None else f"{100 * one.rate:.0f} %"
    numbers = (one.asked, one.answered, one.open, one.expired, one.skipped)
    return Row((one.survey, one.role, one.kit_version, *map(str, numbers), rate), "")
