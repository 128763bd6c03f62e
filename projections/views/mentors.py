"""Mentors as their streams have them: profile, checks, leave, and the programs that they belong to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import TypeAdapter

from domain.ids import MentorId, ProgramId
from domain.mentor import EVENTS, MentorEvent, MentorState, evolve
from domain.mentor.belonging import JoinedProgram, LeftProgram
from domain.mentor.checks import CheckRecorded, CheckWithdrawn, OnboardingRecorded
from domain.mentor.leave import LeaveCanceled, LeavePlanned
from domain.mentor.profile import ProfileChanged
from domain.profiles import Leave, MentorProfile
from domain.values import Frozen
from projections.fold import Fold, Rows
from projections.kits import Kits
from projections.reading import View
from projections.sql import query
from store.codec import Codec
from store.database import Pool

_LEAVE: TypeAdapter[tuple[Leave, ...]] = TypeAdapter(tuple[Leave, ...])
_TOLD = (
    *(ProfileChanged, CheckRecorded, CheckWithdrawn, OnboardingRecorded),
    *(LeavePlanned, LeaveCanceled, JoinedProgram, LeftProgram),
)


class Standing(Frozen):
    """The parts of a mentor's state that are shown here: others may change without another version of the view."""

    programs: frozenset[ProgramId] | None = None
    profile: MentorProfile = MentorProfile()
    leave: tuple[Leave, ...] = ()


class Mentors(Fold[MentorEvent, Standing]):
    name = "mentors"
    version = 1
    handles = frozenset(event.type for event in _TOLD)
    codec = Codec(EVENTS)
    state = Standing
    columns: ClassVar = {"mentors": ("stream", "mentor", "programs", "profile", "leave")}

    def evolve(self, state: Standing | None, event: MentorEvent) -> Standing:
        after = evolve(MentorState(**dict(state)) if state else MentorState(), event)
        return Standing(programs=after.programs, profile=after.profile, leave=after.leave)

    def rows(self, stream: str, state: Standing, _: object, __: Kits, /) -> Rows:
        programs = None if state.programs is None else sorted(state.programs)
        profile, leave = state.profile.model_dump_json(), _LEAVE.dump_json(state.leave).decode()
        return {"mentors": [(stream, stream.removeprefix("mentor-"), programs, profile, leave)]}


@dataclass(frozen=True, slots=True)
class MentorRow:
    mentor: MentorId
    programs: tuple[ProgramId, ...] | None
    """None: nobody has said, and any program may use them."""
    profile: MentorProfile
    leave: tuple[Leave, ...]

    def may_be_used_by(self, program: ProgramId) -> bool:
        return self.programs is None or program in self.programs


_MENTORS = View(mentors=1)


async def by_ids(pool: Pool, mentors: Iterable[str]) -> dict[MentorId, MentorRow]:
    """Those of whom anything is recorded."""
    return _rows(await _MENTORS.fetch(pool, query("mentors_by_ids"), sorted(set(mentors))))


async def of_program(pool: Pool, program: str) -> dict[MentorId, MentorRow]:
    """Those whom the program may use, by id: its own, and those of whom nobody has said where they belong."""
    return _rows(await _MENTORS.fetch(pool, query("mentors_of_program"), program))


def _rows(found: Iterable[Any]) -> dict[MentorId, MentorRow]:
    return {
        MentorId(mentor): MentorRow(
            MentorId(mentor),
            None if programs is None else tuple(map(ProgramId, programs)),
            MentorProfile.model_validate_json(profile),
            _LEAVE.validate_json(leave),
        )
        for mentor, programs, profile, leave in found
    }


async def elsewhere(pool: Pool, program: str) -> frozenset[MentorId]:
    """Those who belong to other programs alone. Raises BeingRebuilt."""
    return frozenset(MentorId(row["mentor"]) for row in await _MENTORS.fetch(pool, query("mentors_elsewhere"), program))
