"""The pages of feedback, complaints and proposals, on a phone and a desktop; and what they show."""

from datetime import UTC, datetime

import httpx2
import pytest

from domain.finding import FindingRaised, findings_stream
from domain.ids import FindingId, MentorId, ProgramId, ProposalId, SessionId
from domain.proposal import DecideProposal, Evidence, MakeProposal
from projections.runner import catch_up
from services import proposals
from store import sequencer
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from tests.browser.looking import Looking
from tests.browser.site import Site
from tests.projections.stories import journey

FACT = Evidence(says="38 % stop at <b>question</b> 7", source="intake", n=160, estimate=0.38, low=0.31, high=0.46)
WANTED = MakeProposal(
    program=ProgramId("ready"), title="Shorten the intake", text="Ada says it is long.", evidence=(FACT,), by="ops:ana"
)


@pytest.mark.usefixtures("three_journeys")
async def test_the_pages_of_feedback_and_proposals(looking: Looking, site: Site, pool: Pool, dsn: str) -> None:
    now = datetime.now(UTC)
    made = await proposals.make(pool, WANTED, now)
    decision = DecideProposal(decision="accepted", reason="the figures are clear", by="ops:ben")
    await proposals.handle(pool, ProposalId(made.id), decision, now)
    raised = FindingRaised(
        at=now,
        finding=FindingId("vague_step-1"),
        detector="vague_step",
        detector_version=1,
        program=ProgramId("ready"),
        journey=journey(1),
        session=SessionId("s1"),
        mentor=MentorId("m-1"),
        subject="step 1",
        because="Nobody can tell when it is done.",
        quotes=("work on it",),
    )
    await EventLog(pool).append(findings_stream(journey(1)), 0, "found", encode([raised], "found"))
    await sequencer.drain(dsn)
    await catch_up(dsn)
    pages = {
        "/programs/ready/findings": ("In the feedback", "Max Stone", "Whose figures drift"),
        "/findings/vague_step-1": ("work on it", "Nobody can tell", "Dismiss it"),
        "/programs/ready/feedback?since=2026-01-01&until=": ("Where the intake is given up", "Nothing stands out"),
        "/programs/ready/complaints": ("Complaints, the latest first",),
        "/programs/ready/proposals": ("Shorten the intake", "accepted", f"/proposals/{made.id}"),
        f"/proposals/{made.id}": (
            "Ada says it is long.",
            "&lt;b&gt;question&lt;/b&gt;",
            "the figures are clear",
            "0.31 to 0.46",
        ),
    }
    async with httpx2.AsyncClient(base_url=site.url, cookies=dict(site.cookies)) as client:
        for address, expected in pages.items():
            page = await client.get(address)
            assert page.status_code == 200, page.text
            for words in expected:
                assert words in page.text
        assert (await client.get("/programs/none/feedback")).status_code == 404
        assert (await client.get("/proposals/ready-9")).status_code == 404
    for address in pages:
        await looking.at(f"{site.url}{address}", cookies=site.cookies)
