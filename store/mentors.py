"""The mentors of a program as the log has them at this moment, read in pages."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final, NamedTuple

from domain.ids import MentorId, ProgramId, StreamId
from domain.mentor import EVENTS, MentorEvent, MentorState, fold, mentor_stream
from domain.profiles import MentorProfile
from store import people
from store.codec import Codec
from store.database import Pool, query
from store.event_log import EventLog, RecordedEvent
from store.people import Person

PAGE: Final = 500
"""Whose events are in memory at once."""
_MENTORS: Codec[MentorEvent] = Codec(EVENTS)


class Known(NamedTuple):
    mentor: MentorId
    person: Person | None
    """None where people are kept elsewhere."""
    state: MentorState
    profile: MentorProfile
    """Completed by what is kept beside the stream."""


async def of_program(pool: Pool, program: ProgramId) -> list[Known]:
    """All who belong to the program, or to any. Raises NotDecodable, Detached."""
    found: list[Known] = []
    async for page in _pages(pool):
        recorded = await EventLog(pool).read_streams(map(mentor_stream, page))
        found += await asyncio.to_thread(_belonging, page, recorded, program)
    return found


def _belonging(
    page: Mapping[MentorId, Person | None], recorded: Mapping[StreamId, Sequence[RecordedEvent]], program: ProgramId
) -> list[Known]:
    found = []
    for mentor, person in page.items():
        state = fold(_MENTORS.decode_known(recorded.get(mentor_stream(mentor), ())))
        if state.belongs_to(program):
            found.append(Known(mentor, person, state, people.profile_of(state.profile, person)))
    return found


async def _pages(pool: Pool) -> AsyncIterator[Mapping[MentorId, Person | None]]:
    """Mentors known by name; where nobody is, those of whom something is recorded."""
    after, by_name = "", False
    while page := await people.page(pool, "mentor", after, PAGE):
        by_name, after = True, page[-1].person_id
        yield {MentorId(one.person_id): one for one in page}
    while not by_name and (rows := await pool.fetch(query("streams_of_category"), "mentor", after, PAGE)):
        after = rows[-1]["stream"]
        yield {MentorId(row["stream"].removeprefix("mentor-")): None for row in rows}
