"""The figures of a month: what changed, what it did to those who came next, and how the program stands."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime

from domain.capacity_review import CapacityReviewed
from domain.ids import ProgramId
from domain.kit import Kit
from domain.kit.monthly_review import MonthlyReview
from domain.monthly_review import require_under_way
from domain.monthly_review.document import (
    CHANGES_AT_MOST,
    DIFFERENCES_AT_MOST,
    HAPPENINGS_AT_MOST,
    PROPOSALS_AT_MOST,
    CapacityThen,
    Figure,
    Found,
    Happening,
    KitChange,
    KitDifference,
    ProposalBehind,
    QualityThen,
    ReviewDocument,
    SurveyAnswered,
)
from domain.monthly_review.period import Period, month_before, month_of, period
from kits.diff import differences
from kits.lookup import newest
from projections.beginnings import began_at
from projections.monthly_cases import cases
from projections.views import survey_requests
from projections.views.findings import raised_between
from projections.views.pilots import PilotRow, pilots
from projections.views.proposals import Cursor, ProposalRow, proposals
from projections.views.qa_samples import rounds_between
from projections.views.survey_requests import ResponseRate
from queries import capacity
from queries.effects import Group, effects, estimate, group_of
from queries.measures.figures import Selection, figures
from queries.program_changes import Switch, decided, happenings, switches
from store import kits
from store.database import Pool
from store.event_log import EventLog

_EARLIER = 2
"""How many changes before the month are looked at again."""
_CAPACITY_REVIEWS = 40
_PAGE = 500
_VERSIONS = 1_000


async def draft(pool: Pool, program: ProgramId, month: str, at: datetime) -> ReviewDocument:
    """By the rules of the newest kit. Everything is of this moment: who began by the end of the month, and how they
    have fared until now.

    Raises NoSuchProgram, BeingRebuilt; Rejected for a month before the program began.
    """
    kit = await newest(pool, program)
    rules = kit.monthly_review or MonthlyReview()
    require_under_way(month, month_of(await began_at(pool, program), rules.zone), program)
    within = period(month, rules.zone)
    those = await decided(pool, program)
    published = await kits.versions(pool, program, _VERSIONS)
    found = [one for one in switches(those, published) if one.at < within.until]
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
        proposals=await drafting.proposals(within),
        figures=await drafting.figures(within),
        happenings=_in_time([*happenings(those), *_of_pilots(await pilots(pool, program))], within),
        capacity=_capacity(await capacity.reviews(pool, program, _CAPACITY_REVIEWS), within),
        surveys=_surveys(await survey_requests.response_rates(pool, program, within.since, within.until)),
        quality=await _quality(pool, program, within),
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
        before = await self._group(one.before.kit, through)
        after = await self._group(one.now.kit, through)
        shown = tuple(KitDifference(whom=each.whom, says=each.says[:500]) for each in found[:DIFFERENCES_AT_MOST])
        return change.model_copy(
            update={
                "differences": shown,
                "count": len(found),
                "proposals": await self._behind(one.now.kit),
                "learners_before": before.began,
                "learners_after": after.began,
                "effects": effects(before, after, self._rules.least, self._rules.confidence),
            }
        )

    async def _behind(self, kit: str) -> tuple[ProposalBehind, ...]:
        return tuple(_behind(one) for one in await proposals(self._pool, programs=[self._kit.program], kit=kit))

    async def _group(self, kit: str, through: datetime) -> Group:
        whom = Selection(kit=kit, began_until=self._until)
        return await group_of(self._pool, self._kit.program_id, whom, through, self._until)

    async def figures(self, within: Period) -> tuple[Figure, ...]:
        """Every measure of which there is anything, in the month and in the one before."""
        before = period(month_before(month_of(within.since, self._rules.zone)), self._rules.zone)
        now, then = [
            (await figures(self._pool, self._kit.program, selection=Selection(*one), as_of=self._until)).whole
            for one in (within, before)
        ]
        found = [(now[name], then[name]) for name in now if now[name].n or then[name].n]
        return tuple(
            Figure(
                measure=one.measure.id,
                title=one.measure.title,
                kind=one.measure.kind,
                unit=one.measure.unit,
                month=estimate(one.sample, self._rules.confidence),
                before=estimate(other.sample, self._rules.confidence),
            )
            for one, other in found
        )

    async def proposals(self, within: Period) -> tuple[ProposalBehind, ...]:
        """Those that were made, decided, tried or ended in the month."""
        return tuple(
            _behind(one)
            for one in await _all_proposals(self._pool, self._kit.program)
            if any(at and _is_within(at, within) for at in (one.made_at, one.decided_at, one.tried_at, one.ended_at))
        )[:PROPOSALS_AT_MOST]


async def _all_proposals(pool: Pool, program: str) -> list[ProposalRow]:
    found = page = await proposals(pool, programs=[program], limit=_PAGE)
    while len(page) == _PAGE:
        page = await proposals(pool, programs=[program], after=Cursor(page[-1].made_at, page[-1].id), limit=_PAGE)
        found = [*found, *page]
    return found


def _behind(one: ProposalRow) -> ProposalBehind:
    return ProposalBehind(id=one.id, title=one.title, status=one.status)


def _of_pilots(those: Sequence[PilotRow]) -> Iterator[Happening]:
    for one in those:
        broken = " More than one thing changes in it" if one.broken else ""
        yield Happening(at=one.begun_at, what=f"Pilot {one.pilot} begun: {one.change}{broken and '.'}{broken}")
        if one.ended_at:
            yield Happening(at=one.ended_at, what=f"Pilot {one.pilot} ended: {one.verdict}")


def _in_time(those: Sequence[Happening], within: Period) -> tuple[Happening, ...]:
    found = sorted((one for one in those if _is_within(one.at, within)), key=lambda one: one.at)
    return tuple(found[:HAPPENINGS_AT_MOST])


def _is_within(at: datetime, within: Period) -> bool:
    return within.since <= at < within.until


def _surveys(rates: Sequence[ResponseRate]) -> tuple[SurveyAnswered, ...]:
    """Of all versions of the kit together."""
    found: dict[tuple[str, str], list[ResponseRate]] = {}
    for one in rates:
        found.setdefault((one.survey, one.role), []).append(one)
    return tuple(
        SurveyAnswered(
            survey=survey,
            role=role,
            asked=sum(one.asked for one in those),
            answered=sum(one.answered for one in those),
            open=sum(one.open for one in those),
        )
        for (survey, role), those in found.items()
    )


async def _quality(pool: Pool, program: ProgramId, within: Period) -> QualityThen:
    rounds = await rounds_between(pool, program, *within)
    found = await raised_between(pool, program, *within)
    return QualityThen(**asdict(rounds), found=tuple(Found(**asdict(one)) for one in found))


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
