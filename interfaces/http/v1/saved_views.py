"""Saved views of the table of journeys: its filters and its order under a name, for oneself or for everybody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Self
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Response
from fastapi import Path as FromPath
from pydantic import AfterValidator, StringConstraints, ValidationError

from domain.access import Caller, KeyRole
from domain.ids import ProgramId
from domain.values import STORABLE, Frozen
from interfaces.http.access import PersonalJourneyReader, require_program
from interfaces.http.v1.journeys import BoardQuery
from services import saved_views as services
from store import saved_views as store
from store.database import Pool

_NOT_KEPT = frozenset({"search", "after", "limit"})
"""Names are stored in one place alone; the rest is not about what is looked for."""


def criteria_in(query: str) -> BoardQuery:
    """Raises ValueError for what is no filter and no order of journeys."""
    if "\x00" in query or "%00" in query:
        raise ValueError("it holds a character that no filter has")
    try:
        return BoardQuery.model_validate(dict(parse_qsl(query.removeprefix("?"))))
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def kept(query: BoardQuery) -> str:
    """What a saved view has of it, in one form for the same filters."""
    given: dict[str, Any] = query.model_dump(
        mode="json", exclude=set(_NOT_KEPT), exclude_none=True, exclude_defaults=True
    )
    return urlencode({name: str(one).lower() if isinstance(one, bool) else one for name, one in sorted(given.items())})


def _canonical(query: str) -> str:
    return kept(criteria_in(query))


class ViewToSave(Frozen):
    """A view of the table of journeys. One of the same name that you saved before is replaced."""

    name: Annotated[str, STORABLE, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    query: Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_canonical)]
    """The filters and the order, as parameters of `GET /v1/journeys`: `program=job-ready&stage=sessions&sort=since`.
    A search is not kept: names are stored in one place alone."""
    shared: bool = False
    """Whether everybody sees it who may use its program. Mentors save views for themselves alone."""


@dataclass(frozen=True, slots=True)
class SavedViewShown:
    id: str
    name: str
    query: str
    """Parameters of `GET /v1/journeys`."""
    program: str | None
    shared: bool
    owner: str
    mine: bool
    saved_at: datetime

    @classmethod
    def of(cls, view: store.SavedView, caller: Caller) -> Self:
        mine = view.owner == caller.actor
        return cls(view.id, view.name, view.query, view.program, view.shared, view.owner, mine, view.saved_at)


_View = Annotated[str, FromPath(max_length=40, pattern=r"^[a-z0-9]+$", description="the id of a saved view")]


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["journeys"])

    @routes.get("/saved-views")
    async def list_saved_views(caller: PersonalJourneyReader) -> list[SavedViewShown]:
        """Your saved views of the table of journeys, and those that are shared with you; up to 200."""
        return await views_of(pool, caller)

    @routes.post("/saved-views", status_code=201)
    async def save_view(body: ViewToSave, caller: PersonalJourneyReader) -> SavedViewShown:
        """Save filters and an order under a name."""
        return await save(pool, caller, body)

    @routes.delete("/saved-views/{view}", status_code=204, response_class=Response)
    async def delete_saved_view(view: _View, caller: PersonalJourneyReader) -> None:
        """Forget a view of yours, or one that is shared with you. Nothing but the view is deleted."""
        await forget(pool, caller, view)

    return routes


async def views_of(pool: Pool, caller: Caller) -> list[SavedViewShown]:
    return [SavedViewShown.of(one, caller) for one in await store.listed(pool, caller.actor, caller.programs)]


async def save(pool: Pool, caller: Caller, wish: ViewToSave) -> SavedViewShown:
    """Raises Rejected; NoSuchProgram for one that the caller may not use."""
    program = criteria_in(wish.query).program
    if program is not None:
        require_program(caller, ProgramId(program))
    shared = wish.shared and caller.role is not KeyRole.MENTOR
    return SavedViewShown.of(await services.save(pool, caller, wish.name, wish.query, program, shared=shared), caller)


async def forget(pool: Pool, caller: Caller, view: str) -> SavedViewShown:
    """Raises NoSuchView."""
    return SavedViewShown.of(await services.forget(pool, caller, view), caller)
