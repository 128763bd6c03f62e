"""What there is to choose from on pages: the program, where an address names none, and the mentors of a list."""

from collections.abc import Sequence

from domain.access import Caller
from domain.ids import ProgramId
from interfaces.http.access import require_program
from store import kits, people
from store.database import Pool

_MOST_LISTED = 200


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


async def listed_mentors(pool: Pool) -> Sequence[tuple[str, str]]:
    """Each with their name; none where they are too many for a list. For readers of personal data."""
    found = await people.page(pool, "mentor", "", _MOST_LISTED + 1)
    return [(one.person_id, one.name) for one in found] if len(found) <= _MOST_LISTED else ()
