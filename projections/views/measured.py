"""What the measures of a program are counted from: one row for each journey, session and duty.

Whether a duty is overdue depends on when it is asked: readers compare `due_at` with their own time, and with
`counts_until` of the journey, at which its clocks stopped.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from analysis.samples import Scale
from domain.journey import JourneyEvent
from domain.journey import events as e
from projections.fold import DecodedEvent, Fold, Rows
from projections.journeys import JOURNEY_CODEC, journey_of
from projections.kits import Kits
from projections.measuring import Progress, begun, follow, number_of
from projections.reading import View

_STILL = -1
"""A week that a pause took whole."""
_MOST = 32_767
"""Of a week: more signs count as so many."""


class Measured(Fold[JourneyEvent, Progress]):
    name = "measured"
    version = 3
    handles = frozenset(
        one.type
        for one in (
            *(e.JourneyStarted, e.IntakeSubmitted, e.MoreInformationRequested, e.IntakeApproved, e.PathwayChosenAnew),
            *(e.MentorMatched, e.MentorReleased, e.PathwayStarted, e.PathwayReset, e.MovedToKit, e.CohortJoined),
            *(
                e.SessionRescheduled,
                e.SessionPrepared,
                e.AttendanceRecorded,
                e.AttendanceCorrected,
                e.AttendanceTakenBack,
            ),
            *(e.NotesWritten, e.FollowUpSent, e.FollowUpCorrected, e.ActionItemClosed, e.CheckedIn),
            *(e.FeedbackGiven, e.HelpAsked, e.ActivitySeen),
            *(e.MilestoneSubmitted, e.MilestoneReviewed, e.ReviewCorrected, e.MilestoneWaived),
            *(e.CaseOpened, e.CaseAcknowledged, e.CaseResolved, e.CaseReassigned, e.CaseHandedOn, e.CaseSnoozed),
            e.EscalationTakenBack,
            *(e.JourneyPaused, e.JourneyResumed, e.JourneyClosed, e.JourneyReopened),
        )
    )
    columns: ClassVar = {
        "measured": (
            *("stream", "journey", "program", "kit", "kit_version", "pathway", "cohort", "mentor", "began_at"),
            *("started_at", "ending", "closed_at", "counts_until", "gain", "confidence_at"),
            *("first_week", "signs"),
        ),
        "measured_sessions": ("stream", "place", "session", "mentor", "at", "attendance", "prepared", "steps"),
        "measured_duties": ("stream", "place", "kind", "about", "mentor", "since", "due_at", "done_at"),
    }
    keys: ClassVar = {"measured_sessions": "place", "measured_duties": "place"}
    codec = JOURNEY_CODEC
    state = Progress

    def evolve(self, state: Progress | None, event: JourneyEvent) -> Progress:
        if isinstance(event, e.JourneyStarted):
            return begun(event)
        if state is None:
            raise ValueError(f"a journey begins with {e.JourneyStarted.type}, not with {event.type}")
        return follow(state, event)

    def kit_of(self, state: Progress) -> str | None:
        return state.kit

    def rows(self, stream: str, state: Progress, _: Sequence[DecodedEvent[JourneyEvent]], kits: Kits, /) -> Rows:
        return {
            "measured": [
                (
                    *(stream, journey_of(stream), state.program, state.kit, kits.get(state.kit).version),
                    *(state.pathway, state.cohort, state.mentor, state.began_at, state.started_at),
                    *(state.ending, state.closed_at, _counts_until(state), _gain(state), state.confidence_at),
                    *_weeks(state),
                )
            ],
            "measured_sessions": [
                (stream, place, one.session, one.mentor, one.at, one.attendance, one.prepared, one.steps)
                for place, one in enumerate(state.sittings)
            ],
            "measured_duties": [
                (stream, place, one.kind, one.about, one.mentor, one.since, one.due_at, one.done_at)
                for place, one in enumerate(state.duties)
                if not one.dropped
            ],
        }


def _counts_until(state: Progress) -> datetime | None:
    return state.closed_at or state.paused_at


def _gain(state: Progress) -> int | None:
    if state.first_confidence is None or state.last_confidence is None:
        return None
    return state.last_confidence - state.first_confidence


def _weeks(state: Progress) -> tuple[int, list[int]] | tuple[None, None]:
    """The number of the first week, and the signs of each from there on."""
    found = {number_of(week): signs for week, signs in {**dict.fromkeys(state.still, _STILL), **state.signs}.items()}
    if not found:
        return None, None
    first = min(found)
    return first, [min(found.get(week, 0), _MOST) for week in range(first, max(found) + 1)]


GAIN = Scale(-4.0, 4.0)
"""Of confidence, which is said from 1 to 5."""
ROWS = View(measured=2, board=2)
WITH_DELIVERED = View(measured=2, board=2, delivered=4)
WITH_ACTIVITY = View(measured=3, board=2, daily_activity=2)
WITH_SURVEYS = View(measured=2, board=2, survey_requests=1, survey_answers=2)
WITH_SCORES = View(measured=2, board=2, session_scores=1)
"""What the statements of measures read, which are put together in queries/measures; by segment also the board."""
