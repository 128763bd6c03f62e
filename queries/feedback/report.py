"""The feedback of a program in some time: what was answered, what stands out, and what of it explains the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from analysis.looking import Compared, Sample
from analysis.samples import Counted
from domain.ids import ProgramId
from domain.kit import Kit
from domain.kit.evidence import EvidenceRules
from domain.proposal import Evidence
from kits.lookup import newest
from projections.views import intake
from projections.views.intake import Asked
from queries.feedback.causes import pairs_of, verdicts
from queries.feedback.cells import INTAKE, About, Cell, Level, Period, Place, counted, latest, overlaps
from queries.feedback.looking import Finding, estimate_of, findings, interval_of, look
from queries.feedback.wording import Titles, fact_of, in_words, reason_in_words
from store.database import Pool

WEEKS = 26
"""The default period."""


@dataclass(frozen=True, slots=True)
class PlaceShown:
    survey: str
    question: str
    option: str | None
    level: Level
    group: str


@dataclass(frozen=True, slots=True)
class FindingShown:
    """Something that stands out."""

    place: PlaceShown
    says: str
    """In a sentence, with its figures."""
    respondents: int
    """Of the group."""
    estimate: float
    """Of the group: a mean, or a share from 0 to 1."""
    rest: float
    """Of all others of its level."""
    difference: float
    low: float
    """With `high`, the interval of the difference."""
    high: float
    chance: float
    """Of such a difference where there is none, adjusted for how often one looked."""
    explained_by: PlaceShown | None
    """It is a symptom: among answers that are alike in this respect, the group is no different."""
    inseparable: list[PlaceShown]
    """What stands out as well and cannot be told apart from it."""
    because: str
    """In a sentence: what explains it, or what it cannot be told apart from. Empty: nothing else does."""
    evidence: Evidence
    """In the form in which a proposal takes it."""


@dataclass(frozen=True, slots=True)
class GroupFigure:
    level: Level
    group: str
    answers: int
    respondents: int
    estimate: float | None
    low: float | None
    """With `high`, the interval of the estimate. Null with too few answers."""
    high: float | None
    enough: bool
    """Whether it has the evidence that the kit asks for, and the rest has."""
    stands_out: bool


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    survey: str
    question: str
    option: str | None
    """Of a question with options: the figures are of those who chose this one."""
    asks: str
    role: str
    kind: str
    tells: str | None
    answers: int
    texts: int
    """How many answers are words."""
    respondents: int
    estimate: float | None
    low: float | None
    high: float | None
    groups: list[GroupFigure]
    """By level, and within it by name."""


@dataclass(frozen=True, slots=True)
class QuestionOfIntake:
    question: str
    asked: int
    """Who came to it."""
    stopped: int
    """Who gave the intake up there."""
    share: float | None
    low: float | None
    high: float | None
    stands_out: bool


@dataclass(frozen=True, slots=True)
class Feedback:
    program: ProgramId
    kit_version: str
    """Whose rules of evidence are used: the one that new journeys follow."""
    since: date
    until: date
    """Exclusive: the first day after the period."""
    answers_since: datetime
    """Answers from then on are counted: at most the latest 100,000."""
    weighed: EvidenceRules
    compared: int
    """How often one looked; what stands out is adjusted for that."""
    findings: list[FindingShown]
    """What nothing else explains comes first."""
    questions: list[QuestionFigures]
    intake: list[QuestionOfIntake]
    """In the order of the form."""
    evidence: list[Evidence]
    """Of all findings that nothing else explains."""


async def feedback(
    pool: Pool, program: ProgramId, since: date | None = None, until: date | None = None, *, mentors: bool = True
) -> Feedback:
    """`mentors`: whether figures of single mentors are among them, which are for those who see personal data.

    Raises:
        NoSuchProgram: when it has published no kit.
        BeingRebuilt
    """
    kit = await newest(pool, program)
    until = until or datetime.now(UTC).date() + timedelta(days=1)
    since = since or until - timedelta(weeks=WEEKS)
    period = Period(_midnight(since), _midnight(until))
    counts = await counted(pool, program, answers := await latest(pool, program, period))
    stops = await intake.questions(pool, since, until, program)
    looked = look(counts.about, [*counts.cells, *_cells_of(stops)], kit.evidence)
    told_apart = verdicts(
        looked.standing,
        await overlaps(pool, program, answers, pairs_of(looked.standing)),
        kit.evidence.confidence,
    )
    titles = Titles.of(kit)
    compared = {one.key: one for one in looked.compared}
    shown = [_finding(one, titles) for one in findings(looked, told_apart)]
    whole = Feedback(
        program=program,
        kit_version=kit.version,
        since=since,
        until=until,
        answers_since=answers.since,
        weighed=kit.evidence,
        compared=looked.times,
        findings=shown,
        questions=[_question(one, counts.cells, compared, kit, titles) for one in counts.about],
        intake=[_stop(cell, compared[cell.place], kit.evidence) for cell in _cells_of(stops)],
        evidence=[one.evidence for one in shown if one.explained_by is None],
    )
    return whole if mentors else _without_mentors(whole)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _cells_of(stops: Iterable[Asked]) -> list[Cell]:
    return [
        Cell(Place(INTAKE, "question", one.question), one.asked, Counted(min(one.abandoned, one.asked), one.asked))
        for one in stops
        if one.question
    ]


def _finding(one: Finding, titles: Titles) -> FindingShown:
    by = one.verdict.explained_by
    return FindingShown(
        place=_shown(one.place),
        says=in_words(one, titles),
        respondents=one.respondents,
        estimate=one.own,
        rest=one.rest,
        difference=one.difference.estimate,
        low=one.difference.low,
        high=one.difference.high,
        chance=one.adjusted,
        explained_by=_shown(by) if by else None,
        inseparable=[_shown(place) for place in one.verdict.inseparable],
        because=reason_in_words(one, titles),
        evidence=fact_of(one, titles),
    )


def _shown(place: Place) -> PlaceShown:
    return PlaceShown(*place.topic, place.level, place.group)


def _question(
    one: About, cells: Iterable[Cell], compared: Mapping[Place, Compared[Place]], kit: Kit, titles: Titles
) -> QuestionFigures:
    found = interval_of(one.sample, kit.evidence.confidence)
    groups = [cell for cell in cells if cell.place.topic == one.topic]
    return QuestionFigures(
        *one.topic,
        asks=titles.asks(one.topic),
        role=one.role,
        kind=one.kind,
        tells=one.tells,
        answers=one.answers,
        texts=one.texts,
        respondents=_people(one.sample),
        estimate=estimate_of(one.sample),
        low=found.low if found else None,
        high=found.high if found else None,
        groups=[_group(cell, compared[cell.place], kit.evidence) for cell in groups],
    )


def _group(cell: Cell, compared: Compared[Place], evidence: EvidenceRules) -> GroupFigure:
    found = interval_of(cell.sample, evidence.confidence)
    return GroupFigure(
        level=cell.place.level,
        group=cell.place.group,
        answers=cell.answers,
        respondents=_people(cell.sample),
        estimate=estimate_of(cell.sample),
        low=found.low if found else None,
        high=found.high if found else None,
        enough=compared.enough,
        stands_out=compared.stands_out,
    )


def _stop(cell: Cell, compared: Compared[Place], evidence: EvidenceRules) -> QuestionOfIntake:
    group = _group(cell, compared, evidence)
    assert isinstance(cell.sample, Counted)
    stopped = cell.sample.count
    return QuestionOfIntake(
        group.group, group.respondents, stopped, group.estimate, group.low, group.high, group.stands_out
    )


def _people(sample: Sample) -> int:
    return sample.of if isinstance(sample, Counted) else sample.n


def _without_mentors(whole: Feedback) -> Feedback:
    findings_left = [
        replace(one, explained_by=None, because="") if _is_mentor(one.explained_by) else one
        for one in whole.findings
        if not _is_mentor(one.place)
    ]
    findings_left = [
        replace(one, inseparable=[place for place in one.inseparable if not _is_mentor(place)]) for one in findings_left
    ]
    return replace(
        whole,
        findings=findings_left,
        questions=[
            replace(one, groups=[group for group in one.groups if group.level != "mentor"]) for one in whole.questions
        ],
        evidence=[one.evidence for one in findings_left if one.explained_by is None],
    )


def _is_mentor(place: PlaceShown | None) -> bool:
    return place is not None and place.level == "mentor"
