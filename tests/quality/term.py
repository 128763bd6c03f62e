"""Makes a term up, from a seed: who begins when, what is written after sessions, what people answer and reviewers say.

The same seed makes the same term, moved to where it begins.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from domain.ids import LearnerId, MentorId, ProgramId
from domain.kit import Kit
from domain.mentor.profile import ProfileChanges
from domain.survey import Ask
from scenarios.format import Scenario, Script, Step
from services.mentors import MentorEntry
from store.people import Person
from tests.quality.program import LOSING, QUESTIONS, SESSIONS, VAGUE, kit

DAY = timedelta(days=1)
COHORTS, APART = 3, 28 * DAY
LASTS = 130 * DAY
"""From the first beginning until everything has ended and been answered."""
DRIFTS_IN_COHORT = 1
"""From the second cohort on, counted from 0."""
DRIFTING = MentorId("m-02")
_STOPS, _LOSES = 0.01, 0.35
_CLEAR = (
    "Send the draft of the letter to the bakery on Elm Street",
    "Ask two people who build shelves what they charge",
    "Write the first page of the report and print it for Tuesday",
    "Call the school and fix a day for the visit",
)
_UNCLEAR = ("Work on the letter some more", "Think about the shelves", "Try to improve the report", "Keep going")


@dataclass(frozen=True)
class Faults:
    template: bool = True
    """One template of notes brings vague next steps."""
    mentor: bool = True
    """One mentor gets worse from the second cohort on."""
    question: bool = True
    """One question of the intake loses people, as long as the kit insists on it."""


NONE = Faults(template=False, mentor=False, question=False)


@dataclass(frozen=True)
class Term:
    seed: int
    learners: int
    mentors: int
    begins: datetime
    faults: Faults

    @property
    def program(self) -> ProgramId:
        """One for each kind of term: the names of workflows are those of the program."""
        return ProgramId("steady-term" if self.faults == NONE else "term")

    @cached_property
    def kits(self) -> tuple[Kit, Kit]:
        """The first two cohorts follow the one, the third the other."""
        return kit(self.program, "1", insists=True), kit(self.program, "2", insists=False)

    @property
    def second_at(self) -> datetime:
        """When the second version is published."""
        return self.begins + 50 * DAY

    @property
    def vague_steps(self) -> int:
        """How many were written."""
        return sum(
            one["text"] in _UNCLEAR for step in self._steps("send_follow_up") for one in step.input["next_steps"]
        )

    @property
    def sessions(self) -> int:
        """Whose attendance is known."""
        return len(self._steps("record_attendance"))

    def _steps(self, command: str) -> list[Step]:
        scripts = [script for one in self.scenarios() for script in one.scripts]
        return [step for script in scripts for step in script.steps if step.command == command]

    @property
    def ends(self) -> datetime:
        return self.begins + LASTS

    def scenarios(self) -> Sequence[Scenario]:
        """One for each version of the kit: the first two cohorts, and the third."""
        return [self._scenario(self.kits[0], range(2)), self._scenario(self.kits[1], range(2, COHORTS))]

    def answers(self, ask: Ask) -> tuple[timedelta, Mapping[str, float | bool]] | None:
        """How long after the asking, and what. None: this person does not answer this."""
        draw = self._draw(f"answers {ask.request}")
        after = timedelta(hours=draw.uniform(1, 60))
        if draw.random() > 0.75:
            return None
        match ask.survey:
            case "after-session":
                mood = self._draw(f"mood {ask.respondent}").gauss(0, 0.4)
                less = 1.3 * self.is_weak(str(ask.about.template), ask.about.mentor, self._cohort_of(ask.about.journey))
                return after, {"clarity": _mark(draw, 4.1 + mood - less), "useful": _mark(draw, 3.9 + mood)}
            case "pulse":
                return after, {"content": float(min(10, max(1, round(draw.gauss(7, 1.5)))))}
            case "mentor-closing":
                return after, {"prepared": draw.random() < 0.8}
            case _:
                return after, {"right": draw.random() < 0.8}

    def mark(self, item: str, session: str, mentor: str, journey: str) -> int:
        """What a reviewer gives a session for its clarity."""
        weak = self.is_weak(dict(SESSIONS)[session], mentor, self._cohort_of(journey))
        return int(_mark(self._draw(f"mark {item}"), 4.0 - 1.5 * weak))

    def is_weak(self, template: str, mentor: str | None, cohort: int) -> bool:
        drifts = self.faults.mentor and mentor == DRIFTING and cohort >= DRIFTS_IN_COHORT
        return drifts or (self.faults.template and template == VAGUE)

    def _cohort_of(self, journey: str) -> int:
        return int(journey.rsplit("-", 1)[1]) * COHORTS // self.learners

    def _scenario(self, kit: Kit, cohorts: range) -> Scenario:
        numbers = [one for one in range(self.learners) if self._cohort_of(f"l-{one}") in cohorts]
        return Scenario(
            kit=kit,
            learners=tuple(Person(f"l-{one}", "learner", f"Learner {one}") for one in numbers),
            mentors=tuple(
                MentorEntry(Person(f"m-{one:02}", "mentor", f"Mentor {one}"), ProfileChanges())
                for one in range(self.mentors)
            ),
            scripts=tuple(self._script(one, kit) for one in numbers),
        )

    def _script(self, number: int, kit: Kit) -> Script:
        cohort = self._cohort_of(f"l-{number}")
        draw = self._draw(f"learner {number}")
        begins = self.begins + cohort * APART + timedelta(minutes=draw.randrange(2000))
        stopped = self._stops_at(draw, kit)
        if stopped is not None:
            given: list[Step] = [_intake(begins, stopped, partial=True)] if stopped else []
        else:
            mentor = f"m-{number % self.mentors:02}"
            given = [_intake(begins, len(QUESTIONS), partial=False), *self._course(draw, begins, mentor, cohort)]
        return Script(LearnerId(f"l-{number}"), begins, tuple(given))

    def _stops_at(self, draw: random.Random, kit: Kit) -> int | None:
        """The place of the question. None: the intake is sent in."""
        insists = any(one.id == LOSING and one.required for one in kit.intake.questions)
        for place, question in enumerate(QUESTIONS):
            loses = self.faults.question and question == LOSING and insists
            if draw.random() < (_LOSES if loses else _STOPS):
                return place
        return None

    def _course(self, draw: random.Random, begins: datetime, mentor: str, cohort: int) -> Iterator[Step]:
        matched = begins + 2 * DAY
        yield Step(begins + DAY, "review_intake", {"by": "ops:lead", "verdict": "approve"})
        yield Step(matched, "approve_match", {"by": "ops:lead", "mentor": mentor})
        joins = {"cohort": f"{self.program}.{cohort + 1}", "sessions": [], "since": matched.isoformat()}
        yield Step(matched + timedelta(hours=1), "join_cohort", {"by": "ops:lead", **joins})
        for number, (session, template) in enumerate(SESSIONS):
            held = matched + (2 + 7 * number) * DAY + timedelta(hours=2)
            missed = draw.random() < 0.05
            attendance = "missed_by_learner" if missed else "attended"
            of = {"by": f"mentor:{mentor}", "session": session}
            yield Step(held, "record_attendance", {**of, "attendance": attendance})
            if missed:
                continue
            notes = {"summary": f"What part {number + 1} is for, in the words of the learner."}
            yield Step(held + timedelta(hours=2), "write_notes", {**of, "answers": notes})
            weak = self.is_weak(template, mentor, cohort) and draw.random() < 0.85
            text = draw.choice(_UNCLEAR if weak else _CLEAR)
            step = {"text": text, "owner": "learner", "due_at": (held + 4 * DAY).isoformat()}
            summary = f"We spoke about part {number + 1}."
            yield Step(held + timedelta(hours=3), "send_follow_up", {**of, "summary": summary, "next_steps": [step]})
        yield Step(matched + 40 * DAY, "complete_wrap_up", {"by": f"mentor:{mentor}", "reason": "We are done."})

    def _draw(self, purpose: str) -> random.Random:
        return random.Random(f"{self.seed} {purpose}")  # noqa: S311 - it is a play


def _intake(at: datetime, first: int, *, partial: bool) -> Step:
    answers = dict.fromkeys(QUESTIONS[:first], "something")
    return Step(at + timedelta(hours=2), "submit_intake", {"by": "learner", "answers": answers, "partial": partial})


def _mark(draw: random.Random, around: float) -> float:
    return float(min(5, max(1, round(draw.gauss(around, 0.7)))))
