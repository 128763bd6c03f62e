"""What learners, mentors and leads are asked, and how often anybody may be asked (R50, R94)."""

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.ids import Slug
from domain.kit.sentences import Sentences
from domain.kit.words import Role, Text
from domain.values import Duration, Frozen

Tells = Literal["confidence", "clarity", "preparation", "satisfaction", "usefulness"]
"""What an answer counts for, whatever the words of the question: measures and comparisons go by it."""
SurveyOccasion = Literal["match", "session", "milestone", "closing"]
"""What a survey can follow: a mentor is matched, a session was held, a milestone was judged, a journey is closed."""
SurveyAnswer = str | float | bool
QUESTIONS_AT_MOST = 20
LONGEST_TEXT = 4_000
"""Characters of an answer in words."""


class SurveyQuestion(Frozen):
    id: Slug
    ask: Text
    kind: Literal["text", "scale", "choice", "yes_no"] = "text"
    options: tuple[Text, ...] = ()
    """Of a choice."""
    least: int = 1
    """Of a scale, as `most`: both ends are answers."""
    most: int = 10
    low: Text | None = None
    """What the lower end of a scale stands for, as `high` for the upper one."""
    high: Text | None = None
    required: bool = False
    tells: Tells | None = None
    """None: it is counted for itself alone."""

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.kind == "choice" and len(set(self.options)) < 2:
            raise ValueError(f"question {self.id!r} offers a choice, so it needs at least two different options")
        if self.kind != "choice" and self.options:
            raise ValueError(f"question {self.id!r} has options; give it the kind 'choice'")
        if not 0 <= self.least < self.most <= 100:
            raise ValueError(
                f"question {self.id!r} has a scale from {self.least} to {self.most}; write 0 to 100 at most"
            )
        if self.tells and self.kind not in ("scale", "yes_no"):
            raise ValueError(f"question {self.id!r} tells {self.tells}, so it needs the kind 'scale' or 'yes_no'")
        return self

    def problem_with(self, answer: object) -> str | None:
        """What is wrong with an answer, in words for the person who gave it; None if nothing is."""
        match self.kind:
            case "text":
                if not isinstance(answer, str) or not answer.strip():
                    return "wants some text"
                return f"wants at most {LONGEST_TEXT:,} characters" if len(answer) > LONGEST_TEXT else None
            case "scale":
                number = answer if isinstance(answer, int | float) and not isinstance(answer, bool) else math.nan
                fits = self.least <= number <= self.most and number == int(number)
                return None if fits else f"wants a whole number from {self.least} to {self.most}"
            case "choice":
                return None if answer in self.options else f"wants one of: {', '.join(self.options)}"
            case "yes_no":
                return None if isinstance(answer, bool) else "wants yes or no"


class Survey(Frozen):
    """What is asked of one role, on an occasion or at set intervals."""

    id: Slug
    title: Text
    of: Role
    after: SurveyOccasion | None = None
    """None: it is a pulse, and `every` says how often."""
    sessions: tuple[Slug, ...] = ()
    """With `after: session`: only after these. Empty: after each."""
    wait: Duration = timedelta(0)
    """From the occasion until it is asked."""
    every: Duration | None = None
    """Of a pulse: from one asking to the next, while the learner has a mentor."""
    first: Duration | None = None
    """Of a pulse: from the match to the first asking. None: after `every`."""
    questions: Annotated[
        tuple[SurveyQuestion, ...], Field(min_length=1), Sentences("ask", lambda nth, _: f"question-{nth}")
    ]
    """A sentence alone is to be answered in words, as all were before they had kinds."""

    @model_validator(mode="after")
    def _is_asked_some_time(self) -> Self:
        if (self.after is None) == (self.every is None):
            raise ValueError(f"survey {self.id!r} needs either `after`, an occasion, or `every`, an interval")
        if self.after and self.first is not None:
            raise ValueError(f"survey {self.id!r} follows an occasion; write `wait` in the place of `first`")
        if self.every is not None and self.every < timedelta(days=1):
            raise ValueError(f"survey {self.id!r} is asked more than once a day; write `every: 1 day` or longer")
        if self.sessions and self.after != "session":
            raise ValueError(f"survey {self.id!r} names sessions, so it needs `after: session`")
        return self

    def question(self, question: str) -> SurveyQuestion | None:
        return next((one for one in self.questions if one.id == question), None)

    def problems_with(self, answers: Mapping[str, object]) -> Mapping[str, str]:
        """What is wrong with the answers, a phrase for each question or unknown name."""
        found: dict[str, str] = {one: "is not a question of this survey" for one in answers if not self.question(one)}
        for question in self.questions:
            if question.id in answers:
                if problem := question.problem_with(answers[question.id]):
                    found[question.id] = problem
            elif question.required:
                found[question.id] = "is not answered"
        return found


class Asking(Frozen):
    """How often anybody may be asked, whatever it is about, and for how long a survey stays open.

    Counted for each person, over all journeys and programs.
    """

    least_gap: Duration = timedelta(days=3)
    """Between two askings of one person."""
    most: int = Field(default=6, ge=1, le=100)
    """Askings of one person within `within`."""
    within: Duration = timedelta(days=30)
    open_for: Duration = timedelta(days=7)
    reminders: Annotated[tuple[Duration, ...], Field(max_length=3)] = (timedelta(days=3),)
    """From the asking. One reminder is no asking of its own."""

    @model_validator(mode="after")
    def _reminds_in_time(self) -> Self:
        if self.open_for < timedelta(hours=1):
            raise ValueError("a survey is open for less than an hour; write a longer `open_for`")
        if late := [one for one in self.reminders if one >= self.open_for or one <= timedelta(0)]:
            raise ValueError(f"a reminder after {late[0]} does not come while the survey is open; write an earlier one")
        return self
