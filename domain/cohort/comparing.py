"""Where the journey of a member has another attendance than their group."""

from collections.abc import Iterator

from domain.cohort.commands import CorrectRoster
from domain.cohort.state import CohortState
from domain.journey.attendance import was_taken_back
from domain.journey.state import JourneyState


def differences(group: CohortState, journey: JourneyState) -> Iterator[CorrectRoster]:
    """By which the group is to be corrected. What a journey has not taken is none: the roster shows it as refused."""
    for meeting in group.meetings:
        session = journey.session(meeting.session)
        if session is None or not meeting.settled or journey.learner not in group.invited(meeting):
            continue
        says = session.attendance
        if (says or was_taken_back(journey, meeting.session)) and says != meeting.went(journey.learner):
            yield CorrectRoster(
                session=meeting.session, learner=journey.learner, attendance=says, version=group.version
            )
