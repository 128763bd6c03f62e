"""Feedback on a program: what people answered, what stands out, and what of it explains the rest."""

from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, model_validator

from domain.access import Caller
from domain.ids import ProgramId
from domain.values import Day
from interfaces.http.access import Reader, require_program
from queries.feedback import Feedback, feedback
from store.database import Pool


class FeedbackQuery(BaseModel, extra="forbid"):
    """The answers to count."""

    since: Day | None = None
    """The first day, UTC. Default: 26 weeks before `until`."""
    until: Day | None = None
    """The day after the last one. Default: tomorrow."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since >= self.until:
            raise ValueError("`since` is not before `until`; `until` is the day after the last one")
        return self


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["feedback"])

    @routes.get("/programs/{program}/feedback")
    async def get_feedback(program: ProgramId, query: Annotated[FeedbackQuery, Query()], caller: Reader) -> Feedback:
        """What was answered, by all that answers are linked to, with intervals: what stands out by the kit's rules of
        evidence, and what of that explains the rest.

        Figures of single mentors are only for keys that see personal data.
        """
        return await found_feedback(pool, program, query, caller)

    return routes


async def found_feedback(pool: Pool, program: ProgramId, query: FeedbackQuery, caller: Caller) -> Feedback:
    """Raises NoSuchProgram."""
    require_program(caller, program)
    return await feedback(pool, program, query.since, query.until, mentors=caller.sees_personal_data)
