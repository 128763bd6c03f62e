"""Two rounds of matching by the kit: those whom a mentor declines, and those who found no place, are in the second."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.ids import JourneyId, KitDigest, LearnerId, MentorId, ProgramId, journey_id
from domain.kit import Kit
from domain.kit.delivery import fits
from domain.matching.learner import learner_profile
from domain.matching.match import match
from domain.matching.pool import Available, Candidate, Pool
from domain.profiles import MentorProfile
from scenarios.cncf.applicants import Applicant, Draws
from services.mentors import MentorEntry

DECLINE_CHANCE = 0.06
_FIRST_CONTACT = "first-contact"
BETWEEN_ROUNDS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Offer:
    at: datetime
    mentor: MentorId
    points: float
    declined: str | None
    """The code of the reason. None: it was accepted."""


@dataclass(frozen=True, slots=True)
class Matched:
    pools: tuple[Pool, ...]
    offers: Mapping[LearnerId, tuple[Offer, ...]]
    """In the order of the rounds. Empty for whoever found no place in either."""

    def mentor_of(self, learner: LearnerId) -> MentorId | None:
        return next((one.mentor for one in self.offers[learner] if one.declined is None), None)


def play_rounds(
    kit: Kit, applicants: Sequence[Applicant], mentors: Sequence[MentorEntry], first: datetime, seed: int
) -> Matched:
    offers: dict[LearnerId, list[Offer]] = {one.learner: [] for one in applicants}
    pools: list[Pool] = []
    for at in (first, first + BETWEEN_ROUNDS):
        # A declined place stays empty: in a play each journey has its own clock, and the decline may come later.
        taken = Counter(one.mentor for some in offers.values() for one in some)
        waiting = [one for one in applicants if all(offer.declined for offer in offers[one.learner])]
        candidates = tuple(_candidate(kit, one, offers[one.learner], at) for one in waiting)
        available = tuple(_available(kit, one, taken) for one in mentors)
        pool = Pool(
            program=ProgramId(kit.program),
            kit=KitDigest(kit.digest),
            at=at,
            candidates=candidates,
            mentors=available,
            key=f"{seed}@{at:%Y-%m-%d}",
        )
        pools.append(pool)
        for pair in match(pool, kit).pairs:
            declines = Draws(seed, pair.learner).happens(f"declined {at:%Y-%m-%d}", DECLINE_CHANCE)
            code = _FIRST_CONTACT if declines and _FIRST_CONTACT in kit.matching.declines else None
            offers[pair.learner].append(Offer(at, pair.mentor, pair.points, code))
    return Matched(tuple(pools), {learner: tuple(some) for learner, some in offers.items()})


def _candidate(kit: Kit, one: Applicant, offers: Sequence[Offer], at: datetime) -> Candidate:
    pathway = kit.route(one.answers)
    urgent = kit.matching.rounds.urgent if kit.matching.rounds else {}
    return Candidate(
        journey=JourneyId(journey_id(ProgramId(kit.program), one.learner)),
        learner=one.learner,
        profile=learner_profile(kit, one.answers, one.time_zone),
        mentor_type=pathway.mentor_type if pathway else None,
        waiting_since=at - timedelta(days=3),
        urgent=bool(urgent) and fits(urgent, one.answers),
        declined=tuple(offer.mentor for offer in offers),
    )


def _available(kit: Kit, one: MentorEntry, taken: Mapping[MentorId, int]) -> Available:
    mentor = MentorId(one.person.person_id)
    profile = MentorProfile(**one.changes.made)
    most = min(kit.capacity.learners_per_mentor, profile.places or kit.capacity.learners_per_mentor)
    free = max(most - taken.get(mentor, 0), 0)
    to_target = max(int(most * kit.capacity.target_utilization) - taken.get(mentor, 0), 0)
    return Available(
        mentor=mentor, profile=profile, learners=taken.get(mentor, 0), free=free, free_to_target=min(to_target, free)
    )
