"""Who is in a pool: learners who wait, and mentors with what they can still take."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from domain.ids import JourneyId, MentorId
from domain.journey import JourneyState
from domain.journey.events import MentorReleased, OfferDeclined, OfferExpired
from domain.journey.plan import ahead
from domain.kit import Kit
from domain.matching.learner import learner_profile
from domain.matching.pool import Available, Candidate
from domain.mentor import MentorState
from domain.mentor.demand import Demand, demand_of
from domain.mentor.limits import Room, Wanted, load_of, room_for
from domain.profiles import MentorProfile

MOST_LEARNERS: Final = 10_000
"""The most in one round, those who have waited longest. The others are in the next one."""
ENDED_OFFERS: Final = (OfferDeclined, OfferExpired, MentorReleased)
"""After one of these events the learner is not proposed to its mentor again."""


class Plan(NamedTuple):
    """What learners of a pathway ask of their mentor from now on."""

    mentor_type: str
    demand: Demand


def is_unmatched(state: JourneyState) -> bool:
    """Whether a mentor is to be found for the learner, and nobody has been proposed."""
    awaits = state.wait is not None and state.wait.duty == "match"
    return awaits and not (state.mentor or state.offer or state.pause or state.closing)


def candidate(
    newest: Kit,
    kit: Kit,
    journey: JourneyId,
    state: JourneyState,
    *,
    declined: Iterable[MentorId],
    time_zone: str | None,
) -> Candidate:
    """By the newest kit, whichever the journey follows: one round has one policy. The kind of mentor is that of the
    pathway that the journey follows, by its own `kit`."""
    assert state.wait, "whoever waits has something to wait for"
    pathway = kit.pathway(state.pathway) if state.pathway else None
    return Candidate(
        journey=journey,
        learner=state.learner,
        profile=learner_profile(newest, state.answers or {}, time_zone),
        mentor_type=pathway.mentor_type if pathway else None,
        waiting_since=state.wait.since,
        urgent=kit.is_urgent(state.answers),
        declined=tuple(declined),
    )


def plans(waiting: Iterable[tuple[Kit, JourneyState]], at: datetime) -> list[Plan]:
    """One for each pathway that somebody who waits follows."""
    examples = {(state.kit, state.pathway): (kit, state) for kit, state in waiting}
    found = ((kit, ahead(kit, state, at)) for kit, state in examples.values())
    return [Plan(plan.pathway.mentor_type, demand_of(kit, *plan)) for kit, plan in found if plan]


def available(
    kit: Kit,
    mentor: MentorId,
    state: MentorState,
    profile: MentorProfile,
    plans: Sequence[Plan],
    *,
    rests_until: datetime | None,
    at: datetime,
) -> Available:
    """`profile`: the mentor's, completed by what is known beside the stream."""
    room = _room(kit, mentor, state, profile, plans)
    return Available(
        mentor=mentor,
        profile=profile,
        learners=sum(place.places for place in state.places.values()),
        free=room.free,
        free_to_target=room.free_to_target,
        trained={(kit.program_id, step) for step in kit.mentor_kit.training} <= state.acknowledged,
        rests_until=rests_until,
        leave=tuple(leave for leave in state.leave if leave.ends_at > at),
    )


def _room(kit: Kit, mentor: MentorId, state: MentorState, profile: MentorProfile, plans: Sequence[Plan]) -> Room:
    """For learners of the pathway that asks most, of those that want this kind of mentor: so hardly any pair is
    proposed that is then refused for want of minutes. A pathway for which there is no room at all does not count, or
    nobody of the others would be proposed either."""
    suiting = [one for one in plans if one.mentor_type == profile.mentor_type] or plans or [Plan("", Demand())]
    load = load_of(state.places)
    rooms = [room_for(Wanted(mentor, kit.program_id, 1, one.demand), load, kit.capacity, profile) for one in suiting]
    return min((one for one in rooms if one.free), default=rooms[0])
