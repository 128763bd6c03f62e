"""The pages of a program's feedback, its complaints, and the proposals that follow from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import field_validator

from domain.ids import ProgramId
from domain.proposal import Evidence
from domain.words import plain
from interfaces.http.pages.rendering import When
from interfaces.http.v1.feedback import FeedbackQuery
from projections.views.proposals import ProposalRow
from queries.complaints import Complaint
from queries.feedback.report import Feedback, FindingShown, GroupFigure, PlaceShown, QuestionFigures, QuestionOfIntake
from queries.listing import Listing
from queries.proposals import ProposalRecord


class FeedbackForm(FeedbackQuery):
    """What the form of the page sends: fields that nobody filled in are empty."""

    @field_validator("*", mode="before")
    @classmethod
    def _filled(cls, value: object) -> object:
        return value or None


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
    shown: str
    rules: str
    since: str
    until: str
    standing: Sequence[Standing]
    questions: Listing
    intake: Listing
    groups: Sequence[Listing]


@dataclass(frozen=True, slots=True)
class ComplaintShown:
    request: str
    about: str
    when: When
    standing: str
    answers: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ComplaintsPage:
    program: str
    rows: Sequence[ComplaintShown]


@dataclass(frozen=True, slots=True)
class ProposalLine:
    id: str
    title: str
    status: str
    owner: str
    made: When
    where: str


@dataclass(frozen=True, slots=True)
class ProposalsPage:
    program: str
    rows: Sequence[ProposalLine]
    more: bool
    opens: bool
    """Whether each leads to its own page, which has its words."""


@dataclass(frozen=True, slots=True)
class Step:
    what: str
    when: When
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class ProposalPage:
    id: str
    program: str
    title: str
    status: str
    owner: str
    text: str
    evidence: Listing
    steps: Sequence[Step]


def feedback_page(found: Feedback, names: Mapping[str, str]) -> FeedbackPage:
    """`names`: of the mentors, for whoever may see them."""
    weighed = found.weighed
    return FeedbackPage(
        program=found.program,
        shown=f"{found.since} to {found.until - timedelta(days=1)}, by the rules of version {found.kit_version}",
        rules=(
            f"At least {weighed.least:,} people on either side; adjusted for {found.compared:,} comparisons; intervals "
            f"at {weighed.confidence:.0%}."
        ),
        since=f"{found.since}",
        until=f"{found.until}",
        standing=_standing(found.findings),
        questions=_questions(found.questions),
        intake=_intake(found),
        groups=[one for question in found.questions for one in _groups(question, names)],
    )


def _standing(findings: Sequence[FindingShown]) -> list[Standing]:
    symptoms: dict[PlaceShown, list[Symptom]] = {}
    for one in findings:
        if one.explained_by:
            symptoms.setdefault(one.explained_by, []).append(Symptom(one.says, one.because))
    return [
        Standing(one.says, one.because, symptoms.get(one.place, ())) for one in findings if one.explained_by is None
    ]


def _questions(questions: Sequence[QuestionFigures]) -> Listing:
    columns = ("survey", "question", "of", "people", "answers", "result", "interval")
    return Listing("What was answered", columns, list(map(_question, questions)))


def _question(one: QuestionFigures) -> tuple[object, ...]:
    figures = _figures(one, one.estimate, one.low, one.high)
    return one.survey, _asks(one), one.role, one.respondents, one.answers, *figures


def _intake(found: Feedback) -> Listing:
    columns = ("question", "asked", "gave up", "share", "interval", "")
    return Listing("Where the intake is given up", columns, list(map(_stop, found.intake)))


def _stop(one: QuestionOfIntake) -> tuple[object, ...]:
    share = _said((one.share, one.low, one.high), shares=True)
    return one.question, one.asked, one.stopped, *share, _mark(one.stands_out)


def _groups(one: QuestionFigures, names: Mapping[str, str]) -> list[Listing]:
    by_level: dict[str, list[GroupFigure]] = {}
    for group in one.groups:
        by_level.setdefault(group.level, []).append(group)
    return [
        Listing(
            f"{_asks(one)}, by {plain(level)}",
            (plain(level), "people", "answers", "result", "interval", ""),
            [_group(one, group, names) for group in by_level[level]],
        )
        for level in _LEVELS_SHOWN
        if len(by_level.get(level, ())) > 1
    ]


def _group(one: QuestionFigures, group: GroupFigure, names: Mapping[str, str]) -> tuple[object, ...]:
    name = names.get(group.group, group.group) if group.level == "mentor" else group.group
    remark = _mark(group.stands_out) or ("" if group.enough else "too few to compare")
    return name, group.respondents, group.answers, *_figures(one, group.estimate, group.low, group.high), remark


def _asks(one: QuestionFigures) -> str:
    return f"{one.asks} [{one.option}]" if one.option else one.asks


def _figures(one: QuestionFigures, *of: float | None) -> tuple[str, str]:
    estimate, low, high = of
    return _said((estimate, low, high), shares=one.kind in ("choice", "yes_no"))


def _said(of: tuple[float | None, float | None, float | None], *, shares: bool) -> tuple[str, str]:
    estimate, low, high = (None if one is None else f"{one:.0%}" if shares else f"{one:.2f}" for one in of)
    return estimate or "-", f"{low} to {high}" if low and high else "-"


def _mark(stands_out: bool) -> str:
    return "stands out" if stands_out else ""


def complaints_page(program: ProgramId, found: Sequence[Complaint], now: datetime) -> ComplaintsPage:
    return ComplaintsPage(program, [_complaint(one, now) for one in found])


def _complaint(one: Complaint, now: datetime) -> ComplaintShown:
    about = ", ".join(filter(None, (one.survey, one.session, f"journey {one.journey}")))
    done = {"new": "new", "taken_up": f"taken up by {one.by}", "answered": f"answered by {one.by}"}[one.standing]
    case = f", as {one.case}" if one.case else ""
    answers = [(said.asks, said.answer) for said in one.answers]
    return ComplaintShown(one.request, about, When.of(one.answered_at, now), f"{done}{case}", answers)


def proposals_page(
    program: ProgramId, found: Sequence[ProposalRow], now: datetime, limit: int, *, opens: bool
) -> ProposalsPage:
    return ProposalsPage(program, [_line(one, now) for one in found[:limit]], len(found) > limit, opens)


def _line(one: ProposalRow, now: datetime) -> ProposalLine:
    made = When.of(one.made_at, now)
    return ProposalLine(one.id, one.title, one.status, one.owner, made, _where(one.kit_version, one.cohort))


def proposal_page(found: ProposalRecord, now: datetime) -> ProposalPage:
    return ProposalPage(
        id=found.id,
        program=found.program,
        title=found.title,
        status=found.status,
        owner=found.owner,
        text=found.text,
        evidence=Listing("Evidence", ("what", "people", "interval"), list(map(_fact, found.evidence))),
        steps=list(_steps(found, now)),
    )


def _fact(one: Evidence) -> tuple[object, ...]:
    interval = f"{one.low:.3g} to {one.high:.3g}" if one.low is not None and one.high is not None else "-"
    return one.says, one.n if one.n is not None else "-", interval


def _steps(found: ProposalRecord, now: datetime) -> list[Step]:
    steps = [Step("Proposed", When.of(found.made_at, now), found.made_by, "")]
    if found.decided:
        decided = found.decided
        steps.append(Step(decided.decision.capitalize(), When.of(decided.at, now), decided.by, decided.reason))
    steps += [Step("Tried", When.of(one.at, now), one.by, _where(one.version, one.cohort)) for one in found.tried]
    if found.ended:
        what = "Kept" if found.ended.kept else "Dropped"
        steps.append(Step(what, When.of(found.ended.at, now), found.ended.by, found.ended.reason))
    return steps


def _where(version: str | None, cohort: str | None) -> str:
    return ", ".join(filter(None, (f"version {version}" if version else "", cohort))) or "-"
