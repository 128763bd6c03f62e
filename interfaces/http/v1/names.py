"""What ids stand for: the names of people, and the titles in a version of a kit."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query

from domain.ids import KitDigest, ProgramId
from domain.refusal import NotFound
from interfaces.http.access import PersonalReader, Reader, require_program
from queries.journey_record import kit_of
from queries.names import names_in
from store.database import Pool
from store.errors import MissingKit

_MOST = 500


@dataclass(frozen=True, slots=True)
class PersonName:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class KitTitles:
    version: str
    titles: dict[str, str]
    """By the id of the rule."""


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["names"])

    @routes.get("/names")
    async def list_names(
        caller: PersonalReader,
        id: Annotated[list[str], Query(max_length=_MOST, description="of learners and mentors")],  # noqa: A002
    ) -> list[PersonName]:
        """The names of people. Those who are unknown are left out. Personal data."""
        names = await names_in(pool, id, caller.programs)
        return [PersonName(one, name) for one, name in names.items()]

    @routes.get("/programs/{program}/kits/{digest}/titles")
    async def get_titles(program: ProgramId, digest: KitDigest, caller: Reader) -> KitTitles:
        """The titles of the escalations of a version of a kit, for what is shown to people."""
        require_program(caller, program)
        try:
            kit = await kit_of(pool, digest)
        except MissingKit:
            kit = None
        if kit is None or kit.program != program:
            raise NotFound(f"There is no version {digest} of the program {program!r}.")
        return KitTitles(kit.version, {rule.id: rule.title for rule in kit.escalations})

    return routes
