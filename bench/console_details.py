"""One thing of each kind that has a page of its own, for bench.console: a group, a proposal, a bulk action, a round."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.cohort import cohort
from domain.cohort.decide import Context
from domain.ids import (
    CohortId,
    JourneyId,
    KitDigest,
    LearnerId,
    MentorId,
    ProgramId,
    ProposalId,
    cohort_stream,
    round_id,
    round_stream,
)
from domain.proposal import PROPOSAL, MakeProposal, proposal_stream
from domain.round import ROUND
from domain.round.commands import BeginRound, RecordDraft
from domain.round.events import Certificate, Drafted, RoundDrafted
from services.bulk import Order, plan
from store.database import Pool
from store.transact import transact
from tests.projections.stories import KIT
from tests.support.groups import form, large_groups, members

_MEMBERS = 60
_PAIRS = 300
_FREE_MENTORS = 400


async def add_details(pool: Pool, now: datetime) -> Mapping[str, str]:
    """Their ids, by the names of the parameters in the addresses of their pages. The views must be up to date."""
    program = ProgramId("ready")
    await _round(pool, program, now)
    return {
        "cohort": await _group(pool, now),
        "proposal": await _proposal(pool, program, now),
        "bulk": await _bulk(pool),
        "number": "1",
    }


async def _group(pool: Pool, now: datetime) -> str:
    kit, group = large_groups("circles"), CohortId("circles.1")
    those = await members(pool, kit, _MEMBERS)
    command = form(kit, those)
    decider = cohort(Context(group, kit))
    await transact(pool, cohort_stream(group), decider, command, now - timedelta(hours=2))
    return group


async def _proposal(pool: Pool, program: ProgramId, now: datetime) -> str:
    one = ProposalId("ready-p")
    command = MakeProposal(program=program, title="Ask two questions fewer", text="The intake is long.", by="ops:ana")
    await transact(pool, proposal_stream(one), PROPOSAL, command, now)
    return one


async def _bulk(pool: Pool) -> str:
    """A plan for the journeys that have been told."""
    action = {"action": "message", "to": "learner", "subject": "Your next session", "text": "Hello {{ name }}"}
    order = Order.model_validate({"action": action, "filter": {"program": "ready", "open": True}})
    return (await plan(pool, order)).id


async def _round(pool: Pool, program: ProgramId, now: datetime) -> None:
    begin = BeginRound(program=program, number=1, cause="schedule", released_by="ops", run="bench")
    stream = round_stream(round_id(program, 1))
    for command in (begin, _draft(now)):
        await transact(pool, stream, ROUND, command, now)


def _draft(now: datetime) -> RecordDraft:
    certificate = Certificate(
        problem="0" * 64, objective=1, bound=1, pairs_priced=_PAIRS * _FREE_MENTORS, least_price=0,
        mentor_prices=(0,) * _FREE_MENTORS,
    )  # fmt: skip
    drafted = RoundDrafted(
        at=now, draft=1, kit=KitDigest(KIT.digest), pool="2" * 64, settings=0, waiting=_PAIRS, mentors=_FREE_MENTORS,
        free=_FREE_MENTORS, pairs=_PAIRS, unplaced=0, mean_points=80.0, certificate=certificate,
    )  # fmt: skip
    return RecordDraft(drafted=drafted, pairs=tuple(map(_pair, range(_PAIRS))), left=())


def _pair(number: int) -> Drafted:
    return Drafted(
        journey=JourneyId(f"ready.l-{number}"),
        learner=LearnerId(f"l-{number}"),
        mentor=MentorId(f"m-{number}"),
        points=80.0,
        reason="The mentor helps with 'CV', and is free at the same time for 4 hours a week.",
    )
