"""Doing something from a page: the form is read, what it asks for is done by the same service that /v1 calls, and the
browser is sent to a page that says what was done. A refusal comes back with the form as it was filled in.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, ValidationError

from client.journeys import Refused
from domain.ids import JourneyId
from domain.refusal import Rejected
from domain.words import sentence
from interfaces.http.idempotency import RequestIdentity
from interfaces.http.pages.fields import Form, Given
from interfaces.http.pages.filled_forms import NotTyped, misfits, payload_of, read_form
from interfaces.http.pages.reading import say
from interfaces.http.pages.rendering import render
from interfaces.http.refusals import status_of_refusal
from queries.freshness import Behind, wait_for_view
from store.database import Pool

Command = TypeVar("Command", bound=BaseModel)
Again = Callable[[Form], Awaitable[str]]
"""Makes the page on which a refused form stands."""
CONFIRMED = "confirmed"
_SHOWN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, and the address that has it."""

    says: str
    to: str


@dataclass(frozen=True, slots=True)
class ActPage:
    """A form by itself."""

    form: Form
    back: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    title: str
    about: str
    action: str
    consequences: Sequence[str]
    fields: Sequence[tuple[str, str]]
    """What was filled in, which is sent again."""
    button: str
    back: str


async def act(
    request: Request,
    kind: type[Command],
    form: Form,
    do: Callable[[Command, RequestIdentity], Awaitable[str | Done]],
    *,
    back_to: str,
    about: str = "",
    again: Again | None = None,
    consequences: Callable[[Command], Awaitable[Sequence[str]]] | None = None,
    confirm: str = "confirm.html",
) -> Response:
    """Answers the POST of `form`, which asks for the command `kind`.

    `do` carries it out, with the caller's identity for what must happen once, and says what was done. Then the browser
    goes to `back_to`. With `consequences`, a page first says them and asks whether to go on: the template `confirm`.
    Where `do` raises Rejected or Refused, or the command cannot be made, the page `again` has the form as it was filled
    in, or a page of its own.
    """
    given = read_form(await request.body())
    own_back = given.get("back_to", [""])[0]
    target = own_back if is_own(own_back) else back_to
    filled = replace(form.filled(given), once=uuid4().hex)

    async def refused(status: int, problem: str = "", problems: Mapping[str, str] | None = None) -> Response:
        wrong = filled.with_problems(problems or {}, problem)
        page = await again(wrong) if again else render("act.html", ActPage(wrong, target, about))
        return HTMLResponse(page, status)

    try:
        command = kind.model_validate(payload_of(form, given))
    except NotTyped as error:
        return await refused(422, problems=error.problems)
    except ValidationError as error:
        return await refused(422, problems=misfits(error))
    try:
        if consequences and CONFIRMED not in given:
            told = await consequences(command)
            return HTMLResponse(render(confirm, _confirm(form, given, told, target, about)))
        said = await do(command, identity_of(request, given))
    except (Rejected, Refused) as error:
        return await refused(status_of_refusal(error.code), sentence(str(error)))
    except RequestValidationError as error:
        return await refused(422, problems={str(one["loc"][-1]): str(one["msg"]) for one in error.errors()})
    if isinstance(said, Done):
        return done(request, own_back if is_own(own_back) else said.to, said.says)
    return done(request, target, said)


def done(request: Request, address: str, message: str) -> Response:
    """Sends the browser to a page that says, once, what was done."""
    response = RedirectResponse(address, 303)
    say(response, request.headers, message)
    return response


async def until_shown(pool: Pool, journey: JourneyId, version: int) -> None:
    """So that the page that follows shows what was done; for a second at most, if a projector is behind."""
    with suppress(Behind, Rejected, TimeoutError):
        async with asyncio.timeout(_SHOWN_SECONDS):
            await wait_for_view(pool, "board", journey, version)


def identity_of(request: Request, given: Given) -> RequestIdentity:
    """Of the form and what it holds, so that one that is sent twice makes the same once."""
    once = given.get("once", [""])[0]
    content = hashlib.sha256(repr(sorted(given.items())).encode()).hexdigest()
    caller = request.state.caller
    return RequestIdentity(f"{caller.key}\0{request.url.path}\0form:{content}" if once else None)


def payload(command: BaseModel) -> dict[str, Any]:
    """As a journey is sent it."""
    return command.model_dump(mode="json", exclude_unset=True)


def _confirm(form: Form, given: Given, told: Sequence[str], back: str, about: str) -> ConfirmPage:
    fields = [(name, value) for name, values in given.items() if name != CONFIRMED for value in values]
    return ConfirmPage(form.title, about, form.action, told, fields, form.button, back)


def is_own(address: str) -> bool:
    """Whether it is an address of this service, and not of another one that the browser would be sent to."""
    return (
        address.startswith("/")
        and not address.startswith(("//", "/\\"))
        and address.isascii()
        and address.isprintable()
    )
