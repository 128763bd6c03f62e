"""What programs call their groups and sessions, by their newest kits."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.ids import ProgramId
from kits.lookup import NoSuchProgram, newest
from store.database import Pool
from store.errors import KitNotReadable


@dataclass(frozen=True, slots=True)
class Titles:
    groups: dict[str, str] = field(default_factory=dict)
    """By program: the word before the number of a group."""
    sessions: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """By program, pathway and session."""


async def titles(pool: Pool, programs: Iterable[str]) -> Titles:
    """Without those of programs whose kit cannot be read."""
    found = Titles()
    for program in sorted(set(programs)):
        try:
            kit = await newest(pool, ProgramId(program))
        except (NoSuchProgram, KitNotReadable):
            continue
        found.groups[program] = kit.cohorts.title if kit.cohorts else "Group"
        for pathway in kit.pathways:
            for session in pathway.sessions:
                found.sessions[program, pathway.id, session.id] = session.title
    return found
