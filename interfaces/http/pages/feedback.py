"""The pages of a program's feedback, its complaints, and the proposals that follow from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pydantic import field_validator

from domain.words import plain
from interfaces.http.pages.asked import NOTHING
from interfaces.http.v1.feedback import FeedbackQuery
from queries.feedback.report import Feedback, FindingShown, GroupFigure, PlaceShown, QuestionFigures, QuestionOfIntake
from queries.listing import Listing
from queries.titles import Titles


class FeedbackForm(FeedbackQuery):
    """What the form of the page sends: fields that nobody filled in are empty."""

    @field_validator("*", mode="before")
    @classmethod
    def _filled(cls, value: object) -> object:
        return value or None


MOST_GROUPS, MOST_FINDINGS = 40, 100
"""Of one level of one question, and of what stands out. The API has all of them."""
_MOST_SYMPTOMS = 20
_LEVELS_SHOWN = ("template", "session", "milestone", "stage", "pathway", "segment", "cohort", "kit_version", "mentor")


@dataclass(frozen=True, slots=True)
class Symptom:
    says: str
    because: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands out, with its symptoms."""

    says: str
    because: str
    symptoms: Sequence[Symptom]


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    program: str
    proposes: bool
    """Whether the reader may follow it up."""
    shown: str
    rules: str
    since: str
    until: str
    standing: Sequence[Standing]
    questions: Listing
    intake: Listing
    groups: Sequence[Listing]
    thin: Sequence[Listing]
    """Comparisons with too few answers in every group."""


@dataclass(frozen=True, slots=True)
class _Called:
    """How groups of answers are called."""

    names: Mapping[str, str]
    titles: Titles

    def group(self, one: GroupFigure) -> str:
        match one.level:
            case "mentor":
                return self.names.get(one.group, one.group)
            case "session" | "milestone":
                return self.titles.named(one.level, one.group)
            case _:
                return one.group


def feedback_page(found: Feedback, names: Mapping[str, str], titles: Titles, *, proposes: bool) -> FeedbackPage:
    """`names`: of the mentors, for whoever may see them. `titles`: of the program."""
    called = _Called(names, titles)
    weighed = found.weighed
    return FeedbackPage(
        program=found.program,
        proposes=proposes,
        shown=f"{found.since:%d %b %Y} to {found.until - timedelta(days=1):%d %b %Y}, by the rules of version "
        f"{found.kit_version}",
        rules=(
            f"At least {weighed.least:,} people on either side; adjusted for {found.compared:,} comparisons; intervals "
            f"at {weighed.confidence:.0%}."
        ),
        since=f"{found.since}",
        until=f"{found.until}",
        standing=_standing(found.findings),
        questions=_questions(found.questions, titles),
        intake=_intake(found, titles),
        groups=[one for question in found.questions for one in _groups(question, called, enough=True)],
        thin=[one for question in found.questions for one in _groups(question, called, enough=False)],
    )


def _standing(findings: Sequence[FindingShown]) -> list[Standing]:
    symptoms: dict[PlaceShown, list[Symptom]] = {}
    for one in findings:
        if one.explained_by:
            symptoms.setdefault(one.explained_by, []).append(Symptom(one.says, one.because))
    return [
        Standing(one.says, one.because, symptoms.get(one.place, ())[:_MOST_SYMPTOMS])
        for one in findings
        if one.explained_by is None
    ][:MOST_FINDINGS]


def _questions(questions: Sequence[QuestionFigures], titles: Titles) -> Listing:
    columns = ("survey", "question", "of", "people", "answers", "result", "interval")
    return Listing("What was answered", columns, [_question(one, titles) for one in questions])


def _question(one: QuestionFigures, titles: Titles) -> tuple[object, ...]:
    figures = _figures(one, one.estimate, one.low, one.high)
    return titles.named("survey", one.survey), _asks(one), one.role, one.respondents, one.answers, *figures


def _intake(found: Feedback, titles: Titles) -> Listing:
    columns = ("question", "asked", "gave up", "share", "interval", "")
    return Listing("Where the intake is given up", columns, [_stop(one, titles) for one in found.intake])


def _stop(one: QuestionOfIntake, titles: Titles) -> tuple[object, ...]:
    share = _said((one.share, one.low, one.high), shares=True)
    return titles.named("question", one.question), one.asked, one.stopped, *share, _mark(one.stands_out)


def _groups(one: QuestionFigures, called: _Called, *, enough: bool) -> list[Listing]:
    """Those in which some group has answers enough, or those in which none has."""
    by_level: dict[str, list[GroupFigure]] = {}
    for group in one.groups:
        by_level.setdefault(group.level, []).append(group)
    return [
        Listing(
            f"{_asks(one)}, by {plain(level)}{_remark(by_level[level])}",
            (plain(level), "people", "answers", "result", "interval", ""),
            [_group(one, group, called) for group in shown_of(by_level[level])],
        )
        for level in _LEVELS_SHOWN
        if len(by_level.get(level, ())) > 1 and any(group.enough for group in by_level[level]) is enough
    ]


def shown_of(groups: Sequence[GroupFigure]) -> Sequence[GroupFigure]:
    """Of one level of one question, in the given order: those that stand out, and those of whom most is known."""
    if len(groups) <= MOST_GROUPS:
        return groups
    first = sorted(groups, key=lambda one: (not one.stands_out, -one.respondents))[:MOST_GROUPS]
    kept = {one.group for one in first}
    return [one for one in groups if one.group in kept]


def _remark(groups: Sequence[GroupFigure]) -> str:
    if len(groups) <= MOST_GROUPS:
        return ""
    return f" ({MOST_GROUPS} of {len(groups):,}: what stands out, and those with most answers)"


def _group(one: QuestionFigures, group: GroupFigure, called: _Called) -> tuple[object, ...]:
    name = called.group(group)
    remark = _mark(group.stands_out) or ("" if group.enough else "too few to compare")
    return name, group.respondents, group.answers, *_figures(one, group.estimate, group.low, group.high), remark


def _asks(one: QuestionFigures) -> str:
    return f"{one.asks} [{one.option}]" if one.option else one.asks


def _figures(one: QuestionFigures, *of: float | None) -> tuple[str, str]:
    estimate, low, high = of
    return _said((estimate, low, high), shares=one.kind in ("choice", "yes_no"))


def _said(of: tuple[float | None, float | None, float | None], *, shares: bool) -> tuple[str, str]:
    estimate, low, high = (None if one is None else f"{one:.0%}" if shares else f"{one:.2f}" for one in of)
    return estimate or NOTHING, f"{low} to {high}" if low and high else NOTHING


def _mark(stands_out: bool) -> str:
    return "stands out" if stands_out else ""
