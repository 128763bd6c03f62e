"""What people filled in, beside what they were asked."""

from dataclasses import dataclass

from domain.journey.terms import Answer, Answers
from domain.kit import Form


@dataclass(frozen=True, slots=True)
class Answered:
    question: str
    """Its id in the kit."""
    asked: str
    """In the words of the kit; the id again, where the version that is followed now no longer asks it."""
    answer: Answer | None
    """None: it was left out."""


def beside_questions(form: Form | None, answers: Answers) -> tuple[Answered, ...]:
    """Every question of the form in its order, and then the answers to what it does not ask."""
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
