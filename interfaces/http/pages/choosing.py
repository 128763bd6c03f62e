"""The program that a page of an area is about, where its address names none."""

from domain.access import Caller
from domain.ids import ProgramId
from interfaces.http.access import require_program
from store import kits
from store.database import Pool


async def chosen_program(pool: Pool, caller: Caller, named: str | None) -> ProgramId | None:
    """The one that is named, or else the first that the caller may see. None: there is none yet.

    Raises NoSuchProgram.
    """
    if named:
        require_program(caller, ProgramId(named))
        return ProgramId(named)
    if caller.programs is not None:
        return min(map(ProgramId, caller.programs), default=None)
    return ProgramId(found[0]) if (found := await kits.program_names(pool, 1)) else None
