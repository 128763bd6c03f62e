"""Every model. Each module is imported when one of its models is first used."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from client.api.models.cases import CasePage as CasePage
    from client.api.models.cases import CaseRow as CaseRow
    from client.api.models.commands import CommandForm as CommandForm
    from client.api.models.commands import MeetingInput as MeetingInput
    from client.api.models.commands import NextStepInput as NextStepInput
    from client.api.models.events import CloudEvent as CloudEvent
    from client.api.models.events import EventPage as EventPage
    from client.api.models.events import EventType as EventType
    from client.api.models.health import Readiness as Readiness
    from client.api.models.journeys import Attempt as Attempt
    from client.api.models.journeys import Attention as Attention
    from client.api.models.journeys import Awaited as Awaited
    from client.api.models.journeys import BoardPage as BoardPage
    from client.api.models.journeys import BoardRow as BoardRow
    from client.api.models.journeys import Case as Case
    from client.api.models.journeys import ComingTimer as ComingTimer
    from client.api.models.journeys import Confidence as Confidence
    from client.api.models.journeys import HandledCommand as HandledCommand
    from client.api.models.journeys import Item as Item
    from client.api.models.journeys import JourneyStarted as JourneyStarted
    from client.api.models.journeys import Meetings as Meetings
    from client.api.models.journeys import Named as Named
    from client.api.models.journeys import OpenDuty as OpenDuty
    from client.api.models.journeys import Profile as Profile
    from client.api.models.journeys import ProfileMilestones as ProfileMilestones
    from client.api.models.journeys import ProfileSessions as ProfileSessions
    from client.api.models.journeys import Progress as Progress
    from client.api.models.journeys import RecordedOutcome as RecordedOutcome
    from client.api.models.journeys import Status as Status
    from client.api.models.journeys import Tally as Tally
    from client.api.models.journeys import TimelineEntry as TimelineEntry
    from client.api.models.journeys import Upcoming as Upcoming
    from client.api.models.journeys import UpcomingTimer as UpcomingTimer
    from client.api.models.journeys import Why as Why
    from client.api.models.journeys import Words as Words
    from client.api.models.journeys import Work as Work
    from client.api.models.matching import Certificate as Certificate
    from client.api.models.matching import Choice as Choice
    from client.api.models.matching import Contribution as Contribution
    from client.api.models.matching import Exclusion as Exclusion
    from client.api.models.matching import Explained as Explained
    from client.api.models.matching import Explanation as Explanation
    from client.api.models.matching import Imagined as Imagined
    from client.api.models.matching import LeftLearner as LeftLearner
    from client.api.models.matching import Move as Move
    from client.api.models.matching import Poor as Poor
    from client.api.models.matching import ProposedPair as ProposedPair
    from client.api.models.matching import Refused as Refused
    from client.api.models.matching import RoundDrafted as RoundDrafted
    from client.api.models.matching import RoundRecord as RoundRecord
    from client.api.models.matching import RoundRow as RoundRow
    from client.api.models.matching import SetPair as SetPair
    from client.api.models.matching import Verification as Verification
    from client.api.models.matching import WhatIf as WhatIf
    from client.api.models.mentors import Check as Check
    from client.api.models.mentors import Leave as Leave
    from client.api.models.mentors import Mentor as Mentor
    from client.api.models.mentors import MentorDay as MentorDay
    from client.api.models.mentors import MentorProfile as MentorProfile
    from client.api.models.mentors import OfficeHoursToday as OfficeHoursToday
    from client.api.models.mentors import Owed as Owed
    from client.api.models.mentors import Seen as Seen
    from client.api.models.messages import MessageRow as MessageRow
    from client.api.models.programs import Asked as Asked
    from client.api.models.programs import Cost as Cost
    from client.api.models.programs import Count as Count
    from client.api.models.programs import Delivered as Delivered
    from client.api.models.programs import FunnelStep as FunnelStep
    from client.api.models.programs import Learners as Learners
    from client.api.models.programs import Outcome as Outcome
    from client.api.models.programs import OutcomeValue as OutcomeValue
    from client.api.models.programs import Overview as Overview
    from client.api.models.programs import Promise as Promise
    from client.api.models.programs import PromisingFulfillment as PromisingFulfillment
    from client.api.models.programs import Return as Return
    from client.api.models.programs import SegmentCount as SegmentCount
    from client.api.models.programs import Standing as Standing
    from client.api.models.programs import TotalsFulfillment as TotalsFulfillment
    from client.api.models.programs import TotalsMilestones as TotalsMilestones
    from client.api.models.programs import TotalsSessions as TotalsSessions
    from client.api.models.programs import Trained as Trained
    from client.api.models.programs import TrainingStep as TrainingStep
    from client.api.models.programs import VersionReturn as VersionReturn
    from client.api.models.shared import Agenda as Agenda
    from client.api.models.shared import Answered as Answered
    from client.api.models.shared import CommandResult as CommandResult
    from client.api.models.shared import MeetingOutput as MeetingOutput
    from client.api.models.shared import NextStepOutput as NextStepOutput
    from client.api.models.shared import RiskFlag as RiskFlag
    from client.api.models.times import Moment as Moment
    from client.api.models.times import Obstacle as Obstacle
    from client.api.models.times import OfficeHoursAhead as OfficeHoursAhead
    from client.api.models.times import Side as Side
    from client.api.models.times import Times as Times
    from client.api.models.views import Capacity as Capacity
    from client.api.models.views import CapacityReviewed as CapacityReviewed
    from client.api.models.views import CohortRow as CohortRow
    from client.api.models.views import Figures as Figures
    from client.api.models.views import GroupSession as GroupSession
    from client.api.models.views import MentorCapacity as MentorCapacity
    from client.api.models.views import Roster as Roster
    from client.api.models.views import RosterEntry as RosterEntry
    from client.api.models.views import Utilization as Utilization
    from client.api.models.views import Wait as Wait
    from client.api.models.views import Waiting as Waiting
    from client.api.models.views import WeekForecast as WeekForecast

_MODULES = {
    "Agenda": "shared",
    "Answered": "shared",
    "Asked": "programs",
    "Attempt": "journeys",
    "Attention": "journeys",
    "Awaited": "journeys",
    "BoardPage": "journeys",
    "BoardRow": "journeys",
    "Capacity": "views",
    "CapacityReviewed": "views",
    "Case": "journeys",
    "CasePage": "cases",
    "CaseRow": "cases",
    "Certificate": "matching",
    "Check": "mentors",
    "Choice": "matching",
    "CloudEvent": "events",
    "CohortRow": "views",
    "ComingTimer": "journeys",
    "CommandForm": "commands",
    "CommandResult": "shared",
    "Confidence": "journeys",
    "Contribution": "matching",
    "Cost": "programs",
    "Count": "programs",
    "Delivered": "programs",
    "EventPage": "events",
    "EventType": "events",
    "Exclusion": "matching",
    "Explained": "matching",
    "Explanation": "matching",
    "Figures": "views",
    "FunnelStep": "programs",
    "GroupSession": "views",
    "HandledCommand": "journeys",
    "Imagined": "matching",
    "Item": "journeys",
    "JourneyStarted": "journeys",
    "Learners": "programs",
    "Leave": "mentors",
    "LeftLearner": "matching",
    "MeetingInput": "commands",
    "MeetingOutput": "shared",
    "Meetings": "journeys",
    "Mentor": "mentors",
    "MentorCapacity": "views",
    "MentorDay": "mentors",
    "MentorProfile": "mentors",
    "MessageRow": "messages",
    "Moment": "times",
    "Move": "matching",
    "Named": "journeys",
    "NextStepInput": "commands",
    "NextStepOutput": "shared",
    "Obstacle": "times",
    "OfficeHoursAhead": "times",
    "OfficeHoursToday": "mentors",
    "OpenDuty": "journeys",
    "Outcome": "programs",
    "OutcomeValue": "programs",
    "Overview": "programs",
    "Owed": "mentors",
    "Poor": "matching",
    "Profile": "journeys",
    "ProfileMilestones": "journeys",
    "ProfileSessions": "journeys",
    "Progress": "journeys",
    "Promise": "programs",
    "PromisingFulfillment": "programs",
    "ProposedPair": "matching",
    "Readiness": "health",
    "RecordedOutcome": "journeys",
    "Refused": "matching",
    "Return": "programs",
    "RiskFlag": "shared",
    "Roster": "views",
    "RosterEntry": "views",
    "RoundDrafted": "matching",
    "RoundRecord": "matching",
    "RoundRow": "matching",
    "Seen": "mentors",
    "SegmentCount": "programs",
    "SetPair": "matching",
    "Side": "times",
    "Standing": "programs",
    "Status": "journeys",
    "Tally": "journeys",
    "TimelineEntry": "journeys",
    "Times": "times",
    "TotalsFulfillment": "programs",
    "TotalsMilestones": "programs",
    "TotalsSessions": "programs",
    "Trained": "programs",
    "TrainingStep": "programs",
    "Upcoming": "journeys",
    "UpcomingTimer": "journeys",
    "Utilization": "views",
    "Verification": "matching",
    "VersionReturn": "programs",
    "Wait": "views",
    "Waiting": "views",
    "WeekForecast": "views",
    "WhatIf": "matching",
    "Why": "journeys",
    "Words": "journeys",
    "Work": "journeys",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"{__name__} has no {name}")
    found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(_MODULES)
