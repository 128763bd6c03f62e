"""Rounds of matching in a rehearsal: the same pool, the same optimum, the same ledger as in a real round."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nsmallest

from domain.ids import JourneyId, MentorId, journey_stream
from domain.kit import Kit
from domain.matching.matched import Matched
from domain.matching.pool import Available, Pool
from domain.matching.pooling import MOST_LEARNERS, Plan, available
from domain.mentor.ledger import ReservePlace
from domain.refusal import Rejected
from domain.values import changed
from rehearsal.player.mentors import PlayedMentors
from rehearsal.player.rehearsed import Follows, NewestPlan, Waits
from rehearsal.player.share import News, Proposal

Asked = Callable[[Collection[JourneyId]], Mapping[JourneyId, ReservePlace]]
"""What journeys that wait ask of a mentor who is proposed to them now."""


@dataclass(slots=True)
class Matchmaker:
    """Finds mentors, one round after another."""

    kit: Kit
    mentors: PlayedMentors
    asked: Asked
    waiting: dict[JourneyId, Waits] = field(default_factory=dict)
    rests: dict[MentorId, datetime] = field(default_factory=dict)
    """Who is left in peace after a declined offer, and until when."""
    rounds: int = 0

    def _rest(self, mentor: MentorId, until: datetime) -> None:
        self.rests[mentor] = max(until, self.rests.get(mentor, until))

    def hear(self, news: Sequence[News]) -> None:
        """Who waits, and who no longer does."""
        for share in news:
            self.waiting.update({one.candidate.journey: one for one in share.waiting})
            for journey in share.settled:
                self.waiting.pop(journey, None)
            for mentor, until in share.rests:
                self._rest(mentor, until)

    def match(self, news: Sequence[News], at: datetime, *, everybody: bool) -> list[Proposal]:
        """The pairs of the best assignment for which there is a place, by journey. Their places are reserved.
        `everybody`: not only those for whom the kit begins a round at once."""
        wanted = self._wanted(everybody=everybody)
        if not wanted:
            return []
        self.rounds += 1
        plans = _distinct(news)
        there = [one for one in (self._available(mentor, plans, at) for mentor in self.mentors.all) if one.free]
        if not there:
            return []
        found = Matched(self._pool(wanted.values(), there, at), self.kit)
        pairs = [
            Proposal(one.journey, found.roster.mentors[column].mentor)
            for row, one in enumerate(found.roster.candidates)
            if (column := found.mentor_of(row)) is not None
        ]
        return self._reserved(pairs, wanted, at)

    def _reserved(self, pairs: Sequence[Proposal], wanted: Mapping[JourneyId, Waits], at: datetime) -> list[Proposal]:
        """Those for which the mentor has a place. One of all who are alike is asked what they ask for."""
        examples = {wanted[one.journey].alike: one.journey for one in pairs}
        asked = self.asked(examples.values()) if examples else {}
        return [
            one
            for one in pairs
            if self._reserve(one.mentor, wanted[one.journey], asked[examples[wanted[one.journey].alike]], at)
        ]

    def _wanted(self, *, everybody: bool) -> Mapping[JourneyId, Waits]:
        those = [one for one in self.waiting.values() if everybody or one.candidate.urgent]
        if len(those) > MOST_LEARNERS:
            those = nsmallest(
                MOST_LEARNERS, those, key=lambda one: (one.candidate.waiting_since, one.candidate.journey)
            )
        return {one.candidate.journey: one for one in those}

    def _pool(self, waiting: Iterable[Waits], there: Iterable[Available], at: datetime) -> Pool:
        return Pool(
            program=self.kit.program_id,
            kit=self.kit.digest,
            at=at,
            candidates=tuple(one.candidate for one in waiting),
            mentors=tuple(there),
            key=f"{self.kit.program}-{self.rounds}"[-120:],
        )

    def _available(self, mentor: MentorId, plans: Sequence[Plan], at: datetime) -> Available:
        state, resting = self.mentors.state(mentor), self.rests.get(mentor)
        rests_until = resting if resting and resting > at else None
        profile = self.mentors.profile(mentor)
        return available(self.kit, mentor, state, profile, plans, rests_until=rests_until, at=at)

    def _reserve(self, mentor: MentorId, waits: Waits, asked: ReservePlace, at: datetime) -> bool:
        wanted = waits.candidate
        own = {
            "mentor": mentor,
            "holder": journey_stream(wanted.journey),
            "as_of": waits.as_of,
            "urgent": wanted.urgent,
        }
        try:
            self.mentors.carry_out(mentor, changed(asked, own), at)
        except Rejected:
            return False
        return True


def _distinct(news: Iterable[News]) -> list[Plan]:
    """One for each pathway, that of the last who waits there, as in a real round."""
    newest: dict[Follows, NewestPlan] = {}
    for follows, one in (pair for share in news for pair in share.plans.items()):
        if follows not in newest or newest[follows].journey < one.journey:
            newest[follows] = one
    plans = {(one.plan.mentor_type, one.plan.demand.model_dump_json()): one.plan for one in newest.values() if one.plan}
    return [plans[name] for name in sorted(plans)]
