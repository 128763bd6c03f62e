"""Rounds of matching in a rehearsal: the same pool, the same optimum, the same ledger as in a real round."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nsmallest

from domain.ids import JourneyId, KitDigest, MentorId, journey_stream
from domain.kit import Kit
from domain.matching.matched import Matched
from domain.matching.pool import Available, Pool
from domain.matching.pooling import MOST_LEARNERS, Plan, available
from domain.mentor.ledger import ReservePlace
from domain.refusal import Rejected
from domain.values import changed
from rehearsal.player.mentors import PlayedMentors
from rehearsal.player.rehearsed import Alike, Asked, Waits
from rehearsal.player.share import News, Proposal


@dataclass(slots=True)
class Matchmaker:
    """Finds mentors, one round after another."""

    kit: Kit
    mentors: PlayedMentors
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
        asked = _latest(news)
        plans = _distinct(asked)
        there = [one for one in (self._available(mentor, plans, at) for mentor in self.mentors.all) if one.free]
        if not there:
            return []
        found = Matched(self._pool(wanted.values(), there, at), self.kit)
        made = []
        for row, one in enumerate(found.roster.candidates):
            column = found.mentor_of(row)
            if column is not None:
                mentor, waits = found.roster.mentors[column].mentor, wanted[one.journey]
                if self._reserve(mentor, waits, asked[waits.alike].reservation, at):
                    made.append(Proposal(one.journey, mentor))
        return made

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


def _latest(news: Iterable[News]) -> dict[Alike, Asked]:
    """The same, whichever shares those who are alike are in."""
    found: dict[Alike, Asked] = {}
    for alike, asked in (pair for share in news for pair in share.asked.items()):
        if alike not in found or found[alike].latest < asked.latest:
            found[alike] = asked
    return found


def _distinct(asked: Mapping[Alike, Asked]) -> list[Plan]:
    """One for each pathway, that of the last who waits there, as in a real round."""
    by_pathway: dict[tuple[KitDigest, str | None], Asked] = {}
    for (kit, pathway, _), one in asked.items():
        if (kit, pathway) not in by_pathway or by_pathway[kit, pathway].latest < one.latest:
            by_pathway[kit, pathway] = one
    plans = {
        (one.plan.mentor_type, one.plan.demand.model_dump_json()): one.plan for one in by_pathway.values() if one.plan
    }
    return [plans[name] for name in sorted(plans)]
