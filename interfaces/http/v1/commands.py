"""The commands of journeys, an operation for each. They are generated from the same declaration as the signals."""

import asyncio
import inspect
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body
from fastapi import Path as FromPath
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import ValidationError

from client.journeys import JourneyClient, NotAnswering
from domain.access import Caller, KeyRole
from domain.ids import JourneyId
from domain.journey import COMMANDS, NamedCommand
from domain.refusal import NotFound
from domain.values import Frozen
from interfaces.http.access import Denied, JourneyCommander, PersonalJourneyReader, Reader, Starter
from interfaces.http.idempotency import Identifiable
from interfaces.http.v1.conditions import IfVersion, tag
from interfaces.http.v1.visibility import require_journey
from queries.command_forms import CommandForm, command_forms
from queries.foreseeing import Preview, preview
from services.sending import send
from store.database import Pool
from workflows.contract import Answer

Answered = TypeVar("Answered")
OF_MENTORS = frozenset(
    {
        "answer_offer", "reschedule_session", "record_attendance", "take_back_attendance", "write_notes",
        "send_follow_up", "close_action_item", "check_in", "raise_risk_flag", "ask_for_help", "review_milestone",
        "acknowledge_case", "snooze_case", "reassign_case", "resolve_case",
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


CommandName = Annotated[str, FromPath(max_length=60, description="the name of the command, such as pause")]
AnyCommand = Annotated[dict[str, Any], Body(default_factory=dict, description="the fields of the command")]


@dataclass(frozen=True, slots=True)
class CommandResult:
    journey: JourneyId
    version: int
    """Of the journey, after the command."""
    stage: str
    events: tuple[str, ...]
    """The types of the events that follow from the command. None: it changed nothing, as when it is repeated."""


class NoSuchCommand(NotFound):
    def __init__(self, name: str) -> None:
        super().__init__(f"there is no command {name[:60]!r}; GET /v1/commands lists them")


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

    @routes.post("/journeys/{journey}/previews/{command}")
    async def preview_command(
        journey: JourneyId, command: CommandName, payload: AnyCommand, caller: PersonalJourneyReader
    ) -> Preview:
        """Say what a command would bring about, and change nothing: what is recorded, who is written to, what is
        awaited, and which timers stop. Refused as the command would be."""
        await require_journey(pool, caller, journey)
        return await preview(pool, journey, command_given(command, payload, caller))

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


def command_given(name: str, payload: Mapping[str, Any], caller: Caller) -> NamedCommand:
    """Raises NotFound where there is no such command, RequestValidationError where the fields do not fit it; Denied for
    a mentor's key that cannot give it."""
    kind = COMMANDS.get(name.replace("-", "_"))
    if kind is None:
        raise NoSuchCommand(name)
    if caller.role is KeyRole.MENTOR and kind.name not in OF_MENTORS:
        raise Denied(403, "role_not_allowed", "A key of the role mentor cannot give this command; it takes ops.")
    try:
        return kind.model_validate(given_by(payload, caller))
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from error


def result_of(journey: JourneyId, answer: Answer) -> CommandResult:
    return CommandResult(journey, answer.version, answer.stage, answer.events)


async def answered_in_time(answer: Awaitable[Answered], who: str) -> Answered:
    """Raises NotAnswering where no worker answers. What was asked may still be carried out then."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await answer
    except TimeoutError as error:
        raise NotAnswering(JourneyId(who), _NO_ANSWER) from error
