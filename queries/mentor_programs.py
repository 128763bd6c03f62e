"""What a mentor has to do in each of their programs: places, the minutes of the coming weeks, and training."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from domain.ids import MentorId, ProgramId
from domain.mentor import MENTOR, MentorState, mentor_stream
from domain.mentor.demand import monday
from domain.mentor.utilization import Utilization, coming_weeks, utilization
from domain.profiles import MentorProfile
from kits.lookup import NoSuchProgram, newest
from kits.titles import title_of
from store.database import Pool
from store.transact import read

WEEKS = 8


@dataclass(frozen=True, slots=True)
class TrainingStep:
    step: str
    """The name of its text in the kit."""
    title: str
    done: bool


@dataclass(frozen=True, slots=True)
class MentorInProgram:
    program: ProgramId
    title: str
    belongs: bool
    """False: learners whom they have stay with them, and no others are matched with them."""
    limit: float
    """Of utilization, up to which mentors are planned."""
    utilization: Utilization
    training: Sequence[TrainingStep]
    """Of the newest kit, in its order."""


@dataclass(frozen=True, slots=True)
class MentorPrograms:
    weeks: tuple[str, ...]
    """The present one first, as `2026-W09`."""
    away: tuple[bool, ...]
    """Whether the mentor is on leave all week."""
    programs: Sequence[MentorInProgram]
    """By id: those that they belong to, and those in which somebody has a place with them."""


async def mentor_programs(
    pool: Pool, mentor: MentorId, profile: MentorProfile, now: datetime, programs: frozenset[ProgramId] | None = None
) -> MentorPrograms:
    """From the log. `profile`: with what is known beside it. `programs`: of these alone; None: of all."""
    state = (await read(pool, mentor_stream(mentor), MENTOR)).state
    weeks = coming_weeks(now, WEEKS)
    theirs = {one.program for one in state.places.values()} | (state.programs or frozenset())
    shown = sorted(one for one in theirs if programs is None or one in programs)
    found = [one for program in shown if (one := await _in_program(pool, program, state, profile, weeks))]
    return MentorPrograms(weeks, tuple(_is_away(state, week) for week in weeks), found)


async def _in_program(
    pool: Pool, program: ProgramId, state: MentorState, profile: MentorProfile, weeks: Sequence[str]
) -> MentorInProgram | None:
    """None: the program has no kit that can say what holds in it."""
    try:
        kit = await newest(pool, program)
    except NoSuchProgram:
        return None
    return MentorInProgram(
        program=program,
        title=kit.title,
        belongs=state.programs is None or program in state.programs,
        limit=kit.capacity.limit_utilization,
        utilization=utilization(state, program, kit.capacity, profile, weeks),
        training=[
            TrainingStep(one, title_of(kit, one), (program, one) in state.acknowledged)
            for one in kit.mentor_kit.training
        ],
    )


def _is_away(state: MentorState, week: str) -> bool:
    """The whole week, in UTC."""
    first = datetime.combine(monday(week), time(), UTC)
    return any(one.starts_at <= first and one.ends_at >= first + timedelta(weeks=1) for one in state.leave)
