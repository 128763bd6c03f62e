"""The pool of a round: who waits, and which mentors there are, as the log has them at this moment."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from domain.ids import KitDigest, MentorId
from domain.journey.plan import ahead
from domain.kit import Kit
from domain.matching.learner import learner_profile
from domain.matching.pool import Available, Candidate, Pair, Pool
from domain.mentor import EVENTS as EVENTS_OF_MENTORS
from domain.mentor import MentorEvent, MentorState, mentor_stream
from domain.mentor import fold as fold_mentor
from domain.mentor.demand import Demand, demand_of
from domain.mentor.limits import Room, Wanted, room_for
from domain.profiles import MentorProfile
from domain.round import RoundState
from projections.views import board
from projections.views.resting import resting
from store import database, people
from store.codec import Codec
from store.database import query
from store.event_log import EventLog, RecordedEvent
from store.people import Person
from store.waiting import Progress, Waiting, waiting_among

MOST_LEARNERS = 10_000
"""The most in one round, those who have waited longest. The others are in the next one."""
MOST_MENTORS = 2_000
_MENTORS: Codec[MentorEvent] = Codec(EVENTS_OF_MENTORS)


class Plan(NamedTuple):
    """What learners of a pathway ask of their mentor from now on."""

    mentor_type: str
    demand: Demand


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
            mentors=tuple(self._mentors(mentors, _plans(waiting, self.at))),
            pinned=tuple(Pair(learner=learner, mentor=mentor) for learner, mentor in round_.pinned.items()),
            forbidden=tuple(Pair(learner=one.learner, mentor=one.mentor) for one in sorted(round_.forbidden)),
            key=round_.id[-120:],
        )

    def _mentors(self, known: Iterable["_KnownMentor"], plans: Sequence[Plan]) -> Iterator[Available]:
        for one in known:
            state = fold_mentor(_MENTORS.decode_known(one.recorded))
            if state.belongs_to(self.kit.program_id):
                yield self._available(one, state, plans)

    def _available(self, one: "_KnownMentor", state: MentorState, plans: Sequence[Plan]) -> Available:
        kit = self.kit
        profile = people.profile_of(state.profile, one.person)
        room = self._room(one.mentor, state, profile, plans)
        return Available(
            mentor=one.mentor,
            profile=profile,
            learners=sum(place.places for place in state.places.values()),
            free=room.free,
            free_to_target=room.free_to_target,
            trained={(kit.program_id, step) for step in kit.mentor_kit.training} <= state.acknowledged,
            rests_until=one.rests_until,
            leave=tuple(leave for leave in state.leave if leave.ends_at > self.at),
        )

    def _room(self, mentor: MentorId, state: MentorState, profile: MentorProfile, plans: Sequence[Plan]) -> Room:
        """For learners of the pathway that asks most, of those that want this kind of mentor: so hardly any pair is
        proposed that is then refused for want of minutes. A pathway for which there is no room at all does not count,
        or nobody of the others would be proposed either."""
        suiting = [one for one in plans if one.mentor_type == profile.mentor_type] or plans or [Plan("", Demand())]
        rooms = [
            room_for(Wanted(mentor, self.kit.program_id, 1, one.demand), state.places, self.kit.capacity, profile)
            for one in suiting
        ]
        return min((one for one in rooms if one.free), default=rooms[0])


# Learners


def _candidate(one: Waiting, kit: Kit, person: Person | None) -> Candidate:
    """By the newest kit, whichever the journey follows: one round has one policy. The kind of mentor is that of the
    pathway that the journey follows."""
    state = one.state
    assert state.wait, "whoever waits has something to wait for"
    pathway = one.kit.pathway(state.pathway) if state.pathway else None
    return Candidate(
        journey=one.journey,
        learner=state.learner,
        profile=learner_profile(kit, state.answers or {}, person.time_zone if person else None),
        mentor_type=pathway.mentor_type if pathway else None,
        waiting_since=state.wait.since,
        urgent=one.is_urgent,
        declined=one.declined,
    )


def _plans(waiting: Iterable[Waiting], at: datetime) -> list[Plan]:
    """One for each pathway that somebody who waits follows."""
    examples = {(one.state.kit, one.state.pathway): one for one in waiting}
    plans = ((one, ahead(one.kit, one.state, at)) for one in examples.values())
    return [Plan(plan.pathway.mentor_type, demand_of(one.kit, *plan)) for one, plan in plans if plan]


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
