"""What the sample has to show of quality: what people wrote and answered, reviews, findings, a proposal.

All of it is done once, the proposal last: what people have changed since stays changed.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from temporalio.client import Client

from client.journeys import JourneyClient, Refused
from domain import journey
from domain.ids import KitDigest, LearnerId, ProgramId, SessionId, journey_id, journey_stream, proposal_id, round_id
from domain.kit import Kit
from domain.proposal import Evidence, MakeProposal, proposal_stream
from domain.quality import reviews as r
from domain.quality import scores as s
from domain.quality.sampling import RULE, sample
from domain.survey import RESPONDENT, Answer, respondent_stream, surveys_after
from projections.journeys import JOURNEY_CODEC
from projections.views.qa_samples import candidates
from scenarios.patience import patiently
from services import findings, monthly_reviews, proposals, quality
from services.findings import NobodyLooks
from services.quality import Review, Score
from store.database import Pool
from store.event_log import EventLog
from store.transact import given, transact

_BY = "ops:sample"
_WELCOME = SessionId("welcome")
_WRITTEN: Mapping[LearnerId, tuple[str, str, str]] = {
    LearnerId("l-01"): (
        "mentor:m-1",
        "Amara names one role and two employers.",
        "Send the three ads, each with one line on why",
    ),
    LearnerId("l-04"): ("mentor:m-2", "We talked about the job, in general.", "Work on your CV"),
    LearnerId("l-05"): (
        "mentor:m-1",
        "Elif wants to talk about research first.",
        "Write down two studies that you ran, ten lines each",
    ),
}
"""Who wrote what after the first session: a summary, and the next step. One of the steps names nothing to look at."""
_ANSWERED: Mapping[LearnerId, Mapping[str, str | float | bool]] = {
    LearnerId("l-01"): {"why": True, "next": True},
    LearnerId("l-02"): {"why": True, "next": False, "question": "When do we meet the first time?"},
    LearnerId("l-03"): {"why": False, "next": True, "question": "Why not somebody who had a break, too?"},
    LearnerId("l-05"): {"why": True, "next": True},
    LearnerId("l-06"): {"why": True, "next": False},
}
"""What learners answered to the survey after the match. The others have not answered yet."""
_ELSE: Mapping[str, Mapping[str, str | float | bool]] = {"after-milestone": {"act": True, "in_time": True}}
"""To other surveys."""
_SCORED: Mapping[LearnerId, tuple[str, s.Given]] = {
    LearnerId("l-01"): (
        "mentor:m-1",
        s.Given(questions={"problem": "yes", "next-step": "yes"}, dimensions={"clarity": 4}),
    ),
    LearnerId("l-04"): (
        _BY,
        s.Given(questions={"problem": "partly", "next-step": "no"}, dimensions={"clarity": 2, "accountability": 1}),
    ),
}
"""Sessions that somebody has scored outside of a round."""
_OPINION = s.Given(
    questions={"problem": "yes", "goal": "partly", "next-step": "yes"},
    dimensions={"relevance": 4, "clarity": 4, "specificity": 3},
    notes="The step has an owner and a date. What stands in the way is not named yet.",
    minutes=12,
)


async def write_down(
    pool: Pool, temporal: Client, kit: Kit, at: datetime, tell: Callable[[str], None] = lambda _: None
) -> bool:
    """Once the views have the journeys: what people write, answer and score. Returns False when it was done before."""
    program = kit.program_id
    if await _is_done(pool, program):
        return False
    journeys = JourneyClient(temporal)
    for learner, (mentor, summary, step) in _WRITTEN.items():
        due_at = (at + timedelta(days=3)).isoformat()
        steps = [{"text": step, "owner": "learner", "due_at": due_at}]
        follow_up = {"by": mentor, "session": _WELCOME, "summary": summary, "next_steps": steps}
        send = partial(journeys.send, journey_id(program, learner), "send_follow_up", follow_up)
        with suppress(Refused):
            await patiently(partial(send, command_id=f"sample:follow-up:{_WELCOME}"), tell)
    for learner in (LearnerId("l-04"), *_ANSWERED):
        await _ask(pool, kit, learner, at)
    for learner, (by, opinion) in _SCORED.items():
        await quality.score(pool, Score(journey_id(program, learner), _WELCOME, opinion, by), at)
    await _review(pool, temporal, kit, at)
    return True


async def look_back(
    pool: Pool, temporal: Client, kit: Kit, at: datetime, tell: Callable[[str], None] = lambda _: None
) -> bool:
    """Once the views have that as well: what detectors find, the review of the month, and a proposal."""
    program = kit.program_id
    if await _is_done(pool, program):
        return False
    await patiently(partial(findings.look, temporal, program), tell, unanswered=NobodyLooks)
    await monthly_reviews.draft_now(pool, program, await monthly_reviews.latest_month(pool, program, at), _BY)
    await proposals.make(pool, _proposal(program), at)
    return True


async def _is_done(pool: Pool, program: ProgramId) -> bool:
    return bool(await EventLog(pool).version(proposal_stream(proposal_id(program, 1))))


async def _ask(pool: Pool, kit: Kit, learner: LearnerId, at: datetime) -> None:
    """After the match, at once rather than a day later."""
    of = journey_id(kit.program_id, learner)
    recorded = await EventLog(pool).read_stream(journey_stream(of))
    events = JOURNEY_CODEC.decode_known(recorded)
    for version, event in enumerate(events, start=1):
        state = journey.fold(events[:version])
        for due in surveys_after(kit, of, state, event, version) if state else ():
            if due.survey.id != "after-match":
                continue
            stream = respondent_stream(due.ask.respondent)
            done = await transact(pool, stream, RESPONDENT, due.ask, at, meta=given(due.ask))
            for request, asked in done.after.state.requests.items():  # what was asked before may be open in its place
                answers = _ANSWERED.get(learner) if request == due.ask.request else _ELSE.get(asked.survey)
                survey = next(one for one in kit.surveys if one.id == asked.survey)
                if asked.standing == "open" and answers:
                    answer = Answer(request=request, survey=survey, answers=answers, by=f"learner:{learner}")
                    await transact(pool, stream, RESPONDENT, answer, at, meta=given(answer))
            return


async def _review(pool: Pool, temporal: Client, kit: Kit, at: datetime) -> None:
    """Begins a round of what was held just now, as a round does after some days, and reviews the first of it."""
    terms, program = kit.quality, kit.program_id
    assert terms, "a test loads the sample"
    stream = r.qa_stream(round_id(program, 1))
    if await EventLog(pool).version(stream):
        return
    held = await candidates(pool, program, at - terms.every, at + timedelta(minutes=1), terms.low_mark)
    if not held:
        return
    drawn = sample(held, terms, "sample", at)
    twice = sum(one.is_twin for one in drawn.chosen)
    figures: dict[str, Any] = {
        "sessions": drawn.sessions,
        "mentors": drawn.mentors,
        "sampled": len(drawn.chosen) - twice,
        "twice": twice,
        "mentors_left": len(drawn.left),
        "left": r.named(drawn.left),
    }
    begun = r.RoundBegun(
        at=at,
        program=program,
        number=1,
        run="sample",
        kit=KitDigest(kit.digest),
        rule=RULE,
        seed="sample",
        since=at - terms.every,
        until=at,
        closes_at=at + terms.open_for,
        minutes=terms.minutes,
        minutes_a_review=terms.minutes_a_review,
        **figures,
    )
    command = r.BeginReviews(begun=begun, chosen=tuple(drawn.chosen))
    done = await transact(pool, stream, r.REVIEWS, command, at, meta=given(command))
    assert done.after.state
    first = next(iter(done.after.state.items), None)
    if first:
        await quality.take(pool, first, _BY, at)
        await quality.review(pool, temporal, Review(first, _OPINION, _BY), at)


def _proposal(program: ProgramId) -> MakeProposal:
    return MakeProposal(
        program=program,
        title="Say in the first letter when the first session is",
        text="Two of five did not know after their match what happens next, and when.",
        evidence=(Evidence(says="2 of 5 answered that they did not", subject="survey=after-match", n=5),),
        by=_BY,
    )
