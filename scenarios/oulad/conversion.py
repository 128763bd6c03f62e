"""Converts a presentation to a scenario. Every row becomes part of the scenario or is counted as left out.

The data has only days. The hours are chosen here, so that the actions of one day are in a sensible order.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from domain.ids import LearnerId, MentorId, MilestoneId
from domain.journey.terms import Ending
from domain.kit import Kit
from domain.mentor.profile import ProfileChanges
from scenarios.format import ANSWERS, ActiveDay, Expected, ExpectedMilestone, Scenario, Script, Step
from scenarios.oulad.kit import (
    CREDITS,
    HIGHEST_EDUCATION,
    LEARNERS_A_TUTOR,
    PREVIOUS_ATTEMPTS,
    RESULT,
    TUTOR,
    WITHDRAWN,
    WRAP_UP,
    make_kit,
    milestone_id,
    starts_at,
    tutor_marked,
)
from scenarios.oulad.tables import Activity, Learner, Presentation, Submission
from services.mentors import MentorEntry
from store.people import Person

PASS_MARK = 40.0

Row = TypeVar("Row", Submission, Activity)

_BEGIN, _INTAKE, _REVIEW, _MATCH = 8, 9, 10, 11
_SUBMIT, _MARK, _RESULT, _LEAVE = 12, 18, 19, 20
_RESULT_DAYS = 14
"""How long after the end of the presentation the results are published."""


@dataclass
class Remarks:
    """What the conversion had to choose or leave out, in words, with counts."""

    counts: Counter[str] = field(default_factory=Counter)

    def note(self, words: str) -> None:
        self.counts[words] += 1

    def note_all(self, words: str, times: int) -> None:
        if times:
            self.counts[words] += times

    def __iter__(self) -> Iterator[str]:
        yield from (f"{words} ({count:,})" for words, count in self.counts.items())


@dataclass(frozen=True)
class Conversion:
    scenario: Scenario
    remarks: Remarks


def convert(presentation: Presentation, limit: int | None = None) -> Conversion:
    """The scenario of all learners, or of the first `limit` by number, which does not change the script of any.

    Raises:
        OuladError: when the name of the presentation does not contain its start.
    """
    learners = presentation.learners[:limit]
    tutors = {one.learner: _tutor(nth) for nth, one in enumerate(presentation.learners)}
    story = _Story(presentation, {one.learner for one in learners})
    plots = [story.plot(learner, tutors[learner.learner]) for learner in learners]
    plots.sort(key=lambda one: one.script.begins_at)
    scenario = Scenario(
        kit=story.kit,
        learners=tuple(map(_person, learners)),
        mentors=tuple(_tutors(tutors[one.learner] for one in learners)),
        scripts=tuple(one.script for one in plots),
        activity={one.script.learner: one.active for one in plots if one.active},
        expected=tuple(one.expected for one in plots),
    )
    return Conversion(scenario, story.remarks)


@dataclass(frozen=True)
class _Plot:
    """The script of one learner."""

    script: Script
    active: tuple[ActiveDay, ...]
    expected: Expected


@dataclass(frozen=True)
class _Dated:
    """A day of the presentation, with a remark if it is not the day in the data."""

    day: int
    why: str = ""


class _Story:
    def __init__(self, presentation: Presentation, learners: set[str]) -> None:
        self.kit: Kit = make_kit(presentation)
        self.remarks = Remarks()
        undated = sum(one.due is None for one in tutor_marked(presentation))
        self.remarks.note_all("assessments without a due date: due at the end of the presentation", undated)
        self._day_0 = starts_at(presentation)
        self._days = presentation.days
        self._last_day = presentation.days + WRAP_UP.days - 1
        self._marked = {one.assessment for one in tutor_marked(presentation)}
        self._known = {one.learner for one in presentation.learners}
        self._submissions = self._by_learner(presentation.submissions, learners, "submissions")
        self._activity = self._by_learner(presentation.activity, learners, "days of activity")

    def _by_learner(self, rows: Iterable[Row], learners: set[str], what: str) -> Mapping[str, Sequence[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row.learner in learners:
                found[row.learner].append(row)
            elif row.learner not in self._known:
                self.remarks.note(f"{what} left out: of nobody who registered for this presentation")
        return found

    def plot(self, learner: Learner, tutor: MentorId) -> _Plot:
        submissions = self._handed_in(learner)
        first = self._first_day(learner, submissions)
        leaves = self._leaves(learner, first, submissions)
        work = [one for one in submissions if self._fits(one, leaves)]
        steps = [
            *self._arrival(learner, tutor, first),
            *(step for one in work for step in self._assessed(one, first, tutor)),
            *self._departure(learner, leaves),
        ]
        return _Plot(
            script=Script(
                learner=LearnerId(learner.learner),
                begins_at=self._at(first.day, _BEGIN),
                steps=tuple(sorted(steps, key=lambda step: step.at)),
            ),
            active=self._active(learner),
            expected=_expected(learner, tutor, work, "completed" if leaves is None else "withdrawn"),
        )

    def _at(self, day: int, hour: int) -> datetime:
        return self._day_0 + timedelta(days=day, hours=hour)

    def _handed_in(self, learner: Learner) -> list[Submission]:
        """The first submission for each assessment that a tutor marks."""
        handed_in: dict[str, Submission] = {}
        for one in sorted(self._submissions.get(learner.learner, ()), key=lambda one: (one.day, one.assessment)):
            if one.assessment not in self._marked:
                self.remarks.note("submissions left out: not marked by a tutor (computer-marked, exam)")
            elif one.assessment in handed_in:
                self.remarks.note("submissions left out: the same work was handed in before")
            else:
                handed_in[one.assessment] = one
        return list(handed_in.values())

    def _first_day(self, learner: Learner, submissions: Sequence[Submission]) -> _Dated:
        if learner.registered is not None:
            return _Dated(learner.registered)
        self.remarks.note("learners without a date of registration: it is taken to be the first day known of them")
        worked = [one for one in submissions if not one.banked]  # the rest was done in an earlier presentation
        known = self._days_known(learner, worked)
        known += [learner.unregistered] if learner.unregistered is not None else []
        return _Dated(min([0, *known]), "registered on a day that the data do not say; this is the first known of them")

    def _days_known(self, learner: Learner, submissions: Sequence[Submission]) -> list[int]:
        return [*(one.day for one in submissions), *(one.day for one in self._activity.get(learner.learner, ()))]

    def _leaves(self, learner: Learner, first: _Dated, submissions: Sequence[Submission]) -> _Dated | None:
        """None if they stayed. A learner who left in the data leaves in the scenario; the day may be chosen."""
        day = learner.unregistered
        if day is None and learner.result != WITHDRAWN:
            return None
        if day is None:
            self.remarks.note("withdrawals without a date: taken to be on the last day known of them")
            last = max([first.day, *self._days_known(learner, submissions)])
            why = "withdrew on a day that the data do not say; this is the last known of them"
            return _Dated(min(last, self._last_day), why)
        if day < first.day:
            self.remarks.note("unregistrations before the registration: taken to be on the same day")
            return _Dated(first.day, f"unregistered on {self._date(day)}, before the registration; moved to its day")
        if day > self._last_day:
            self.remarks.note("unregistrations after the wrap-up had closed: taken to be on its last day")
            return _Dated(
                self._last_day, f"unregistered on {self._date(day)}, after the wrap-up; moved to its last day"
            )
        return _Dated(day, "unregistered")

    def _date(self, day: int) -> str:
        return f"{self._at(day, 0):%d %b %Y}"

    def _fits(self, one: Submission, leaves: _Dated | None) -> bool:
        if leaves is not None and one.day > leaves.day:
            self.remarks.note("submissions left out: after the learner had unregistered")
            return False
        if one.day > self._last_day:
            self.remarks.note("submissions left out: after the wrap-up had closed")
            return False
        return True

    def _arrival(self, learner: Learner, tutor: MentorId, first: _Dated) -> Iterator[Step]:
        day = first.day
        intake = {ANSWERS: _answers(learner), "by": f"learner:{learner.learner}"}
        yield Step(self._at(day, _INTAKE), "submit_intake", intake)
        review = {"verdict": "approve"} | ({"reason": first.why} if first.why else {})
        yield Step(self._at(day, _REVIEW), "review_intake", review)
        yield Step(self._at(day, _MATCH), "approve_match", {"mentor": tutor})

    def _assessed(self, one: Submission, first: _Dated, tutor: MentorId) -> Iterator[Step]:
        day, milestone = max(one.day, first.day), milestone_id(one.assessment)
        work = {"milestone": milestone, "by": f"learner:{one.learner}"}
        yield Step(self._at(day, _SUBMIT), "submit_milestone", work | self._note_on(one, first))
        if one.score is None:
            self.remarks.note("submissions without a score: handed in and never reviewed")
            return
        review = {"milestone": milestone, "verdict": _verdict(one.score), "score": one.score, "by": f"mentor:{tutor}"}
        yield Step(self._at(day, _MARK), "review_milestone", review)

    def _note_on(self, one: Submission, first: _Dated) -> dict[str, str]:
        """A remark if the day was moved, or if the work was done in an earlier presentation."""
        notes = []
        if one.banked:
            self.remarks.note(
                "banked results: from an earlier attempt at the module, handed in and reviewed on the day in the data"
            )
            notes.append("banked: the result is that of an earlier attempt at the module")
        if one.day < first.day:
            self.remarks.note("submissions from before the registration: taken to be on the day of it")
            notes.append(f"handed in on {self._date(one.day)}, before the registration; moved to its day")
        return {"note": "; ".join(notes)} if notes else {}

    def _departure(self, learner: Learner, leaves: _Dated | None) -> Iterator[Step]:
        """The result, and the withdrawal of those who unregistered; timers of the kit close the other journeys."""
        day = self._days + _RESULT_DAYS if leaves is None else leaves.day
        if learner.result:
            outcome = {"kind": RESULT, "value": learner.result}
            yield Step(self._at(day, _RESULT), "record_outcome", outcome)
        if leaves is not None:
            reason = {"reason": leaves.why, "by": f"learner:{learner.learner}"}
            yield Step(self._at(day, _LEAVE), "withdraw", reason)

    def _active(self, learner: Learner) -> tuple[ActiveDay, ...]:
        days: dict[int, Activity] = {}
        for one in self._activity.get(learner.learner, ()):
            if one.day in days:
                self.remarks.note("days of activity left out: there is another row for the same day")
            else:
                days[one.day] = one
        return tuple(ActiveDay(self._at(day, 0).date(), one.clicks, one.pages) for day, one in sorted(days.items()))


def _verdict(score: float) -> str:
    return "passed" if score >= PASS_MARK else "failed"


def _expected(learner: Learner, tutor: MentorId, work: Iterable[Submission], ending: Ending) -> Expected:
    return Expected(
        learner=LearnerId(learner.learner),
        stage="closed",
        ending=ending,
        mentor=tutor,
        milestones={
            MilestoneId(milestone_id(one.assessment)): ExpectedMilestone.model_validate(
                {"status": "submitted" if one.score is None else _verdict(one.score), "score": one.score}
            )
            for one in work
        },
    )


def _tutor(nth_learner: int) -> MentorId:
    return MentorId(f"tutor-{nth_learner // LEARNERS_A_TUTOR + 1}")


def _tutors(those: Iterable[MentorId]) -> Iterator[MentorEntry]:
    profile = ProfileChanges(mentor_type=TUTOR, places=LEARNERS_A_TUTOR)
    for tutor in dict.fromkeys(those):
        name = f"Tutor {tutor.removeprefix('tutor-')}"
        yield MentorEntry(Person(person_id=tutor, kind="mentor", name=name), profile)


def _person(learner: Learner) -> Person:
    name = f"Learner {learner.learner}"
    return Person(person_id=learner.learner, kind="learner", name=name, attributes={ANSWERS: _answers(learner)})


def _answers(learner: Learner) -> dict[str, Any]:
    answers: dict[str, Any] = {PREVIOUS_ATTEMPTS: learner.previous_attempts, CREDITS: learner.credits}
    return answers | ({HIGHEST_EDUCATION: learner.highest_education} if learner.highest_education else {})
