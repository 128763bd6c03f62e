"""What people are asked to fill in: the intake, the preparation of a session, its notes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, Self, TypeVar

from pydantic import model_validator

from domain.ids import Slug
from domain.kit.words import Text
from domain.profiles import Trait
from domain.values import Duration, Frozen

Given = TypeVar("Given")


class Question(Frozen):
    """One question of a form. Only a choice can route: what people write freely fits no list."""

    id: Slug
    ask: Text
    kind: Literal["text", "number", "choice", "choices"] = "text"
    options: tuple[Text, ...] = ()
    tells: Trait | None = None
    """What the answer says about the learner when they are matched. None: nothing."""
    required: bool = True
    """Whether it must be answered: a mandatory field, or else an optional prompt (R24)."""

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        if self.kind in ("choice", "choices") and len(self.options) < 2:
            raise ValueError(f"question {self.id!r} offers a choice, so it needs at least two options")
        if self.kind in ("text", "number") and self.options:
            raise ValueError(f"question {self.id!r} has options; give it the kind 'choice' or 'choices'")
        return self

    def problem_with(self, answer: object) -> str | None:
        """What is wrong with an answer, in words for the person who gave it; None if nothing is."""
        match self.kind:
            case "text":
                return None if isinstance(answer, str) and answer.strip() else "wants some text"
            case "number":
                fits = isinstance(answer, int | float) and not isinstance(answer, bool)
                return None if fits else "wants a number"
            case "choice":
                return None if answer in self.options else f"wants one of: {', '.join(self.options)}"
            case "choices":
                chosen = answer if isinstance(answer, list | tuple) else ()
                fits = bool(chosen) and all(one in self.options for one in chosen)
                return None if fits else f"wants a list of some of: {', '.join(self.options)}"


class Form(Frozen):
    questions: tuple[Question, ...] = ()

    def problems_with(self, answers: Mapping[str, object], *, partial: bool = False) -> tuple[str, ...]:
        """What is wrong with the answers, one phrase for each question. A partial form may leave questions out."""
        known = {question.id: question for question in self.questions}
        found = [f"{one!r} is not a question of this form" for one in answers if one not in known]
        for question in self.questions:
            if question.id in answers:
                problem = question.problem_with(answers[question.id])
                found += [f"{question.id!r} {problem}"] if problem else []
            elif question.required and not partial:
                found.append(f"{question.id!r} is not answered")
        return tuple(found)

    def fitting(self, answers: Mapping[str, Given]) -> dict[str, Given]:
        """The answers that are valid for a question of this form. Others may belong to another version of it."""
        questions = {question.id: question for question in self.questions}
        return {
            name: answer
            for name, answer in answers.items()
            if name in questions and not questions[name].problem_with(answer)
        }


class Intake(Form):
    within: Duration = timedelta(days=14)
    """An intake not sent in by then is taken as abandoned."""
    reminders: tuple[Duration, ...] = ()
    """How long after the journey began, or after more information was asked for, the learner is reminded."""


class Template(Form):
    """A form for mentors or learners around a session: what must be written down, and what else may help (R21, R24)."""

    id: Slug
    title: Text
    guide: Text | None = None
    """The name of a text of the kit that explains it."""
