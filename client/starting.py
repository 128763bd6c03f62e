"""Begins the journey of a learner with a place, and sends in what is known of their intake."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from client.journeys import JourneyClient
from domain.ids import JourneyId, LearnerId
from domain.kit import Kit
from workflows.contract import Begin

Begun = Literal["begun", "running", "ended"]
"""`running`: it had started before. `ended`: it has closed, and stays closed."""
Answered = Literal["answered", "partly_answered"]
"""`partly_answered`: some answers were recorded, and the rest is awaited."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """A learner with a place, and the id of their journey."""

    learner: LearnerId
    journey: JourneyId
    answers: Mapping[str, Any] = field(default_factory=dict)
    """Known answers to the intake, which are sent in for the learner."""


async def begin_one(
    client: JourneyClient, kit: Kit, one: Entrant, *, command_id: str | None = None
) -> tuple[Begun, Answered | None]:
    """Safe to repeat. `command_id`: of the answers, as in `JourneyClient.send`.

    Raises what `JourneyClient` raises.
    """
    is_new = await client.begin(Begin(program=kit.program, learner=one.learner), one.journey)
    status = await client.status(one.journey)
    if status.stage == "closed":
        return "ended", None
    begun: Begun = "begun" if is_new else "running"
    if not any(awaited.duty == "intake" for awaited in status.awaited):
        return begun, None
    return begun, await _send_answers(client, kit, one, untouched=status.version == 1, command_id=command_id)


async def _send_answers(
    client: JourneyClient, kit: Kit, one: Entrant, *, untouched: bool, command_id: str | None
) -> Answered | None:
    """Incomplete answers are sent only to an untouched journey: the learner may have answered more since."""
    answers = kit.intake.fitting(one.answers)
    partial = bool(kit.intake.problems_with(answers))
    if not answers or (partial and not untouched):
        return None
    payload = {"by": f"learner:{one.learner}", "answers": answers, "partial": partial}
    answer = await client.send(one.journey, "submit_intake", payload, command_id=command_id)
    if not answer.events:
        return None
    return "partly_answered" if partial else "answered"
