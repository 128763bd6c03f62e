"""The page Today: what needs a person now, in sections, and how much of it each program has."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias, get_args
from urllib.parse import quote, urlencode

from fastapi import Query
from pydantic import BaseModel, Field, TypeAdapter

from domain.access import Caller, KeyRole
from domain.ids import Slug
from domain.kit import Duty, Role
from domain.refusal import NotFound
from domain.values import STORABLE, Deadline, Whole, counted
from interfaces.http.pages.lateness import LATE_SECONDS
from interfaces.http.pages.today.items import (
    Item,
    Setting,
    Step,
    case_item,
    decision_item,
    duty_item,
    message_item,
    owner_of,
    persons,
)
from interfaces.http.v1.cursors import Cursors
from interfaces.http.v1.visibility import programs_seen
from projections.status import ProjectionStatus, statuses
from queries import today
from queries.titles import KnownTitles
from queries.today import Count, KnownCounts, Part, Place, Scope, Work
from services import readiness
from store import kits
from store.database import Pool
from store.people import names_of

Name: TypeAlias = Literal["cases", "intakes", "matches", "mentors", "work", "messages", "decisions"]
Counted: TypeAlias = Name | Literal["learners"]
Whose: TypeAlias = Literal["mine", "all"]
_SHOWN, _PAGE = 8, 40
_MOST_BEHIND = 3
_MOST_REMINDERS = 5
_DUTIES: Mapping[str, tuple[Duty, ...]] = {"intakes": ("intake_review",), "matches": ("match",)}
_ELSEWHERE = tuple(one for several in _DUTIES.values() for one in several)
"""Duties that have a section of their own."""
_CURSORS: Cursors[Place] = Cursors(
    Place,
    TypeAdapter(
        tuple[Annotated[Whole, Field(ge=0, le=9)], Deadline, Annotated[str, STORABLE], Annotated[str, STORABLE]]
    ),
)


class TodayQuery(BaseModel, extra="forbid"):
    program: Slug | Literal[""] = ""
    whose: Whose = "all"
    """`mine`: what the reader has taken, and the proposals to which they see. Whose key is for some programs leads
    these: also what waits there for somebody, but no case that somebody else has taken."""
    after: Annotated[str | None, Query(max_length=1_000)] = None


@dataclass(frozen=True, slots=True)
class Section:
    name: Name
    title: str
    items: Sequence[Item]
    more: str | None
    """Where the rest is."""
    total: int | None = None
    """None: nobody has counted."""


@dataclass(frozen=True, slots=True)
class ProgramCounts:
    title: str
    address: str
    counts: Sequence[int]
    """In the order of the columns."""


@dataclass(frozen=True, slots=True)
class Today:
    said: str
    """How much there is, in a sentence."""
    scopes: Sequence[tuple[str, str, bool]]
    """Address, words, and whether it is the present one."""
    sections: Sequence[Section]
    is_new: bool
    """Whether the installation has no program yet."""
    trouble: Sequence[tuple[str, str]]
    """What is wrong with the service itself, and waits for a person."""
    reminders: Sequence[Step]
    """By which all learners of a program who are overdue are written to at once."""
    programs: Sequence[ProgramCounts]
    columns: Sequence[str]


@dataclass(frozen=True, slots=True)
class SectionPage:
    section: Section
    back: str


TITLES: Mapping[Name, str] = {
    "cases": "Open cases",
    "intakes": "Intakes to review",
    "matches": "Mentors to find",
    "mentors": "Overdue work of mentors",
    "work": "Other work for ops",
    "messages": "Messages that did not arrive",
    "decisions": "Drafts and proposals to decide",
}
_WORDS: Mapping[Name, tuple[str, str]] = {
    "cases": ("open case", "open cases"),
    "intakes": ("intake to review", "intakes to review"),
    "matches": ("mentor to find", "mentors to find"),
    "mentors": ("overdue duty of mentors", "overdue duties of mentors"),
    "work": ("other duty", "other duties"),
    "messages": ("message that did not arrive", "messages that did not arrive"),
    "decisions": ("draft or proposal to decide", "drafts and proposals to decide"),
}
"""Of one, and of several."""
_COUNTED: Sequence[tuple[Counted, str]] = (
    ("cases", "Cases"), ("intakes", "Intakes"), ("matches", "Matches"), ("mentors", "Overdue of mentors"),
    ("learners", "Overdue of learners"),
    ("work", "Other work"), ("messages", "Messages"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Look:
    """What is read, for whom, and when."""

    caller: Caller
    query: TodayQuery
    now: datetime
    whole: bool = False
    """Whether it is one section by itself, in pages."""

    @property
    def limit(self) -> int:
        return _PAGE if self.whole else _SHOWN

    @property
    def scope(self) -> Scope:
        return Scope(programs_seen(self.caller, self.query.program or None), self.caller.mentor)

    @property
    def is_mentor(self) -> bool:
        return self.caller.role is KeyRole.MENTOR

    @property
    def owner(self) -> Role | None:
        """Whose cases alone are shown; None: everybody's."""
        return owner_of(self.caller.role) if self.query.whose == "mine" or self.is_mentor else None

    @property
    def taken_by(self) -> str | None:
        """Whose own cases and proposals alone are shown."""
        return self.caller.actor if self.query.whose == "mine" and not _leads(self.caller) else None

    @property
    def after(self) -> Place | None:
        return _CURSORS.read(self.query.after) if self.whole else None

    def here(self, name: Name) -> str:
        if self.whole:
            return _address(self.query, f"/today/{name}", after=self.query.after)
        return _address(self.query, "/")

    def shows(self, taken_by: str | None) -> bool:
        return self.query.whose == "all" or taken_by in (None, self.caller.actor)

    def more(self, name: Name, last: Place | None) -> str | None:
        """The address of the rest of a section; `last` is where it was cut off."""
        if last is None:
            return None
        return _address(self.query, f"/today/{name}", after=_CURSORS.written(last) if self.whole else None)


