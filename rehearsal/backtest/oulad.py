"""The Open University data as learners of the past. docs/backtest.md says what they have and what they lack."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from domain.kit.breaks import Break
from rehearsal.backtest.history import Course, History, PastLearner, Remark, Work
from scenarios.oulad.conversion import PASS_MARK
from scenarios.oulad.kit import (
    DISTINCTION,
    LEARNERS_A_TUTOR,
    PASS,
    WITHDRAWN,
    make_kit,
    milestone_id,
    starts_at,
    tutor_marked,
)
from scenarios.oulad.tables import Activity, Learner, Presentation, Submission, read_all

TITLE = "Open University Learning Analytics Dataset"
SOURCE = "Kuzilek, Hlosta, Zdrahal: Scientific Data 4, 170171 (2017), CC BY 4.0"

_LEVELS = {
    "No Formal quals": 0,
    "Lower Than A Level": 1,
    "A Level or Equivalent": 2,
    "HE Qualification": 3,
    "Post Graduate Qualification": 4,
}
_USUAL_LEVEL = 2
_LAST_OF_SPRING = 6
"""The month by which terms that begin then are over before the winter."""


def read(folder: Path, marked_after: int) -> History:
    """Every presentation of the tables. A score is known so many days after the work was handed in.

    Raises:
        OuladError: when the tables cannot be read.
    """
    counted: Counter[str] = Counter()
    courses = [course_of(one, marked_after, counted) for one in read_all(folder)]
    remarks = [Remark(words, times) for words, times in counted.items()]
    assumed = f"scores count from {marked_after} days after the work was handed in, as the data has no date for them"
    scores = sum(work.marked is not None for course in courses for one in course.learners for work in one.work)
    return History(
        title=TITLE,
        source=SOURCE,
        courses=sorted(courses, key=lambda one: (one.starts_at, one.name)),
        remarks=[Remark(assumed, scores), *remarks],
    )


def course_of(one: Presentation, marked_after: int, counted: Counter[str]) -> Course:
    """One presentation. What is left out or assumed is counted."""
    marked = {each.assessment for each in tutor_marked(one)}
    submissions, activity = _by_learner(one)
    learners = [
        _learner(
            each,
            tutor=f"{one.module}-{one.code}-tutor-{nth // LEARNERS_A_TUTOR + 1}",
            work=[work for work in submissions[each.learner] if work.assessment in marked],
            active=activity[each.learner],
            marked_after=marked_after,
        )
        for nth, each in enumerate(one.learners)
        if _has_known_dates(each, counted)
    ]
    return Course(
        name=f"{one.module}/{one.code}",
        term=one.code,
        starts_at=starts_at(one),
        days=one.days,
        kit=make_kit(one),
        pass_mark=PASS_MARK,
        learners=learners,
        breaks=[_winter(starts_at(one).year)] if starts_at(one).month > _LAST_OF_SPRING else [],
    )


def _winter(year: int) -> Break:
    """The data does not name it; the activity of every course that runs over it says so."""
    return Break(title="Winter break", starts_on=date(year, 12, 20), ends_on=date(year + 1, 1, 3))


def _by_learner(one: Presentation) -> tuple[Mapping[str, list[Submission]], Mapping[str, list[Activity]]]:
    submissions: dict[str, list[Submission]] = defaultdict(list)
    activity: dict[str, list[Activity]] = defaultdict(list)
    for work in one.submissions:
        submissions[work.learner].append(work)
    for row in one.activity:
        activity[row.learner].append(row)
    return submissions, activity


def _has_known_dates(one: Learner, counted: Counter[str]) -> bool:
    """Without a date of leaving nobody can say on which days a rule would have met them."""
    if one.result == WITHDRAWN and one.unregistered is None:
        counted["learners left out: they withdrew on a day that the data does not say"] += 1
        return False
    if one.registered is None:
        counted["learners without a date of registration: taken to be there from the first day known of them"] += 1
    return True


def _learner(
    one: Learner, tutor: str, work: Sequence[Submission], active: Sequence[Activity], marked_after: int
) -> PastLearner:
    registered = min([0, *(row.day for row in active)]) if one.registered is None else one.registered
    left = None if one.unregistered is None else max(one.unregistered, registered)
    clicks = {row.day: row.clicks for row in active if left is None or row.day <= left}
    return PastLearner(
        learner=one.learner,
        mentor=tutor,
        registered=registered,
        left=left,
        succeeded=one.result in (PASS, DISTINCTION),
        active=dict(sorted(clicks.items())),
        work=[each for each in _work(work, registered, marked_after) if left is None or each.day <= left],
        traits={
            "previous attempts": one.previous_attempts,
            "credits": one.credits,
            "level of education": _LEVELS.get(one.highest_education, _USUAL_LEVEL),
        },
    )


def _work(submissions: Sequence[Submission], registered: int, marked_after: int) -> list[Work]:
    """The first of each assessment. What was handed in before the registration counts from there."""
    first = {each.assessment: each for each in sorted(submissions, key=lambda each: each.day, reverse=True)}
    moved = (replace(each, day=max(each.day, registered)) for each in first.values())
    return sorted(_made(moved, marked_after), key=lambda each: (each.day, each.milestone))


def _made(those: Iterator[Submission], marked_after: int) -> Iterator[Work]:
    for one in those:
        marked = None if one.score is None else one.day + marked_after
        yield Work(milestone_id(one.assessment), one.day, one.score, marked)
