"""What kits call their groups, rules, sessions and milestones: for lists of many, by the newest kit of a program."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from domain.ids import ProgramId
from domain.kit import Kit
from domain.values import either
from kits.lookup import NoSuchProgram, newest
from store.database import Pool
from store.errors import KitNotReadable

_BELIEVED_SECONDS = 30.0
_GROUP = "Group"
_LONGEST_SHOWN = 80
Kind = Literal["session", "milestone", "survey", "question"]


@dataclass(frozen=True)
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
    questions: Mapping[str, str]
    """Of the intake."""
    surveys: Mapping[str, str]

    @cached_property
    def _known(self) -> Mapping[Kind, Mapping[str, str]]:
        """What each is called where its pathway is not said: with its id, where another has the same title."""
        sessions: dict[str, dict[str, None]] = {}
        for of_pathway in self.sessions.values():
            for session, title in of_pathway.items():
                sessions.setdefault(session, {})[title] = None
        return {
            "session": _told_apart({one: either(titles) for one, titles in sessions.items()}),
            "milestone": _told_apart(self.milestones),
            "survey": _told_apart(self.surveys),
            "question": _told_apart({one: shortened(asks) for one, asks in self.questions.items()}),
        }

    def named(self, kind: Kind, name: str) -> str:
        """The title of a session, a milestone, a survey or a question of the intake."""
        return self._known[kind].get(name, name)

    def of_session(self, pathway: str, session: str) -> str:
        return self.sessions.get(pathway, {}).get(session, session)

    def of_group(self, cohort: str) -> str:
        """`job-ready.1` as `Job group 1`."""
        number = cohort.rpartition(".")[2]
        return f"{self.group} {number}" if number.isdecimal() else cohort

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


def _told_apart(titles: Mapping[str, str]) -> Mapping[str, str]:
    often = Counter(titles.values())
    return {one: f"{title} ({one})" if often[title] > 1 else title for one, title in titles.items()}


def shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 2]} …"


def titles_of(kit: Kit) -> Titles:
    return Titles(
        kit.title,
        bool(kit.matching.asks),
        kit.cohorts.title if kit.cohorts else _GROUP,
        {one.id: one.title for one in kit.escalations},
        {pathway.id: {one.id: one.title for one in pathway.sessions} for pathway in kit.pathways},
        {one.id: one.title for pathway in kit.pathways for one in pathway.milestones},
        {one.id: one.ask for one in kit.intake.questions},
        {one.id: one.title for one in kit.surveys},
    )


def _program_of(cohort: str) -> str:
    return cohort.rpartition(".")[0]


class KnownTitles:
    """Looked up at most twice a minute for each program."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known: dict[str, tuple[float, Titles]] = {}

    async def of(self, programs: Iterable[str]) -> Mapping[str, Titles]:
        return {one: await self._of(one) for one in sorted(set(programs))}

    async def groups(self, cohorts: Iterable[str]) -> Mapping[str, str]:
        """The titles of groups, by their ids."""
        those = set(cohorts)
        titles = await self.of(map(_program_of, those))
        return {one: titles[_program_of(one)].of_group(one) for one in those}

    async def _of(self, program: str) -> Titles:
        known = self._known.get(program)
        if known and time.monotonic() < known[0]:
            return known[1]
        try:
            found = titles_of(await newest(self._pool, ProgramId(program)))
        except (NoSuchProgram, KitNotReadable):
            found = Titles(program, False, _GROUP, {}, {}, {}, {}, {})
        self._known[program] = (time.monotonic() + _BELIEVED_SECONDS, found)
        return found
