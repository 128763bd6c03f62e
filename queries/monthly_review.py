"""The figures of a month: what changed, what it did to those who came next, and how the program stands."""

from collections.abc import Sequence
from datetime import datetime

from domain.capacity_review import CapacityReviewed
from domain.ids import ProgramId
from domain.kit import Kit
from domain.kit.monthly_review import MonthlyReview
from domain.monthly_review.document import (
    CHANGES_AT_MOST,
    DIFFERENCES_AT_MOST,
    HAPPENINGS_AT_MOST,
    CapacityThen,
    KitChange,
    KitDifference,
    ReviewDocument,
)
from domain.monthly_review.period import Period, period
from kits.diff import differences
from kits.lookup import newest
from projections.monthly_cases import cases
from queries import capacity
from queries.effects import Learners, effects, group_of
from queries.program_changes import Switch, decided, happenings, switches
from store import kits
from store.database import Pool
from store.event_log import EventLog

_EARLIER = 2
"""How many changes before the month are looked at again."""
_CAPACITY_REVIEWS = 40


async def draft(pool: Pool, program: ProgramId, month: str, at: datetime) -> ReviewDocument:
    """By the rules of the newest kit. Everything is of this moment: who began by the end of the month, and how they
    have fared until now.

    Raises NoSuchProgram, BeingRebuilt.
    """
    kit = await newest(pool, program)
    rules = kit.monthly_review or MonthlyReview()
    within = period(month, rules.zone)
    those = await decided(pool, program)
    found = [one for one in switches(those) if one.at < within.until]
    drafting = _Drafting(pool, kit, rules, min(within.until, at))
    position = await EventLog(pool).head()
    return ReviewDocument(
        program=program,
        title=kit.title,
        month=month,
        zone=rules.zone,
        since=within.since,
        until=within.until,
        drafted_at=at,
        position=position,
        version=kit.version,
        whole=at >= within.until,
        least=rules.least,
        confidence=rules.confidence,
        changes=await drafting.changes([one for one in found if one.at >= within.since][-CHANGES_AT_MOST:]),
        earlier=await drafting.changes([one for one in found if one.at < within.since and one.before][-_EARLIER:]),
        happenings=tuple(one for one in happenings(those) if _is_within(one.at, within))[:HAPPENINGS_AT_MOST],
        capacity=_capacity(await capacity.reviews(pool, program, _CAPACITY_REVIEWS), within),
        cases=await cases(pool, program, within, at),
    )


class _Drafting:
    def __init__(self, pool: Pool, kit: Kit, rules: MonthlyReview, until: datetime) -> None:
        self._pool = pool
        self._kit = kit
        self._rules = rules
        self._until = until

    async def changes(self, those: Sequence[Switch]) -> tuple[KitChange, ...]:
        return tuple([await self._change(one) for one in those])

    async def _change(self, one: Switch) -> KitChange:
        new = await kits.load(self._pool, one.now.kit)
        change = KitChange(
            at=one.at,
            before=one.before.version if one.before else None,
            after=one.now.version,
            kit_before=one.kit_before,
            kit=one.now.kit,
            by=one.by,
        )
        if one.before is None:
            return change
        found = differences(await kits.load(self._pool, one.before.kit), new)
        through = self._until - new.promise.duration
        before = await group_of(self._pool, self._learners(one.before.kit), through)
        after = await group_of(self._pool, self._learners(one.now.kit), through)
        shown = tuple(KitDifference(whom=each.whom, says=each.says[:500]) for each in found[:DIFFERENCES_AT_MOST])
        return change.model_copy(
            update={
                "differences": shown,
                "count": len(found),
                "learners_before": before.began,
                "learners_after": after.began,
                "effects": effects(before, after, self._rules.least, self._rules.confidence),
            }
        )

    def _learners(self, kit: str) -> Learners:
        return Learners(self._kit.program, kit=kit, until=self._until)


def _is_within(at: datetime, within: Period) -> bool:
    return within.since <= at < within.until


def _capacity(reviews: Sequence[CapacityReviewed], within: Period) -> CapacityThen | None:
    """The last of the month; `reviews` has the newest first."""
    found = next((one for one in reviews if _is_within(one.at, within)), None)
    if found is None:
        return None
    figures = found.figures
    return CapacityThen(
        at=found.at,
        mentors=figures.mentors,
        places=figures.places,
        taken=figures.taken,
        utilization=figures.utilization,
        over_limit=found.mentors_over_limit,
        under_used=found.mentors_under_used,
        waiting=figures.wait.learners,
        longest_wait_days=figures.wait.longest_days,
    )
