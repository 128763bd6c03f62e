"""The pool of a round: who waits, and which mentors there are, as the log has them at this moment."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ids import KitDigest, MentorId
from domain.kit import Kit
from domain.matching.collecting import KnownMentor, Newest, WaitingLearner, pool_of
from domain.matching.pool import Pool
from domain.matching.pooling import MOST_LEARNERS
from domain.round import RoundState
from projections.views import board
from projections.views.resting import resting
from store import database, mentors, people
from store.people import Person
from store.waiting import Progress, Waiting, waiting_among


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
        rests = await resting(self.pool, self.at)
        of_program = await mentors.of_program(self.pool, round_.program)
        return await asyncio.to_thread(self._pool_of, round_, waiting, known, _mentors(of_program, rests))

    def _pool_of(
        self,
        round_: RoundState,
        waiting: Sequence[Waiting],
        known: Mapping[str, Person],
        of_program: Iterable[KnownMentor],
    ) -> Pool:
        """Takes seconds of CPU for thousands of people: run it in a thread."""
        return pool_of(
            round_,
            Newest(self.kit, self.digest),
            [_learner(one, known.get(one.state.learner)) for one in waiting],
            of_program,
            self.at,
        )


def _learner(one: Waiting, person: Person | None) -> WaitingLearner:
    return WaitingLearner(one.journey, one.state, one.kit, one.declined, person.time_zone if person else None)


def _mentors(known: Sequence[mentors.Known], rests: Mapping[MentorId, datetime]) -> Iterator[KnownMentor]:
    return (KnownMentor(one.mentor, one.state, one.profile, rests.get(one.mentor)) for one in known)
