"""The command by which somebody does what is awaited of them, and what stands in it. Not whether, and not when."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from domain.journey import JourneyState
from domain.journey.follow_ups import NextStep
from domain.journey.state import SessionStanding
from domain.kit import Kit, Question, Template
from rehearsal.people.draws import Draws

NEXT_STEP_TAKES = timedelta(days=4)
_WORDS = "As discussed."

Done = tuple[str, Mapping[str, Any]]
"""The name of a command, and its fields without `by`."""


def intake(kit: Kit, draws: Draws, zone: str) -> Done:
    return "submit_intake", {"answers": answers(kit, draws, zone)}


def answers(kit: Kit, draws: Draws, zone: str) -> dict[str, Any]:
    """To all questions of the intake but the open ones that need not be answered, such as wishes."""
    given = {one.id: _answer(one, draws, zone) for one in kit.intake.questions}
    return {name: one for name, one in given.items() if one is not None}


def _answer(question: Question, draws: Draws, zone: str) -> object | None:
    match question.kind:
        case "choice":
            return draws.one_of(question.options, "answer", question.id)
        case "choices":
            first = draws.one_of(question.options, "answer", question.id)
            return [first, *(one for one in question.options if one != first and draws.happens(0.4, question.id, one))]
        case "number":
            return 1 + int(draws.uniform("answer", question.id) * 10)
        case "text":
            if question.tells == "time_zone":
                return zone
            return "as agreed" if question.required else None


def offer(kit: Kit, draws: Draws, who: str, about: str, accepts: float) -> Done:
    if draws.happens(accepts, "accepts", about):
        return "answer_offer", {"answer": "accept", "who": who}
    codes = list(kit.matching.declines)
    code = {"code": draws.one_of(codes, "code", about)} if codes else {}
    return "answer_offer", {"answer": "decline", "who": who, "reason": "It does not fit.", **code}


def form(kit: Kit, state: JourneyState, session: SessionStanding, which: str) -> dict[str, Any]:
    """The fields of a preparation or of notes, with the kit's template filled in as far as it must be."""
    pathway = kit.pathway(state.pathway) if state.pathway else None
    plan = next((one for one in pathway.sessions if one.id == session.session), None) if pathway else None
    template = kit.template(getattr(plan, which)) if plan else None
    return {"session": session.session, "answers": filled(template)}


def filled(template: Template | None) -> dict[str, Any]:
    """As far as it must be."""
    return {one.id: _written(one) for one in template.questions if one.required} if template else {}


def _written(question: Question) -> object:
    match question.kind:
        case "choice":
            return question.options[0]
        case "choices":
            return list(question.options)
        case "number":
            return 5
        case "text":
            return _WORDS


def follow_up(session: SessionStanding, at: datetime) -> Done:
    summary, steps = next_steps(at)
    return "send_follow_up", {"session": session.session, "summary": summary, "next_steps": steps}


def next_steps(at: datetime) -> tuple[str, tuple[NextStep, ...]]:
    """A summary of a session, and what is agreed in it."""
    return _WORDS, (NextStep(text="What was agreed.", due_at=at + NEXT_STEP_TAKES),)


def verdict(milestone: str, *, passes: bool) -> Done:
    said = "passed" if passes else "returned"
    return "review_milestone", {"milestone": milestone, "verdict": said, "feedback": _WORDS}
