"""What can happen on a journey: a table of contents. Each event stands in the file of its topic."""

from typing import Annotated, ClassVar, get_args

from domain.journey.attendance import AttendanceCorrected, AttendanceEvent, AttendanceRecorded, AttendanceTakenBack
from domain.journey.between_sessions import (
    ActivitySeen,
    BetweenSessionsEvent,
    CheckedIn,
    FeedbackGiven,
    HelpAsked,
    RiskFlagRaised,
)
from domain.journey.cases import (
    CaseAcknowledged,
    CaseEvent,
    CaseHandedOn,
    CaseOpened,
    CaseReassigned,
    CaseResolved,
    CaseSnoozed,
)
from domain.journey.cohort import CohortEvent, CohortJoined, CohortLeft
from domain.journey.ending import (
    EndingEvent,
    JourneyClosed,
    JourneyReopened,
    OutcomeCorrected,
    OutcomeRecorded,
    WrapUpStarted,
    WrapUpTakenBack,
)
from domain.journey.escalations import ComparedWithOthers, EscalationEvent, EscalationTakenBack, Nudged
from domain.journey.follow_ups import (
    ActionItem,
    ActionItemClosed,
    FollowUpCorrected,
    FollowUpEvent,
    FollowUpSent,
    NotesCorrected,
    NotesWritten,
)
from domain.journey.intake import (
    AnswersGiven,
    IntakeApproved,
    IntakeEvent,
    IntakeSubmitted,
    JourneyStarted,
    MoreInformationRequested,
    PathwayChosenAnew,
)
from domain.journey.matching import MatchingEvent, MentorMatched, MentorReleased
from domain.journey.messages import MessageWritten
from domain.journey.milestones import (
    MilestoneDeadlineMissed,
    MilestoneEvent,
    MilestoneReviewed,
    MilestoneSubmitted,
    MilestoneWaived,
    PlannedMilestone,
    ReviewCorrected,
)
from domain.journey.moving import MovedToKit
from domain.journey.offers import (
    MatchOffered,
    OfferAccepted,
    OfferDeclined,
    OfferEvent,
    OfferExpired,
    OfferQuestioned,
    OfferWithdrawn,
)
from domain.journey.pathway import PathwayEvent, PathwayReset, PathwayStarted
from domain.journey.pausing import JourneyPaused, JourneyResumed, PauseChanged, PauseEvent
from domain.journey.refusing import CommandRejected
from domain.journey.remedies import RemediesExpired, RemediesOffered, RemediesWithdrawn, RemedyChosen, RemedyEvent
from domain.journey.reminders import ReminderFellDue
from domain.journey.sessions import PlannedSession, SessionEvent, SessionPrepared, SessionRescheduled
from domain.journey.terms import Answer, Answers, Attendance, Ending, Score, Verdict

JourneyEvent = (
    IntakeEvent
    | OfferEvent
    | MatchingEvent
    | PathwayEvent
    | SessionEvent
    | AttendanceEvent
    | FollowUpEvent
    | BetweenSessionsEvent
    | MessageWritten
    | MilestoneEvent
    | ReminderFellDue
    | EscalationEvent
    | CaseEvent
    | RemedyEvent
    | MovedToKit
    | PauseEvent
    | CohortEvent
    | EndingEvent
    | CommandRejected
)

EVENTS: dict[str, type[JourneyEvent]] = {event.type: event for event in get_args(JourneyEvent)}
"""Every event of a journey, by the type under which it is stored."""
