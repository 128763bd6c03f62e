"""The commands of journeys, an operation for each. They are generated from the same declaration as the signals."""

import asyncio
import inspect
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body
from fastapi.responses import Response

from client.journeys import JourneyClient, NotAnswering
from domain.access import Caller, KeyRole
from domain.ids import JourneyId
from domain.journey import COMMANDS
from domain.values import Frozen
from interfaces.http.access import Denied, JourneyCommander, Reader, Starter
from interfaces.http.idempotency import Identifiable
from interfaces.http.v1.conditions import IfVersion, tag
from interfaces.http.v1.visibility import require_journey
from queries.command_forms import CommandForm, command_forms
from services.sending import send
from store.database import Pool
from workflows.contract import Answer

Answered = TypeVar("Answered")
OF_MENTORS = frozenset(
    {
        "answer_offer", "reschedule_session", "record_attendance", "write_notes", "send_follow_up",
        "close_action_item", "check_in", "raise_risk_flag", "ask_for_help", "review_milestone", "acknowledge_case",
        "snooze_case", "reassign_case", "resolve_case",
    }
)  # fmt: skip
"""What a mentor's key may send, for their own learners."""
_PATIENCE_SECONDS = 25.0
_NO_ANSWER = (
    "has not answered yet: is a worker running, and not overloaded? It may still be carried out; send the request "
    "again with the same Idempotency-Key for the answer"
)
_SINGLE = "_journey"
"""What is added to a command of one word, to name its operation."""


@dataclass(frozen=True, slots=True)
class CommandResult:
    journey: JourneyId
    version: int
    """Of the journey, after the command."""
    stage: str
    events: tuple[str, ...]
    """The types of the events that follow from the command. None: it changed nothing, as when it is repeated."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends commands to journeys on behalf of callers, and waits for the answer as long as a request may take."""

    pool: Pool
    client: JourneyClient

    async def send(
        self,
        caller: Caller,
        journey: JourneyId,
        command: str,
        payload: Mapping[str, Any],
        *,
        command_id: str,
        if_version: int | None,
    ) -> CommandResult:
        """Raises Refused, NoSuchJourney, NotAnswering; Denied for a mentor who speaks for somebody else."""
        await require_journey(self.pool, caller, journey)
        given = given_by(payload, caller)
        sent = send(self.pool, self.client, journey, command, given, command_id=command_id, if_version=if_version)
        return result_of(journey, await answered_in_time(sent, journey))


def router(pool: Pool, client: JourneyClient) -> APIRouter:
    routes = APIRouter(tags=["commands"])

    @routes.get("/commands")
    async def list_commands(caller: Reader) -> list[CommandForm]:  # noqa: ARG001 - it says who may call
        """List the commands of journeys, with the JSON Schemas of their input and output."""
        return command_forms()

    for name in COMMANDS:
        _add(routes, name, Sender(pool, client))
    return routes


def operation_of(command: str) -> str:
    """The name of its operation: `pause_journey`, `record_attendance`."""
    return command if "_" in command else f"{command}{_SINGLE}"


def _add(routes: APIRouter, name: str, sender: Sender) -> None:
    kind: Any = COMMANDS[name]
    allowed: Any = JourneyCommander if name in OF_MENTORS else Starter
    body: Any = Annotated[kind, Body()]

    async def command(
        *,
        journey: JourneyId,
        payload: body,
        caller: allowed,
        identity: Identifiable,
        if_version: IfVersion,
        response: Response,
    ) -> CommandResult:
        given = payload.model_dump(mode="json", exclude_unset=True)
        result = await sender.send(
            caller, journey, name, given, command_id=identity.derive(name), if_version=if_version
        )
        tag(response, result.version)
        return result

    command.__doc__ = inspect.cleandoc(kind.__doc__ or "")
    command.__name__ = operation_of(name)
    if not any(field.is_required() for field in kind.model_fields.values()):
        command.__signature__ = with_default(inspect.signature(command), kind())  # type: ignore[attr-defined]
    routes.post(f"/journeys/{{journey}}/commands/{name}", name=operation_of(name))(command)
    if "_" in name:
        hidden = f"/journeys/{{journey}}/commands/{name.replace('_', '-')}"
        routes.post(hidden, name=operation_of(name), include_in_schema=False)(command)


def with_default(signature: inspect.Signature, default: Frozen) -> inspect.Signature:
    """For a command that may come without a body."""
    named = signature.parameters
    return signature.replace(
        parameters=[one.replace(default=default) if name == "payload" else one for name, one in named.items()]
    )


def given_by(payload: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """With who gives the command. Raises Denied for a mentor who speaks for somebody else."""
    if caller.role is KeyRole.MENTOR and payload.get("by", caller.actor) != caller.actor:
        raise Denied(403, "not_yourself", f"A mentor's key gives commands as {caller.actor} alone; leave out `by`.")
    return {"by": caller.actor, **payload}


def result_of(journey: JourneyId, answer: Answer) -> CommandResult:
    return CommandResult(journey, answer.version, answer.stage, answer.events)


async def answered_in_time(answer: Awaitable[Answered], who: str) -> Answered:
    """Raises NotAnswering where no worker answers. What was asked may still be carried out then."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await answer
    except TimeoutError as error:
        raise NotAnswering(JourneyId(who), _NO_ANSWER) from error
