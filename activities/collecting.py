"""The pool of a round: who waits, and which mentors there are, as the log has them at this moment."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from domain.ids import KitDigest, MentorId
from domain.kit import Kit
from domain.matching.collecting import KnownMentor, Newest, WaitingLearner, pool_of
from domain.matching.pool import Pool
from domain.matching.pooling import MOST_LEARNERS
from domain.mentor import EVENTS as EVENTS_OF_MENTORS
from domain.mentor import MentorEvent, mentor_stream
from domain.mentor import fold as fold_mentor
from domain.round import RoundState
from projections.views import board
from projections.views.resting import resting
from store import database, people
from store.codec import Codec
from store.database import query
from store.event_log import EventLog, RecordedEvent
from store.people import Person
from store.waiting import Progress, Waiting, waiting_among

MOST_MENTORS = 2_000
_MENTORS: Codec[MentorEvent] = Codec(EVENTS_OF_MENTORS)


@dataclass(frozen=True, slots=True)
class Collector:
    """Collects for the newest version of a program's kit, as of a moment."""

    pool: database.Pool
    kit: Kit
    digest: KitDigest
    at: datetime

    async def collect(self, round_: RoundState, progress: Progress) -> Pool:
        """Everything that a draft of the round is calculated from.

        Raises:
            BeingRebuilt: while a view is not built yet.
            MissingKit, KitNotReadable, NotDecodable.
        """
        streams = list(await board.unmatched(self.pool, round_.program, MOST_LEARNERS))
        waiting = await waiting_among(self.pool, streams, progress)
        known = await people.by_ids(self.pool, [one.state.learner for one in waiting])
        mentors = await _known_mentors(self.pool, self.at)
        return await asyncio.to_thread(self._pool_of, round_, waiting, known, mentors)

    def _pool_of(
        self,
        round_: RoundState,
        waiting: Sequence[Waiting],
        known: Mapping[str, Person],
        mentors: Sequence["_KnownMentor"],
    ) -> Pool:
        """Takes seconds of CPU for thousands of people: run it in a thread."""
        return pool_of(
            round_,
            Newest(self.kit, self.digest),
            [_learner(one, known.get(one.state.learner)) for one in waiting],
            (_mentor(one) for one in mentors),
            self.at,
        )


def _learner(one: Waiting, person: Person | None) -> WaitingLearner:
    return WaitingLearner(one.journey, one.state, one.kit, one.declined, person.time_zone if person else None)


# Mentors


class _KnownMentor(NamedTuple):
    mentor: MentorId
    person: Person | None
    recorded: Sequence[RecordedEvent]
    rests_until: datetime | None


def _mentor(one: _KnownMentor) -> KnownMentor:
    state = fold_mentor(_MENTORS.decode_known(one.recorded))
    return KnownMentor(one.mentor, state, people.profile_of(state.profile, one.person), one.rests_until)


async def _known_mentors(pool: database.Pool, at: datetime) -> list[_KnownMentor]:
    known = await _mentors_to_read(pool)
    recorded = await EventLog(pool).read_streams(map(mentor_stream, known))
    rests = await resting(pool, at)
    return [
        _KnownMentor(mentor, person, recorded.get(mentor_stream(mentor), ()), rests.get(mentor))
        for mentor, person in known.items()
    ]


async def _mentors_to_read(pool: database.Pool) -> Mapping[MentorId, Person | None]:
    """Mentors known by name; where nobody is, those of whom something is recorded."""
    if by_name := await people.of_kind(pool, "mentor"):
        return {MentorId(one.person_id): one for one in by_name[:MOST_MENTORS]}
    rows = await pool.fetch(query("streams_of_category"), "mentor", MOST_MENTORS)
    return {MentorId(row["stream"].removeprefix("mentor-")): None for row in rows}
