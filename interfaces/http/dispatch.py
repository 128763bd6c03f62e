"""Finds the operation of a request quickly.

The framework looks at one operation after the other, which for some hundreds takes longer than most requests do.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match, compile_path
from starlette.types import Scope

_FEW = 8


class Dispatched(APIRouter):
    """Some operations, which are looked at only for paths that one of them has."""

    def __init__(self, operations: Iterable[BaseRoute], prefix: str) -> None:
        """`prefix`: the one under which it is included."""
        super().__init__()
        self.routes.extend(operations)
        self._prefix = prefix
        assert all(isinstance(one, APIRoute) for one in self.routes), "the paths of others are not known"

    @cached_property
    def _paths(self) -> re.Pattern[str]:
        operations = (one for one in self.routes if isinstance(one, APIRoute))
        patterns = (compile_path(self._prefix + one.path)[0].pattern for one in operations)
        return re.compile("|".join(re.sub(r"\?P<\w+>", "?:", one) for one in patterns))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not self._paths.match(scope["path"]):
            return Match.NONE, {}
        return super().matches(scope)


def dispatched(router: APIRouter, prefix: str) -> Iterator[Dispatched]:
    """The router in parts, in its order."""
    for first in range(0, len(router.routes), _FEW):
        yield Dispatched(router.routes[first : first + _FEW], prefix)
