"""Middleware that holds what was typed into a form, until it is answered: a page that says that the service could not
carry it out just now has it all, to be sent again. What is held is in memory alone, and stands in no log.

Outside of the authentication, which needs Postgres: while that is away, the form has not been read by anybody. Nor has
it been refused where it comes from another site. Such a form is not held: sent from a page of ours, it would be ours.
"""

from collections.abc import Container

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interfaces.http.cookies import from_own_page
from interfaces.http.pages.reading import reading

ENCODED = "application/x-www-form-urlencoded"
_LARGEST = 1_048_576
"""Bytes. A larger form is not held."""


class HeldForms:
    def __init__(self, app: ASGIApp, but: Container[str], linked: tuple[str, ...]) -> None:
        """`but`: the paths whose forms hold what should stand in no page, such as a key. `linked`: how paths begin
        that are themselves the right to send a form."""
        self._app = app
        self._but = but
        self._linked = linked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_form(scope) or scope["path"] in self._but or not self._is_own(scope):
            await self._app(scope, receive, send)
            return
        form = _Form(receive)
        try:
            await self._app(scope, form.receive, send)
        except Exception:  # answered further outside, with a page that holds the form
            await form.read_on()
            raise

    def _is_own(self, scope: Scope) -> bool:
        return scope["path"].startswith(self._linked) or from_own_page(Headers(scope=scope))


def is_form(scope: Scope) -> bool:
    """Whether a browser sends it, without a file."""
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    return Headers(scope=scope).get("content-type", "").partition(";")[0].strip() == ENCODED


class _Form:
    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._body = bytearray()
        self._is_over = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._body += message.get("body", b"")
        self._is_over = message["type"] == "http.disconnect" or not message.get("more_body")
        if len(self._body) > _LARGEST:
            self._body.clear()
            self._is_over = True
        reading().held = bytes(self._body) if self._is_over else b""
        return message

    async def read_on(self) -> None:
        while not self._is_over:
            await self.receive()
