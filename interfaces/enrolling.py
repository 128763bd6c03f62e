"""A program's enrollment, in the log: decided on what its stream says, appended on that version, and decided anew when
somebody else was faster."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from domain import program as p
from domain.ids import LearnerId, ProgramId
from domain.kit import Kit
from store.codec import Codec, encode
from store.database import Pool
from store.errors import Conflict
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
    state, _ = await _read(pool, program)
    return state


async def obey(pool: Pool, program: ProgramId, command: Command, at: datetime) -> list[p.ProgramEvent]:
    """The events that it brought about; they are in the log.

    Raises:
        domain.program.Refused: when the program does not allow it.
    """
    while True:
        state, version = await _read(pool, program)
        events = p.decide(state, command, at)
        if not events:
            return []
        append_id = f"program:{program}:{uuid4()}"
        meta = {"by": command.by, "command": type(command).__name__}
        try:
            await EventLog(pool).append(p.program_stream(program), version, append_id, encode(events, append_id, meta))
        except Conflict:
            continue
        return events


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


async def _read(pool: Pool, program: ProgramId) -> tuple[p.ProgramState, int]:
    recorded = await EventLog(pool).read_stream(p.program_stream(program))
    return p.fold(_CODEC.decode_known(recorded)), len(recorded)
