"""The intake, question by question: who was asked and answered, and where those stopped who did not send it in.

A learner stops at the first mandatory question without an answer, in the order of the form. Which questions have an
answer is known; what was answered is in no state and in no row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from pydantic import AwareDatetime

from domain.ids import KitDigest, ProgramId
from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.kit import Question
from domain.values import Frozen, changed
from projections.fold import DecodedEvent, Fold, Rows
from projections.journeys import JOURNEY_CODEC
from projections.kits import Kits
from projections.reading import View
from projections.sql import query
from store.database import Pool


class Sheet(Frozen):
    """How far a learner is with the form."""

    program: ProgramId
    began_at: AwareDatetime
    kit: KitDigest
    """The version that the journey follows."""
    form: KitDigest
    """The version whose questions the learner was asked last."""
    answered: tuple[str, ...] = ()
    standing: Literal["open", "sent", "abandoned"] = "open"


class Intake(Fold[JourneyEvent, Sheet]):
    name = "intake"
    version = 2
    handles = frozenset(
        one.type
        for one in (
            *(e.JourneyStarted, e.AnswersGiven, e.IntakeSubmitted, e.MoreInformationRequested, e.MovedToKit),
            *(e.JourneyClosed, e.JourneyReopened),
        )
    )
    columns: ClassVar = {
        "intake": ("stream", "place", "program", "began_at", "question", "answered", "stopped"),
    }
    keys: ClassVar = {"intake": "place"}
    codec = JOURNEY_CODEC
    state = Sheet

    def evolve(self, state: Sheet | None, event: JourneyEvent) -> Sheet:
        if isinstance(event, e.JourneyStarted):
            return Sheet(program=event.program, began_at=event.at, kit=event.kit, form=event.kit)
        if state is None:
            raise ValueError(f"a journey begins with {e.JourneyStarted.type}, not with {event.type}")
        match event:
            case e.IntakeSubmitted():
                return changed(state, {"answered": tuple(sorted(event.answers)), "standing": "sent"})
            case e.AnswersGiven():
                return changed(state, {"answered": tuple(sorted({*state.answered, *event.answers}))})
            case e.MoreInformationRequested():
                return changed(state, {"form": state.kit, "standing": "open"})
            case e.MovedToKit():
                return changed(state, {"kit": event.kit, "form": event.kit if state.standing == "open" else state.form})
            case e.JourneyClosed():
                return changed(state, {"standing": "abandoned"}) if state.standing == "open" else state
            case e.JourneyReopened():
                return changed(state, {"standing": "open"}) if state.standing == "abandoned" else state
            case _:
                return state

    def kit_of(self, state: Sheet) -> str | None:
        return state.form

    def rows(self, stream: str, state: Sheet, _: Sequence[DecodedEvent[JourneyEvent]], kits: Kits, /) -> Rows:
        """One for each question; one more for who stopped though every mandatory question has an answer."""
        questions = kits.get(state.form).intake.questions
        stop = None if state.standing == "sent" else _stop(questions, state.answered)
        whose = (state.program, state.began_at)
        rows: list[tuple[object, ...]] = [
            (stream, place, *whose, one.id, one.id in state.answered, state.standing if place == stop else None)
            for place, one in enumerate(questions)
        ]
        if stop == len(questions):
            rows.append((stream, stop, *whose, None, False, state.standing))
        return {"intake": rows}


def _stop(questions: Sequence[Question], answered: Sequence[str]) -> int:
    """The place of the question; behind the last one when no mandatory question is left."""
    left = (place for place, one in enumerate(questions) if one.required and one.id not in answered)
    return next(left, len(questions))


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one question, of those who began in some time."""

    program: str
    question: str | None
    """By its id. None: no mandatory question is left; the learner was asked for more information, or need only send."""
    asked: int
    answered: int
    open: int
    """Intakes not sent in yet that stand at this question."""
    abandoned: int
    """Intakes never sent in that ended at this question."""


_INTAKE = View(intake=1)


async def questions(pool: Pool, since: date, until: date, program: str | None = None) -> list[Asked]:
    """Of the journeys that began in [since, until), by program, in the order of the form."""
    return [Asked(*row) for row in await _INTAKE.fetch(pool, query("intake_questions"), since, until, program)]
