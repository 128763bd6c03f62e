"""Finding a person, a program or a page by a few letters: for the field in the frame, and the palette.

What is to be done may stand first: `pause ada` finds the form by which the journey of Ada is paused.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from domain.access import Caller, KeyRole
from domain.ids import MentorId
from domain.words import plain
from interfaces.http.pages.frame import AREAS, PROGRAM_PAGES
from projections.board_filter import Filter
from projections.views import board, mentors
from projections.views.mentors import MentorRow
from store import people
from store.database import Pool
from store.people import names_of

_MOST = 40
_MOST_PEOPLE = 12


@dataclass(frozen=True, slots=True)
class Found:
    address: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class FindPage:
    asked: str
    found: Sequence[Found]


@dataclass(frozen=True, slots=True)
class _Deed:
    """Something to be done about a journey."""

    verb: str
    label: str
    below: str
    """What follows the address of the journey."""
    roles: frozenset[KeyRole]


_OPS, _BOTH = frozenset({KeyRole.OPS}), frozenset({KeyRole.OPS, KeyRole.MENTOR})
_DEEDS = (
    _Deed("attendance", "Say how a session went", "/record_attendance", _BOTH),
    _Deed("flag", "Raise a risk flag", "/raise_risk_flag", _BOTH),
    _Deed("move", "Move a session", "/reschedule_session", _BOTH),
    _Deed("outcome", "Record an outcome", "/record_outcome", _OPS),
    _Deed("pause", "Pause", "/pause", _OPS),
    _Deed("remind", "Write to them", "/send_message", _OPS),
    _Deed("resume", "Resume", "/resume", _OPS),
    _Deed("why", "Why something happened, or did not", "?part=rules", _BOTH),
    _Deed("withdraw", "Withdraw", "/withdraw", _OPS),
    _Deed("write", "Write to them", "/send_message", _OPS),
)


def pages_found(caller: Caller, programs: Sequence[str], asked: str) -> list[Found]:
    """Areas, and the pages of programs. Every word of `asked` must begin a word of theirs."""
    wanted = asked.casefold().split()
    return [one for one in _pages(caller, programs) if _fits(one, wanted)][:_MOST]


async def people_found(pool: Pool, caller: Caller, asked: str) -> list[Found]:
    """What can be done about journeys, journeys by the learner's name or id, then mentors; of those whom the caller may
    know of."""
    if not asked.strip():
        return []
    verb, _, whom = asked.strip().partition(" ")
    deeds = [one for one in _DEEDS if caller.role in one.roles and one.verb.startswith(verb.casefold())]
    if whom.strip() and deeds:
        journeys = await _journeys(pool, caller, whom.strip(), is_open=True)
        if journeys:
            return [_deed(deed, one) for one in journeys for deed in deeds]
    return [*await _journeys(pool, caller, asked), *await _mentors(pool, caller, asked)]


def _deed(deed: _Deed, one: Found) -> Found:
    return Found(f"{one.address}{deed.below}", f"{deed.label}: {one.label}", one.kind)


async def _journeys(pool: Pool, caller: Caller, asked: str, *, is_open: bool | None = None) -> list[Found]:
    where = Filter(
        search=asked,
        by_name=caller.sees_personal_data,
        programs=caller.programs_of(None),
        mentor=caller.mentor,
        open=is_open,
    )
    rows = (await board.page(pool, where, "name", limit=_MOST_PEOPLE)).rows
    names = await names_of(pool, [one.learner for one in rows]) if caller.sees_personal_data else {}
    return [
        Found(
            f"/journeys/{quote(one.journey, safe='')}",
            names.get(one.learner, one.learner),
            f"{one.program}, {plain(one.ending or one.stage)}",
        )
        for one in rows
    ]


async def _mentors(pool: Pool, caller: Caller, asked: str) -> list[Found]:
    if caller.role is not KeyRole.OPS:
        return []
    found = await people.named(pool, asked, "mentor", _MOST_PEOPLE)
    known = await mentors.by_ids(pool, [one.person_id for one in found]) if caller.programs is not None else {}
    return [
        Found(f"/mentors/{quote(one.person_id, safe='')}", one.name, "mentor")
        for one in found
        if caller.programs is None or _is_of(known.get(MentorId(one.person_id)), caller.programs)
    ]


def _is_of(one: MentorRow | None, programs: Collection[str]) -> bool:
    return one is not None and (one.programs is None or not set(programs).isdisjoint(one.programs))


def _pages(caller: Caller, programs: Sequence[str]) -> Iterator[Found]:
    for area in AREAS:
        if caller.role in area.roles:
            yield Found(area.address, area.label, "page")
    for program in programs:
        for below, label, roles in PROGRAM_PAGES:
            if caller.role in roles:
                yield Found(f"/programs/{quote(program, safe='')}{below}", f"{program}: {label}", "program")


def _fits(one: Found, wanted: Sequence[str]) -> bool:
    words = [*one.label.casefold().replace(":", " ").replace("-", " ").split(), one.label.casefold()]
    return all(any(word.startswith(part) for word in words) for part in wanted)
