"""Complaints: low answers with words beside them, and what is done about each in place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from domain.complaint import Standing
from domain.ids import ProgramId
from domain.values import Frozen
from interfaces.http.pages.fields import Form, form_of
from interfaces.http.pages.rendering import When
from interfaces.http.v1.orders import Said
from queries.complaints import Complaint
from queries.titles import Titles

PAGE = 30


class Nothing(Frozen):
    """There is nothing to fill in."""


class Words(Frozen):
    """It is sent to whoever complained, where their journey is open, and recorded in any case."""

    answer: Said


@dataclass(frozen=True, slots=True)
class ComplaintShown:
    request: str
    about: str
    journey: str
    when: When
    standing: str
    is_new: bool
    case: str
    answers: Sequence[tuple[str, str]]
    take_up: Form | None
    answer: Form | None


@dataclass(frozen=True, slots=True)
class ComplaintsPage:
    program: str
    rows: Sequence[ComplaintShown]
    standing: str
    standings: Sequence[tuple[str, str]]
    refused: Form | None
    first: str | None
    next: str | None


STANDINGS: Sequence[tuple[Standing, str]] = (("new", "new"), ("taken_up", "taken up"), ("answered", "answered"))


def take_up_form(program: ProgramId, request: str) -> Form:
    return form_of(Nothing, _address(program, request, "take-up"), title="Take up")


def answer_form(program: ProgramId, request: str) -> Form:
    return form_of(
        Words, _address(program, request, "answer"), title="Answer it", button="Answer", labels={"answer": "Your words"}
    )


def _address(program: ProgramId, request: str, what: str) -> str:
    return f"/programs/{program}/complaints/{quote(request, safe='')}/{what}"


def shown(program: ProgramId, one: Complaint, titles: Titles, now: datetime, *, acts: bool) -> ComplaintShown:
    done = {"new": "new", "taken_up": f"taken up by {one.by}", "answered": f"answered by {one.by}"}[one.standing]
    return ComplaintShown(
        request=one.request,
        about=", ".join(_about(one, titles)),
        journey=one.journey,
        when=When.of(one.answered_at, now),
        standing=done,
        is_new=one.standing == "new",
        case=one.case or "",
        answers=[(said.asks, said.answer) for said in one.answers],
        take_up=take_up_form(program, one.request) if acts and one.standing == "new" else None,
        answer=answer_form(program, one.request) if acts and one.standing != "answered" else None,
    )


def _about(one: Complaint, titles: Titles) -> Iterator[str]:
    yield titles.named("survey", one.survey)
    if one.session:
        yield titles.named("session", one.session)


def address(program: ProgramId, standing: str, after: str | None = None) -> str:
    query = {name: value for name, value in (("standing", standing), ("after", after)) if value}
    return f"/programs/{program}/complaints{'?' if query else ''}{urlencode(query)}"
