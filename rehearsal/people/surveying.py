"""Whether and when somebody answers a survey, and what they say. Assumed from published rates.

Of students who are asked online, 33 of 100 answer (Nulty 2008, Assessment & Evaluation in Higher Education 33:3, of
eight studies); over 1,071 online surveys of published research, 44 of 100 do (Wu, Zhao and Fils-Aime 2022, Computers
in Human Behavior Reports 7). So a learner answers the letter in 3 of 10 cases, on a day on which they are active,
and each reminder in one of six: about four of ten of those who are there, and three of ten of all. Mentors, who are
fewer and are asked about their own work, answer the first letter in 4 of 10 cases, and who leads a program in 6 of 10.

Most of those who answer do so within two days. What they say has no source: most are content, and those who are active
more often a little more so.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from domain.kit import Survey, SurveyAnswer, SurveyQuestion
from rehearsal.people.draws import Draws

ANSWERS: Final[Mapping[str, float]] = {"learner": 0.3, "mentor": 0.4, "ops": 0.6}
"""The chance that the first letter is answered, by role."""
REMINDED: Final = 0.16
"""That a reminder is, of those who have not answered."""
WRITES: Final = 0.35
"""That a question which is to be answered in words, and need not be, is."""
_YES: Final = 0.8
_DELAY: Final = timedelta(days=1)
"""The mean, from the letter to the answer."""
_MIDDLE: Final = 0.65
"""Of a scale, from its lower end, for the kind of learner that is active most rarely."""
_STEP: Final = 0.05
"""What each kind above gives more."""
_SPREAD: Final = 0.2


def delay(draws: Draws, about: str, role: str, reminder: int) -> timedelta | None:
    """From the letter to the answer. None: the letter is not answered. `reminder`: 0 for the first letter."""
    chance = REMINDED if reminder else ANSWERS[role]
    if not draws.happens(chance, "answers survey", f"{about}/{reminder}"):
        return None
    return draws.exponential(1.0, "survey answered after", f"{about}/{reminder}") * _DELAY


def answers(survey: Survey, draws: Draws, about: str, kind: int) -> Mapping[str, SurveyAnswer]:
    """To all questions but those in words that are left out; at least to one."""
    questions = [one for one in survey.questions if _is_answered(one, draws, about)] or survey.questions[:1]
    return {one.id: _said(one, draws, f"{about}/{one.id}", kind) for one in questions}


def _is_answered(one: SurveyQuestion, draws: Draws, about: str) -> bool:
    return one.required or one.kind != "text" or draws.happens(WRITES, "writes", f"{about}/{one.id}")


def _said(one: SurveyQuestion, draws: Draws, about: str, kind: int) -> SurveyAnswer:
    match one.kind:
        case "text":
            return "More time for questions."
        case "yes_no":
            return draws.happens(_YES, "says yes", about)
        case "choice":
            return draws.one_of(one.options, "chooses", about)
        case "scale":
            share = _MIDDLE + _STEP * kind + _SPREAD * draws.normal("scale", about)
            return one.least + round(min(max(share, 0.0), 1.0) * (one.most - one.least))
