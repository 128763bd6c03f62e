"""Rounds of matching in a rehearsal: the same pool, the same optimum, the same ledger as in a real round."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.ids import MentorId
from domain.kit import Kit
from domain.matching.matched import Matched
from domain.matching.pool import Available, Pool
from domain.matching.pooling import Plan, available
from domain.refusal import Rejected
from domain.values import changed
from rehearsal.player.mentors import PlayedMentors
from rehearsal.player.share import Proposal, Waits


@dataclass(slots=True)
class Matchmaker:
    """Finds mentors, one round after another."""

    kit: Kit
    mentors: PlayedMentors
    rests: dict[MentorId, datetime] = field(default_factory=dict)
    """Who is left in peace after a declined offer, and until when."""
    rounds: int = 0

    def rest(self, mentor: MentorId, until: datetime) -> None:
        self.rests[mentor] = max(until, self.rests.get(mentor, until))

    def match(self, waiting: Iterable[Waits], plans: Sequence[Plan], at: datetime) -> list[Proposal]:
        """The pairs of the best assignment for which there is a place, by journey. Their places are reserved."""
        self.rounds += 1
        wanted = {one.candidate.journey: one for one in waiting}
        there = [one for one in (self._available(mentor, plans, at) for mentor in self.mentors.all) if one.free]
        if not wanted or not there:
            return []
        found = Matched(self._pool(wanted.values(), there, at), self.kit)
        made = []
        for row, one in enumerate(found.roster.candidates):
            column = found.mentor_of(row)
            if column is not None:
                mentor = found.roster.mentors[column].mentor
                if self._reserve(mentor, wanted[one.journey], at):
                    made.append(Proposal(one.journey, mentor))
        return made

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

    def _reserve(self, mentor: MentorId, waits: Waits, at: datetime) -> bool:
        try:
            self.mentors.carry_out(mentor, changed(waits.reservation, {"mentor": mentor}), at)
        except Rejected:
            return False
        return True
