"""The outermost part of every request: its id, and an answer where what stands further inside has none."""

import re
from uuid import uuid4

import asyncpg
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interfaces.http.problems import answer
from store.availability import is_away

log = structlog.get_logger("trellis.http")

REQUEST_ID = "X-Request-Id"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


class Edge:
    """Sets `request.state.id`, which log lines and the answer have too. It is the client's own if that can be one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get(REQUEST_ID, "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid4().hex
        scope.setdefault("state", {})["id"] = request_id
        begun = False

        async def send_with_id(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            except Exception as error:  # whatever it is, the client gets an answer
                if begun:
                    raise
                await _failed(headers, error, request_id)(scope, receive, send_with_id)


def _failed(headers: Headers, error: Exception, request_id: str) -> Response:
    """What stands outside the application's handlers of errors, such as other middleware, leaves its errors to this."""
    if isinstance(error, HTTPException):
        code = getattr(error, "code", None)
        return answer(headers, error.status_code, str(error.detail), extra=error.headers, code=code)
    if is_away(error) or isinstance(error, asyncpg.UndefinedTableError):
        return answer(headers, 503, "Postgres is not responding, or not migrated.", extra={"Retry-After": "5"})
    log.error("request_failed", exc_info=error)
    return answer(headers, 500, f"An internal error occurred. The service's log has it as request {request_id}.")
