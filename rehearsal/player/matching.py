"""Rounds of matching in a rehearsal: the same pool, the same optimum, the same ledger as in a real round."""

from collections.abc import Iterable, Mapping, Sequence
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


def proposals(
    kit: Kit,
    number: int,
    waiting: Iterable[Waits],
    plans: Sequence[Plan],
    mentors: PlayedMentors,
    rests: Mapping[MentorId, datetime],
    at: datetime,
) -> list[Proposal]:
    """Those of the best assignment for which there is a place, by journey. The places are reserved."""
    wanted = {one.candidate.journey: one for one in waiting}
    there = [_available(kit, one, mentors, plans, rests, at) for one in mentors.all] if wanted else []
    there = [one for one in there if one.free]
    if not there:
        return []
    pool = Pool(
        program=kit.program_id,
        kit=kit.digest,
        at=at,
        candidates=tuple(one.candidate for one in wanted.values()),
        mentors=tuple(there),
        key=f"{kit.program}-{number}"[-120:],
    )
    found = Matched(pool, kit)
    made = []
    for row, one in enumerate(found.roster.candidates):
        column = found.mentor_of(row)
        if column is not None:
            mentor = found.roster.mentors[column].mentor
            if _reserve(mentors, mentor, wanted[one.journey], at):
                made.append(Proposal(one.journey, mentor))
    return made


def _available(
    kit: Kit,
    mentor: MentorId,
    mentors: PlayedMentors,
    plans: Sequence[Plan],
    rests: Mapping[MentorId, datetime],
    at: datetime,
) -> Available:
    resting = rests.get(mentor)
    return available(
        kit,
        mentor,
        mentors.state(mentor),
        mentors.profile(mentor),
        plans,
        rests_until=resting if resting and resting > at else None,
        at=at,
    )


def _reserve(mentors: PlayedMentors, mentor: MentorId, waits: Waits, at: datetime) -> bool:
    try:
        mentors.carry_out(mentor, changed(waits.reservation, {"mentor": mentor}), at)
    except Rejected:
        return False
    return True
