"""A program's enrollment, in the log: what stands, what a command would do, and what it does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain import program as p
from domain.ids import LearnerId, ProgramId
from domain.kit import Kit
from interfaces import deciding
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog

_CODEC = Codec(p.EVENTS)
Command = p.PublishKit | p.OpenEnrollment | p.CloseEnrollment | p.Enroll | p.Remove


@dataclass(frozen=True, slots=True)
class Preview:
    """What enrolling these learners would do now."""

    taken: tuple[LearnerId, ...]
    waiting: tuple[LearnerId, ...]
    enrolled_before: tuple[LearnerId, ...]
    waiting_before: tuple[LearnerId, ...]


async def standing(pool: Pool, program: ProgramId) -> p.ProgramState:
    recorded = await EventLog(pool).read_stream(p.program_stream(program))
    return p.fold(_CODEC.decode_known(recorded))


async def obey(pool: Pool, program: ProgramId, command: Command, at: datetime) -> list[p.ProgramEvent]:
    """The events that it brought about; they are in the log.

    Raises:
        domain.program.Refused: when the program does not allow it.
    """
    brought = await deciding.obey(
        pool, p.program_stream(program), _CODEC, command, lambda events: p.decide(p.fold(events), command, at)
    )
    return list(brought)


async def say_published(pool: Pool, kit: Kit) -> None:
    """Tells in the program's stream which kit new journeys follow; told before, nothing changes."""
    await obey(pool, kit.program_id, p.PublishKit(kit=kit.digest, version=kit.version), datetime.now(UTC))


def preview(state: p.ProgramState, learners: Sequence[LearnerId], at: datetime) -> Preview:
    """Raises domain.program.Refused."""
    events = p.decide(state, p.Enroll(learners=tuple(learners)), at) if learners else []
    return Preview(
        taken=tuple(one for event in events if isinstance(event, p.LearnersEnrolled) for one in event.learners),
        waiting=tuple(one for event in events if isinstance(event, p.LearnersWaitlisted) for one in event.learners),
        enrolled_before=tuple(one for one in learners if one in state.enrolled),
        waiting_before=tuple(one for one in learners if one in state.waiting),
    )
