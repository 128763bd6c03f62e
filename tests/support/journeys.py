"""What happens on a journey in more than one test."""

from domain.ids import SessionId
from domain.journey import JourneyEvent
from domain.journey.commands import RecordAttendance, RescheduleSession, SendFollowUp
from domain.journey.events import FollowUpSent, JourneyClosed, MilestoneSubmitted
from tests.domain.full_program import full, together
from tests.domain.specification import Given
from tests.domain.stories import CV, S1, day

STEP = {"text": "write to three people", "due_at": day(10)}


handed_in = MilestoneSubmitted(at=day(5), milestone=CV, attempt=1, review_due_at=day(8))


followed_up = FollowUpSent.model_validate(
    {"at": day(6, 2), "session": S1, "summary": "well", "items": [STEP | {"item": "s1-1", "owner": "learner"}]}
)


EARLY = 12
"""Before the day on which any session is planned."""

closed: tuple[JourneyEvent, ...] = (*together, JourneyClosed(at=day(5), ending="withdrawn", reason="a slip"))


def missed(*sessions_at: tuple[SessionId, float]) -> Given:
    """Each at its time, or moved to it beforehand."""
    story = full(*together)
    for session, at in sessions_at:
        if at == EARLY:
            story = story.when(RescheduleSession(session=session, starts_at=day(at)), at=day(at, -1)).so()
        record = RecordAttendance.model_validate({"session": session, "attendance": "missed_by_learner"})
        story = story.when(record, at=day(at)).so()
    return story


SEND = SendFollowUp.model_validate(
    {
        "session": S1,
        "summary": "a good start",
        "next_steps": [
            {"text": "write to three people", "due_at": day(10)},
            {"text": "send the guide", "owner": "mentor", "due_at": day(9)},
        ],
    }
)
