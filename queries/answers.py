"""The answers that people gave, together with the questions of the kit."""

from dataclasses import dataclass

from domain.journey.terms import Answer, Answers
from domain.kit import Form


@dataclass(frozen=True, slots=True)
class Answered:
    question: str
    """Its id in the kit."""
    asked: str
    """The text in the kit; the id where the present version of the kit no longer has the question."""
    answer: Answer | None
    """None if it was not answered."""


def answers_to(form: Form | None, answers: Answers) -> tuple[Answered, ...]:
    """Every question of the form, in order, then the answers to questions that the form no longer has."""
    asked = {one.id: one.ask for one in form.questions} if form else {}
    asked |= {question: question for question in answers if question not in asked}
    return tuple(Answered(question, words, answers.get(question)) for question, words in asked.items())


def in_words(answer: Answer | None) -> str:
    match answer:
        case None:
            return "not answered"
        case str():
            return answer
        case float():
            return f"{answer:g}"
        case _:
            return ", ".join(answer)