class TodayDesk:
    """Reads the page for its callers."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._titles = KnownTitles(pool)
        self._known = KnownCounts(pool)

    async def read(self, caller: Caller, query: TodayQuery) -> Today:
        look = _Look(caller, query, datetime.now(UTC))
        counts = await self._counts(look)
        sections = [await self._section(look, name) for name in _names(caller, query.whose)]
        shown = [_counted(one, counts, query.whose) for one in sections if one.items]
        return Today(
            said=_said(shown),
            scopes=_scopes(query),
            sections=shown,
            is_new=not shown and caller.programs is None and not await kits.program_names(self._pool, 1),
            trouble=await self._trouble(caller),
            reminders=_reminders(counts) if caller.role is KeyRole.OPS else (),
            programs=await self._by_program(counts) if query.whose == "all" else (),
            columns=[label for _, label in _COUNTED],
        )

    async def section_page(self, caller: Caller, query: TodayQuery, name: str) -> SectionPage:
        """One section whole, in pages. Raises NotFound."""
        known = next((one for one in _names(caller) if one == name), None)
        if known is None:
            raise NotFound(f"There is no list {name[:50]!r} here.")
        look = _Look(caller, query, datetime.now(UTC), whole=True)
        return SectionPage(await self._section(look, known), _address(query, "/"))

    async def _section(self, look: _Look, name: Name) -> Section:
        if name == "messages":
            return await self._messages(look)
        if name == "decisions":
            return await self._decisions(look)
        work = await self._work(look, name)
        taken = await today.takers(self._pool, work)
        shown = [one for one in work[: look.limit] if look.shows(taken.get((one.journey, one.case or "")))]
        to = await self._setting(look, name, persons(shown, ()), {one.program for one in shown}, taken)
        items = [case_item(one, to) if one.case else duty_item(one, to) for one in shown]
        last = today.place_of(work[look.limit - 1]) if len(work) > look.limit else None
        return Section(name, TITLES[name], items, look.more(name, last))

    async def _work(self, look: _Look, name: Name) -> Sequence[Work]:
        """One more than is shown, where there is one."""
        page = Part(look.after, look.limit + 1)
        if name == "cases":
            owner = None if look.taken_by else look.owner
            return await today.open_cases(self._pool, look.scope, look.now, owner, page, taken_by=look.taken_by)
        return await today.duties(
            self._pool,
            look.scope,
            "mentor" if name == "mentors" or look.is_mentor else "ops",
            page,
            only=_DUTIES.get(name),
            apart_from=_ELSEWHERE if name == "work" else (),
            due_by=look.now if name == "mentors" else None,
        )

    async def _messages(self, look: _Look) -> Section:
        after = look.after
        behind = (after.at, after.stream) if after else None
        rows = await today.failed_messages(self._pool, look.scope.programs, behind, look.limit + 1)
        shown = rows[: look.limit]
        to = await self._setting(look, "messages", persons((), shown))
        last = Place(0, shown[-1].since, f"message-{shown[-1].message}", "") if len(rows) > look.limit else None
        items = [message_item(one, to) for one in shown]
        return Section("messages", TITLES["messages"], items, look.more("messages", last))

    async def _decisions(self, look: _Look) -> Section:
        found = await today.decisions(self._pool, look.scope.programs, look.limit, owner=look.taken_by)
        to = await self._setting(look, "decisions", ())
        return Section("decisions", TITLES["decisions"], [decision_item(one, to) for one in found], None)

    async def _setting(
        self,
        look: _Look,
        name: Name,
        people: Collection[str],
        programs: Collection[str] = (),
        takers: Mapping[tuple[str, str], str] | None = None,
    ) -> Setting:
        names = await names_of(self._pool, people) if look.caller.sees_personal_data else {}
        acts = look.caller.role in (KeyRole.OPS, KeyRole.MENTOR)
        titles, writes = await self._titles.of(programs), look.caller.role is KeyRole.OPS
        return Setting(look.now, look.here(name), names, titles, takers or {}, acts, writes)

    async def _counts(self, look: _Look) -> Mapping[str, "Counter[Counted]"]:
        """By program and section; nothing for a mentor, whose lists are short."""
        if look.is_mentor:
            return {}
        found: dict[str, Counter[Counted]] = {}
        for one in await self._known.work(look.scope.programs):
            found.setdefault(one.program, Counter())[_section_of(one)] += one.number
        for program, number in (await self._known.failed_messages(look.scope.programs)).items():
            found.setdefault(program, Counter())["messages"] += number
        return found

    async def _by_program(self, counts: Mapping[str, "Counter[Counted]"]) -> Sequence[ProgramCounts]:
        titles = await self._titles.of(counts)
        return [
            ProgramCounts(
                titles[program].title,
                f"/?{urlencode({'program': program})}",
                [counts[program][name] for name, _ in _COUNTED],
            )
            for program in sorted(counts)
        ]

    async def _trouble(self, caller: Caller) -> Sequence[tuple[str, str]]:
        """For those who run the whole installation."""
        if caller.role is not KeyRole.OPS or caller.programs is not None:
            return ()
        checks = readiness.concerns(self._pool)
        answers = await asyncio.gather(*(check() for check in checks.values()))
        told = [(name, says) for name, says in zip(checks, answers, strict=True) if says]
        found = [one for one in await statuses(self._pool) if one.status == "live"]
        behind = [one for one in found if one.behind_seconds > LATE_SECONDS]
        return [*told, *([("views behind", _behind(behind))] if behind else [])]


def _behind(views: Sequence[ProjectionStatus]) -> str:
    """All in one: where one is behind, most others are."""
    names = [one.name for one in sorted(views, key=lambda one: -one.behind_events)]
    more = f" and {len(names) - _MOST_BEHIND} more" if len(names) > _MOST_BEHIND else ""
    return (
        f"{', '.join(names[:_MOST_BEHIND])}{more}; up to {counted(max(one.behind_events for one in views), 'event')}, "
        f"the oldest for {max(one.behind_seconds for one in views) / 60:,.0f} minutes. `trellis projections` shows "
        "whether a projector runs"
    )


def _leads(caller: Caller) -> bool:
    """Whether what waits in the programs that they see is theirs."""
    return caller.role is KeyRole.MENTOR or caller.programs is not None


def _names(caller: Caller, whose: Whose = "all") -> Sequence[Name]:
    if caller.role is KeyRole.MENTOR:
        return ("cases", "work")
    return ("cases", "decisions") if whose == "mine" and not _leads(caller) else get_args(Name)


def _section_of(one: Count) -> Counted:
    if one.kind == "case":
        return "cases"
    if one.kind in ("mentor", "learner"):
        return "mentors" if one.kind == "mentor" else "learners"
    return "intakes" if one.duty in _DUTIES["intakes"] else "matches" if one.duty in _DUTIES["matches"] else "work"


def _counted(one: Section, counts: Mapping[str, Counter[Counted]], whose: Whose) -> Section:
    if not counts or one.name == "decisions" or (whose == "mine" and one.name == "cases"):
        return one
    return replace(one, total=sum(of[one.name] for of in counts.values()))


def _said(sections: Sequence[Section]) -> str:
    """`2 open cases, 1 intake to review.`"""
    told = [_counted_in_words(one) for one in sections]
    return f"{', '.join(told)}." if told else "Nothing needs you now."


def _counted_in_words(one: Section) -> str:
    number = one.total if one.total is not None else len(one.items)
    more = "+" if one.total is None and one.more else ""
    return f"{number:,}{more} {_WORDS[one.name][number != 1]}"


def _reminders(counts: Mapping[str, "Counter[Counted]"]) -> Sequence[Step]:
    late = [(program, of["learners"]) for program, of in sorted(counts.items()) if of["learners"]]
    return [
        Step(
            f"/bulk/new?{urlencode({**_REMINDER, 'program': program})}",
            f"Remind {counted(number, 'overdue learner')} of {program}",
        )
        for program, number in late[:_MOST_REMINDERS]
    ]


_REMINDER = {
    "action": "message",
    "overdue": "true",
    "waiting_on": "learner",
    "subject": "Something of yours is due",
    "text": "Hello {{ name }},\n\nwe wait for something of yours that is due. Is anything in the way? Then tell us.",
}


def _scopes(query: TodayQuery) -> Sequence[tuple[str, str, bool]]:
    return [
        (_address(query.model_copy(update={"whose": whose}), "/"), words, query.whose == whose)
        for whose, words in (("all", "Everything"), ("mine", "Mine"))
    ]


def _address(query: TodayQuery, path: str, after: str | None = None) -> str:
    given = {"program": query.program, "whose": query.whose if query.whose != "all" else "", "after": after or ""}
    said = urlencode({name: value for name, value in given.items() if value}, quote_via=quote)
    return f"{path}?{said}" if said else path
