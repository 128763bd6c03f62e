"""What kits call their groups, rules, sessions and milestones: for lists of many, by the newest kit of a program."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.ids import ProgramId
from domain.kit import Kit
from kits.lookup import NoSuchProgram, newest
from store.database import Pool
from store.errors import KitNotReadable

_BELIEVED_SECONDS = 30.0
_GROUP = "Group"


@dataclass(frozen=True, slots=True)
class Titles:
    """Of one program. What the newest kit does not have keeps its id, as everything does where no kit can be read."""

    title: str
    offers: bool
    """Whether a mentor who is chosen is asked first."""
    group: str
    """The word before the number of a group."""
    rules: Mapping[str, str]
    sessions: Mapping[str, Mapping[str, str]]
    """By pathway."""
    milestones: Mapping[str, str]

    def of_session(self, pathway: str, session: str) -> str:
        return self.sessions.get(pathway, {}).get(session, session)

    def of_rule(self, place: str) -> str:
        """`escalations.quiet.then` by the title of the rule `quiet`."""
        name = place.removeprefix("escalations.").partition(".")[0]
        return self.rules.get(name, name)

    def of_subject(self, about: str) -> str:
        """`session:kickoff#2` by the title of the session; empty where there is none."""
        kind, _, rest = about.partition(":")
        name = rest.partition("#")[0]
        of_kind = [self.milestones] if kind in ("milestone", "review") else self.sessions.values()
        return next((found[name] for found in of_kind if name in found), "")


def titles_of(kit: Kit) -> Titles:
    return Titles(
        kit.title,
        bool(kit.matching.asks),
        kit.cohorts.title if kit.cohorts else _GROUP,
        {one.id: one.title for one in kit.escalations},
        {pathway.id: {one.id: one.title for one in pathway.sessions} for pathway in kit.pathways},
        {one.id: one.title for pathway in kit.pathways for one in pathway.milestones},
    )


class KnownTitles:
    """Looked up at most twice a minute for each program."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known: dict[str, tuple[float, Titles]] = {}

    async def of(self, programs: Iterable[str]) -> Mapping[str, Titles]:
        return {one: await self._of(one) for one in sorted(set(programs))}

    async def _of(self, program: str) -> Titles:
        known = self._known.get(program)
        if known and time.monotonic() < known[0]:
            return known[1]
        try:
            found = titles_of(await newest(self._pool, ProgramId(program)))
        except (NoSuchProgram, KitNotReadable):
            found = Titles(program, False, _GROUP, {}, {}, {})
        self._known[program] = (time.monotonic() + _BELIEVED_SECONDS, found)
        return found
