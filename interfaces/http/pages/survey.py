"""What the page of a survey says: to people without an account, on a phone, perhaps read aloud."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from domain.kit import Kit, SurveyAnswer, SurveyQuestion
from domain.kit.surveys import LONGEST_TEXT
from domain.survey import person_of
from domain.values import counted
from services.surveys import Form, Parties
from store.people import zone_of

FIELD = "answer-"
"""The name of a question's field is this and the question's id."""
_YES_NO: Mapping[str, bool] = {"yes": True, "no": False}
_NO_ANSWER = ""
_STEPS_AT_MOST = 11
Given = Mapping[str, str]
"""What the fields of a form hold, by their names."""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    ask: str
    kind: Literal["text", "number", "scale", "choice", "yes_no"]
    """`number`: a scale with too many steps to choose from."""
    options: Sequence[Option]
    required: bool
    hint: str
    longest: int
    given: str
    problem: str | None


@dataclass(frozen=True, slots=True)
class SurveyPage:
    title: str
    introduction: str
    looked_at_by: str | None
    """To whoever looks at the form and is not the one who was asked."""
    questions: Sequence[Question]
    problems_title: str
    problems: Sequence[Question]
    privacy: Sequence[str]


@dataclass(frozen=True, slots=True)
class Words:
    """A page that says something, and asks nothing."""

    title: str
    paragraphs: Sequence[str]


def page_of(
    form: Form, who: Parties, given: Given, problems: Mapping[str, str], looked_at_by: str | None = None
) -> SurveyPage:
    """`problems`: a sentence for each question that is not answered as it should be; under the empty name, for all."""
    questions = [_question(one, given, problems.get(one.id)) for one in form.survey.questions]
    whole = problems.get("")
    return SurveyPage(
        title=form.survey.title,
        introduction=" ".join(_introduction(form, who)),
        looked_at_by=looked_at_by,
        questions=questions,
        problems_title=whole or "Your answers are not sent yet. Please look at these questions again:",
        problems=[one for one in questions if one.problem] if problems else [],
        privacy=tuple(_privacy(form)),
    )


def answers_in(form: Form, given: Given) -> dict[str, SurveyAnswer]:
    """Of the questions that are answered. What does not fit its question is left as it was written."""
    found = {one.id: _typed(one, given.get(f"{FIELD}{one.id}", "")) for one in form.survey.questions}
    return {question: one for question, one in found.items() if one != _NO_ANSWER}


def problems_in(form: Form, answers: Mapping[str, SurveyAnswer], twice: Collection[str]) -> dict[str, str]:
    """Sentences for whoever answered, by question. `twice`: the fields that were sent more than once."""
    if repeated := [one.id for one in form.survey.questions if f"{FIELD}{one.id}" in twice]:
        return dict.fromkeys(repeated, "It has more than one answer. Please give one.")
    if not answers:
        return {"": "Nothing is answered yet. Please answer at least one question.", **_unanswered(form)}
    found = form.survey.problems_with(answers)
    return {one: "Please answer this question." if one not in answers else f"It {says}." for one, says in found.items()}


def _unanswered(form: Form) -> dict[str, str]:
    return {one.id: "Please answer this question." for one in form.survey.questions if one.required}


def _typed(question: SurveyQuestion, written: str) -> SurveyAnswer:
    text = written.replace("\r\n", "\n").replace("\0", "").strip()
    match question.kind:
        case "scale":
            return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else text
        case "yes_no":
            return _YES_NO.get(text, text)
        case "text" | "choice":
            return text


def _question(one: SurveyQuestion, given: Given, problem: str | None) -> Question:
    name = f"{FIELD}{one.id}"
    long = one.kind == "scale" and one.most - one.least >= _STEPS_AT_MOST
    options = [] if long else list(_options(one))
    if options and not one.required:
        options.append(Option(_NO_ANSWER, "No answer"))
    return Question(
        name=name,
        ask=one.ask,
        kind="number" if long else one.kind,
        options=options,
        required=one.required,
        hint=_hint(one),
        longest=LONGEST_TEXT,
        given=given.get(name, _NO_ANSWER),
        problem=problem,
    )


def _options(one: SurveyQuestion) -> Iterator[Option]:
    match one.kind:
        case "scale":
            for number in range(one.least, one.most + 1):
                yield Option(str(number), str(number))
        case "choice":
            for option in one.options:
                yield Option(option, option)
        case "yes_no":
            yield from (Option("yes", "Yes"), Option("no", "No"))
        case "text":
            pass


def _hint(one: SurveyQuestion) -> str:
    if one.kind != "scale":
        return ""
    ends = ((one.least, one.low), (one.most, one.high))
    said = "; ".join(f"{number}: {words}" for number, words in ends if words)
    return said or f"From {one.least} to {one.most}."


def _introduction(form: Form, who: Parties) -> Iterator[str]:
    name = who.respondent.name if who.respondent else None
    yield f"For {name}, in {form.kit.title}." if name else f"{form.kit.title}."
    if about := _about(form.kit, form, who):
        yield f"It is about {about}."
    until = form.asked.expires_at
    asks = counted(len(form.survey.questions), "question")
    yield f"{asks}; you can answer until {moment(until, zone_of(who.respondent))}." if until else f"{asks}."


def _about(kit: Kit, form: Form, who: Parties) -> str:
    role, _ = person_of(form.respondent)
    about = form.asked.about
    other = who.mentor if role == "learner" else who.learner
    with_other = f" with {other.name}" if other and role != "ops" else ""
    of_learner = f" of {who.learner.name}" if role == "ops" and who.learner else ""
    match about.after:
        case "match":
            return f"the match{with_other}{of_learner}"
        case "session":
            return f"the session “{_session_title(kit, form)}”{with_other}{of_learner}"
        case "milestone":
            return f"“{_milestone_title(kit, form)}”{of_learner}"
        case "closing":
            return f"the program as a whole{with_other}{of_learner}"
        case None:
            return f"how it has been going lately{with_other}{of_learner}"


def _session_title(kit: Kit, form: Form) -> str:
    about = form.asked.about
    pathway = kit.pathway(about.pathway) if about.pathway else None
    found = next((one.title for one in pathway.sessions if one.id == about.session), None) if pathway else None
    return found or str(about.session)


def _milestone_title(kit: Kit, form: Form) -> str:
    about = form.asked.about
    pathway = kit.pathway(about.pathway) if about.pathway else None
    found = next((one.title for one in pathway.milestones if one.id == about.milestone), None) if pathway else None
    return found or str(about.milestone)


def _privacy(form: Form) -> Iterator[str]:
    role, _ = person_of(form.respondent)
    people = f"the people who run {form.kit.title}"
    if role == "ops":
        yield f"All of {people} can read these answers."
    else:
        other = "Your mentor" if role == "learner" else "The learner"
        yield f"Only {people} can read your answers. They see your name with them. {other} does not see them."
    yield "They use them to improve the program, and may get in touch with you about something that you report."
    yield "In figures, your answers are counted with those of others, without your name and without what you wrote."


def moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M} ({local:%Z})"
