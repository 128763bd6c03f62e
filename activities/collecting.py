"""The pool of a round: who waits, and which mentors there are, as the log has them at this moment."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from domain.ids import KitDigest, MentorId
from domain.kit import Kit
from domain.matching.pool import Available, Candidate, Pair, Pool
from domain.matching.pooling import MOST_LEARNERS, Plan, available, candidate, plans
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
        return Pool(
            program=round_.program,
            kit=self.digest,
            at=self.at,
            candidates=tuple(_candidate(one, self.kit, known.get(one.state.learner)) for one in waiting),
            mentors=tuple(self._mentors(mentors, plans([(one.kit, one.state) for one in waiting], self.at))),
            pinned=tuple(Pair(learner=learner, mentor=mentor) for learner, mentor in round_.pinned.items()),
            forbidden=tuple(Pair(learner=one.learner, mentor=one.mentor) for one in sorted(round_.forbidden)),
            key=round_.id[-120:],
        )

    def _mentors(self, known: Iterable["_KnownMentor"], plans: Sequence[Plan]) -> Iterator[Available]:
        for one in known:
            state = fold_mentor(_MENTORS.decode_known(one.recorded))
            if state.belongs_to(self.kit.program_id):
                profile = people.profile_of(state.profile, one.person)
                yield available(self.kit, one.mentor, state, profile, plans, rests_until=one.rests_until, at=self.at)


# Learners


def _candidate(one: Waiting, newest: Kit, person: Person | None) -> Candidate:
    zone = person.time_zone if person else None
    return candidate(newest, one.kit, one.journey, one.state, declined=one.declined, time_zone=zone)


# Mentors


class _KnownMentor(NamedTuple):
    mentor: MentorId
    person: Person | None
    recorded: Sequence[RecordedEvent]
    rests_until: datetime | None


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
