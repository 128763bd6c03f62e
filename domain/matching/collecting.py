"""The pool of a round, of who waits and which mentors there are, and what a round sends to its pairs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from domain.ids import JourneyId, KitDigest, MentorId, RoundId
from domain.journey import JourneyState
from domain.journey.commands import ApproveMatch, OfferMatch
from domain.journey.refusing import Code
from domain.kit import Kit
from domain.matching.pool import Available, Pair, Pool
from domain.matching.pooling import Plan, available, candidate, plans
from domain.mentor import MentorState
from domain.profiles import MentorProfile
from domain.round import RoundState
from domain.round.events import Drafted

MOST_FULL: Final = 2_000
"""With so many mentors in a pool, those without a free place are left out of it."""


class WaitingLearner(NamedTuple):
    """A journey that waits for a mentor."""

    journey: JourneyId
    state: JourneyState
    kit: Kit
    """The one that it follows."""
    declined: Sequence[MentorId]
    """Whose offers were declined or lapsed, and who have left."""
    time_zone: str | None


class KnownMentor(NamedTuple):
    mentor: MentorId
    state: MentorState
    profile: MentorProfile
    """Completed by what is kept beside the stream."""
    rests_until: datetime | None


class Newest(NamedTuple):
    """The version of the kit by which a round is made."""

    kit: Kit
    digest: KitDigest


def pool_of(
    round_: RoundState, newest: Newest, waiting: Sequence[WaitingLearner], mentors: Iterable[KnownMentor], at: datetime
) -> Pool:
    """Takes seconds of CPU for thousands of people."""
    kit = newest.kit
    return Pool(
        program=round_.program,
        kit=newest.digest,
        at=at,
        candidates=tuple(
            candidate(kit, one.kit, one.journey, one.state, declined=one.declined, time_zone=one.time_zone)
            for one in waiting
        ),
        mentors=tuple(_of_use([*_available(kit, mentors, plans([(one.kit, one.state) for one in waiting], at), at)])),
        pinned=tuple(Pair(learner=learner, mentor=mentor) for learner, mentor in round_.pinned.items()),
        forbidden=tuple(Pair(learner=one.learner, mentor=one.mentor) for one in sorted(round_.forbidden)),
        key=round_.id[-120:],
    )


def _available(kit: Kit, mentors: Iterable[KnownMentor], asked: Sequence[Plan], at: datetime) -> Iterator[Available]:
    for one in mentors:
        if one.state.belongs_to(kit.program_id):
            yield available(kit, one.mentor, one.state, one.profile, asked, rests_until=one.rests_until, at=at)


def _of_use(found: Sequence[Available]) -> Iterator[Available]:
    """All with a free place. The others show why nobody was found, which needs no more than `MOST_FULL` in all."""
    full = MOST_FULL - sum(one.free > 0 for one in found)
    for one in found:
        full -= one.free == 0
        if one.free or full >= 0:
            yield one


# What is sent


TRIED_OTHERWISE: Final = frozenset({Code.OFFER_NOT_POSSIBLE, Code.OFFER_REQUIRED})
"""A journey that refuses with one of these follows a kit that wants the other command."""


def ways(kit: Kit) -> tuple[type[OfferMatch | ApproveMatch], type[OfferMatch | ApproveMatch]]:
    """A match is offered where the kit asks somebody, and made otherwise; and the other way."""
    return (OfferMatch, ApproveMatch) if kit.matching.asks else (ApproveMatch, OfferMatch)


def proposal(way: type[OfferMatch | ApproveMatch], pair: Drafted, round_: RoundId) -> OfferMatch | ApproveMatch:
    return way(mentor=pair.mentor, reason=pair.reason, round=round_, by="system")
