"""Middleware for the paths under /api, which the API had at first: they lead to the same operations under /v1.

The router knows each operation once: a second set of routes would double the time that an application takes to start.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

_AT_FIRST, _TODAY = "/api/", "/v1/"


class EarlierPaths:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(_AT_FIRST):
            scope["path"] = _TODAY + scope["path"].removeprefix(_AT_FIRST)  # in place: `Measured` reads it afterwards
            if "raw_path" in scope:
                scope["raw_path"] = _TODAY.encode() + scope["raw_path"].removeprefix(_AT_FIRST.encode())
        await self._app(scope, receive, send)
