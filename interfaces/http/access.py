"""Who may call an operation: the type of its parameter `caller` says it, and one dependency enforces it."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from domain.access import Caller, KeyRole
from domain.ids import MentorId, ProgramId
from domain.values import either
from kits.lookup import NoSuchProgram
from queries.mentors import NoSuchMentor

OPS, INTEGRATION, OBSERVER, MENTOR = KeyRole.OPS, KeyRole.INTEGRATION, KeyRole.OBSERVER, KeyRole.MENTOR
KEY = HTTPBearer(scheme_name="key", description="An API key (docs/keys.md).", auto_error=False)
"""A dependency of all operations, for the API's description alone: the middleware has looked at the key."""
LOCAL = Caller(key="local", role=OPS, actor="ops")
"""Of the person at this machine, who may do anything."""
NO_PROGRAM = "There is no program with this id that your key may use. GET /v1/programs lists those."
"""To a key that is for some programs alone, whether or not there is another one with this id."""


class Denied(HTTPException):
    """The caller may not do this, whatever it is about. `code` is the problem's type."""

    def __init__(self, status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, detail, headers)
        self.code = code


class CallerNotDeclaredError(TypeError):
    """A mistake in the code of an operation: nothing says which roles may call it."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"{operation} needs a parameter `caller` of a type in interfaces/http/access.py.")


class Allowed:
    """As a dependency: the caller, if their role is one of these. 401 without a valid key, 403 for another role: both
    before anything is looked up, so that they say nothing about what exists."""

    def __init__(self, *roles: KeyRole) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, request: Request) -> Caller:  # awaited, because FastAPI gives others a thread
        caller: Caller = request.state.caller  # the middleware lets no request without one through
        if caller.role not in self.roles:
            raise Denied(
                403, "role_not_allowed", f"A key of the role {caller.role} cannot do this; it takes {self._wanted()}."
            )
        return caller

    def _wanted(self) -> str:
        return either(role for role in KeyRole if role in self.roles)


def declared(dependant: Dependant) -> Iterator[Allowed]:
    """What an operation says about who may call it."""
    for one in dependant.dependencies:
        if isinstance(one.call, Allowed):
            yield one.call
        yield from declared(one)


def describe_access(routes: Iterable[object]) -> None:
    """Lists in OpenAPI the roles that may call each operation.

    Raises:
        CallerNotDeclaredError: if an operation has no parameter that says who may call it.
    """
    for route in routes:
        if isinstance(route, APIRoute):
            route.openapi_extra = {**(route.openapi_extra or {}), "x-roles": _roles_of(route)}


def _roles_of(route: APIRoute) -> list[KeyRole]:
    allowed = [one.roles for one in declared(route.dependant)]
    if not allowed:
        raise CallerNotDeclaredError(route.name)
    return [role for role in KeyRole if role in frozenset.intersection(*allowed)]


Reader = Annotated[Caller, Depends(Allowed(OPS, INTEGRATION, OBSERVER))]
"""Of what holds no personal data."""
PersonalReader = Annotated[Caller, Depends(Allowed(OPS))]
Operator = Annotated[Caller, Depends(Allowed(OPS))]
Starter = Annotated[Caller, Depends(Allowed(OPS, INTEGRATION))]
JourneyReader = Annotated[Caller, Depends(Allowed(OPS, INTEGRATION, OBSERVER, MENTOR))]
"""Of a journey or a list of them; a mentor sees those of their own learners."""
PersonalJourneyReader = Annotated[Caller, Depends(Allowed(OPS, MENTOR))]
JourneyCommander = Annotated[Caller, Depends(Allowed(OPS, INTEGRATION, MENTOR))]
MentorThemselves = Annotated[Caller, Depends(Allowed(OPS, MENTOR))]
"""Ops, or the mentor whom it is about."""

Reviewer = Annotated[Caller, Depends(Allowed(OPS, MENTOR))]
"""Of sessions: ops, and mentors as far as the kit lets them."""

GroupReader = Annotated[Caller, Depends(Allowed(OPS, MENTOR))]
GroupCommander = Annotated[Caller, Depends(Allowed(OPS, INTEGRATION, MENTOR))]
"""Of a group; a mentor has those that they lead."""


def require_program(caller: Caller, program: ProgramId) -> None:
    """Raises NoSuchProgram: the answer is that for a program that does not exist."""
    if not caller.may_use(program):
        raise NoSuchProgram(NO_PROGRAM)


def require_mentor(caller: Caller, mentor: MentorId) -> None:
    """Raises NoSuchMentor: the answer is that for a mentor who does not exist."""
    if caller.role is MENTOR and caller.mentor != mentor:
        raise NoSuchMentor(mentor)
