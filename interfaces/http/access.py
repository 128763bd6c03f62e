"""Who may call an operation: the type of its parameter `caller` says it, and one dependency enforces it."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from domain.access import Caller, KeyRole
from domain.ids import MentorId, ProgramId
from domain.refusal import NotFound

OPS, INTEGRATION, OBSERVER, MENTOR = KeyRole.OPS, KeyRole.INTEGRATION, KeyRole.OBSERVER, KeyRole.MENTOR
LOCAL = Caller(key="local", role=OPS, actor="ops")
"""Of the person at this machine, who may do anything."""


class Allowed:
    """As a dependency: the caller, if their role is one of these. 401 without a valid key, 403 for another role: both
    before anything is looked up, so that they say nothing about what exists."""

    def __init__(self, *roles: KeyRole) -> None:
        self.roles = frozenset(roles)

    def __call__(self, request: Request) -> Caller:
        caller: Caller = getattr(request.state, "caller", LOCAL)
        if caller.role not in self.roles:
            raise HTTPException(403, f"A key of the role {caller.role} cannot do this; it takes {self._wanted()}.")
        return caller

    def _wanted(self) -> str:
        return " or ".join(role for role in KeyRole if role in self.roles)


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

GroupReader = Annotated[Caller, Depends(Allowed(OPS, MENTOR))]
GroupCommander = Annotated[Caller, Depends(Allowed(OPS, INTEGRATION, MENTOR))]
"""Of a group; a mentor has those that they lead."""


def require_program(caller: Caller, program: ProgramId) -> None:
    """Raises NotFound, in the words of a program that does not exist."""
    if not caller.may_use(program):
        raise NotFound(f"there is no program {program!r}")


def require_mentor(caller: Caller, mentor: MentorId) -> None:
    """Raises NotFound, in the words of a mentor who does not exist."""
    if caller.role is MENTOR and caller.mentor != mentor:
        raise NotFound(f"there is no mentor {mentor!r}")
