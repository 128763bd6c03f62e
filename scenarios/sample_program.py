"""What the sample has beside its journeys: mentors who are trained, a group that has met, and a round of matching.

All of it is done once: what people have changed since stays changed.
"""

from datetime import datetime, timedelta

from temporalio.client import Client

from client.rounds import RoundClient
from domain.cohort.commands import FormCohort, RecordAttendance
from domain.cohort.events import CameOtherwise, Entrant, PlannedSession
from domain.ids import (
    CohortId,
    KitDigest,
    LearnerId,
    MentorId,
    PathwayId,
    ProgramId,
    SessionId,
    cohort_stream,
    journey_id,
)
from domain.kit import Kit
from domain.refusal import Rejected
from projections.views.rounds import rounds
from services import cohorts, training
from services.training import Acknowledge
from store.database import Pool
from store.event_log import EventLog
from workflows.contract import BeginMatching

TRAINED = ("m-1", "m-2", "m-3", "m-4")
"""The others cannot be matched in a round yet, which its explanations say."""
LED_BY = MentorId("m-3")
MEMBERS = (LearnerId("l-02"), LearnerId("l-03"), LearnerId("l-07"))
ABSENT = LearnerId("l-07")
_PATHWAY = PathwayId("steady")
_MET_BEFORE = timedelta(hours=2)
"""Its first session was over just now, and the group was formed a little earlier."""


async def train(pool: Pool, kit: Kit, at: datetime) -> None:
    """Before anybody waits for a mentor: a round begins by itself for whoever is urgent."""
    for mentor in TRAINED:
        for step in kit.mentor_kit.training:
            await training.acknowledge(
                pool, Acknowledge(mentor=MentorId(mentor), program=kit.program_id, step=step), at
            )


async def form_group(pool: Pool, temporal: Client, kit: Kit, at: datetime) -> bool:
    """Returns False when there is one already."""
    group = CohortId(f"{kit.program}.1")
    if await EventLog(pool).version(cohort_stream(group)):
        return False
    program, first = ProgramId(kit.program), at - _MET_BEFORE
    pathway = kit.pathway(_PATHWAY)
    assert pathway, "a test loads the sample"
    together = [one for one in pathway.sessions if one.mode == "cohort"]
    formed = FormCohort(
        by="system",
        program=program,
        kit=KitDigest(kit.digest),
        pathway=_PATHWAY,
        number=1,
        mentors=(LED_BY,),
        sessions=tuple(
            PlannedSession(session=SessionId(one.id), starts_at=first + (one.after - together[0].after))
            for one in together
        ),
        members=tuple(Entrant(learner=one, journey=journey_id(program, one)) for one in MEMBERS),
    )
    await cohorts.handle(pool, temporal, group, formed, first)
    came = RecordAttendance(
        by=f"mentor:{LED_BY}",
        session=SessionId(together[0].id),
        notes="Each has four stories, and has told one of them aloud.",
        exceptions=(CameOtherwise(learner=ABSENT, attendance="missed_by_learner"),),
    )
    await cohorts.handle(pool, temporal, group, came, at)
    return True


async def begin_round(pool: Pool, temporal: Client, program: ProgramId) -> bool:
    """Returns False when there has been one, or one is open. Its draft is made a moment later."""
    if await rounds(pool, program, limit=1):
        return False
    try:
        return await RoundClient(temporal).start(BeginMatching(program=program, cause="demand"))
    except Rejected:
        return False
