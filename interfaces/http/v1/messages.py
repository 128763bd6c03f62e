"""Messages to people: what became of them, and what to do where one did not arrive."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as FromPath
from pydantic import Field

from client.journeys import JourneyClient
from domain.access import Caller
from domain.ids import JourneyId, NotificationId
from domain.notification import Status as MessageStatus
from domain.values import LAST_POSITION, Frozen
from interfaces.http.access import Operator, Reader
from interfaces.http.v1.orders import AnyOrder, giver
from interfaces.http.v1.visibility import programs_seen, require_all_programs
from projections.parked_events import ParkedEvent
from projections.views import messages
from projections.views.messages import MessageRow
from services import notifications, parked_messages
from services.notifications import NoSuchNotification
from store.database import Pool

_Position = Annotated[int, FromPath(ge=1, le=LAST_POSITION, description="the position at which the courier stopped")]


class Bounce(Frozen):
    because: str = Field(min_length=1, max_length=2_000, pattern=r"^[^\x00]*$")
    """The reason, without personal data."""


class Decision(Frozen):
    reason: str = Field(min_length=1, max_length=2_000, pattern=r"^[^\x00]*$")
    by: Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[^\x00]*$")] | None = None
    """Who decides this, in words. Default: whoever the key is for."""


@dataclass(frozen=True, slots=True)
class MessageRetried:
    message: str


@dataclass(frozen=True, slots=True)
class MessageBounced:
    message: str
    new: bool
    """False: this was known already."""


@dataclass(frozen=True, slots=True)
class EventSetAside:
    position: int
    stream: str


@dataclass(frozen=True, slots=True)
class CourierResumed:
    stopped_at: int | None
    """The position at which the courier had stopped; it tries that again."""
    processed: list[int]
    """The positions of events that were parked."""


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = APIRouter(tags=["messages"])

    @routes.get("/messages")
    async def list_messages(
        caller: Reader,
        *,
        program: str | None = None,
        journey: JourneyId | None = None,
        status: Annotated[list[MessageStatus] | None, Query(description="any of these")] = None,
        after: Annotated[NotificationId | None, Query(description="The last message of the previous page.")] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> list[MessageRow]:
        """Messages to people, newest first: recipient, occasion, and outcome, without the text."""
        behind = await _visible(caller, after) if after else None
        programs = programs_seen(caller, program)
        return await messages.latest(pool, journey, status, limit, programs=programs, after=behind)

    @routes.get("/messages/{message}")
    async def get_message(message: NotificationId, caller: Reader) -> MessageRow:
        """One message: recipient, occasion, and outcome, without the text."""
        return await _visible(caller, message)

    @routes.post("/messages/{message}/retry", status_code=202)
    async def retry_message(message: NotificationId, caller: Operator, order: AnyOrder) -> MessageRetried:
        """Try again to send a message that bounced, was skipped, or may not have arrived.

        A message that was sent is never sent again. `get_message` has the outcome.
        """
        await _require_visible(caller, message)
        await notifications.retry(pool, journeys.temporal, message, giver(caller, order.by))
        return MessageRetried(message)

    @routes.post("/messages/{message}/bounce")
    async def report_bounce(message: NotificationId, body: Bounce, caller: Operator) -> MessageBounced:
        """Report that a message came back after it had been sent, as mail systems do."""
        await _require_visible(caller, message)
        return MessageBounced(message, await notifications.report_bounce(pool, message, body.because))

    # Where the courier has stopped

    @routes.get("/courier/set-aside")
    async def list_events_set_aside(caller: Operator) -> list[ParkedEvent]:
        """Events that the courier could not process and that were parked or skipped, by whom, and why.

        For keys that are for all programs.
        """
        require_all_programs(caller)
        return await parked_messages.listed(pool)

    @routes.post("/courier/{position}/park")
    async def park_event(position: _Position, body: Decision, caller: Operator) -> EventSetAside:
        """Park the event at which the courier has stopped, until `resume_courier`. All other messages continue."""
        return await _decided(parked_messages.park, position, body, caller)

    @routes.post("/courier/{position}/skip")
    async def skip_event(position: _Position, body: Decision, caller: Operator) -> EventSetAside:
        """Skip the event at which the courier has stopped, for good. Nobody gets a message about it."""
        return await _decided(parked_messages.skip, position, body, caller)

    @routes.post("/courier/resume")
    async def resume_courier(caller: Operator) -> CourierResumed:
        """Make the courier try again where it has stopped, and process parked events."""
        require_all_programs(caller)
        return CourierResumed(*await parked_messages.resume(pool, journeys.temporal))

    async def _visible(caller: Caller, message: NotificationId) -> MessageRow:
        found = await messages.one(pool, message)
        if found is None or not caller.may_use(found.program):
            raise NoSuchNotification(message)
        return found

    async def _require_visible(caller: Caller, message: NotificationId) -> None:
        if not caller.may_use(await notifications.program_of(pool, message)):
            raise NoSuchNotification(message)

    async def _decided(
        decide: Callable[[Pool, int, str, str], Awaitable[str]], position: int, body: Decision, caller: Caller
    ) -> EventSetAside:
        require_all_programs(caller)
        return EventSetAside(position, await decide(pool, position, body.reason, body.by or caller.actor))

    return routes
