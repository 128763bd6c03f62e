"""Every model. Each module is imported when one of its models is first used."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from client.api.models.bulk import BulkFilter as BulkFilter
    from client.api.models.bulk import BulkJourneys as BulkJourneys
    from client.api.models.bulk import BulkPage as BulkPage
    from client.api.models.bulk import BulkPlan as BulkPlan
    from client.api.models.bulk import BulkRefusals as BulkRefusals
    from client.api.models.bulk import BulkRow as BulkRow
    from client.api.models.bulk import BulkShown as BulkShown
    from client.api.models.bulk import ExpectedOutcomes as ExpectedOutcomes
    from client.api.models.bulk import ExpectedRefusals as ExpectedRefusals
    from client.api.models.bulk import ItemRow as ItemRow
    from client.api.models.bulk import MoveAllToKit as MoveAllToKit
    from client.api.models.bulk import Outcomes as Outcomes
    from client.api.models.bulk import ReassignAll as ReassignAll
    from client.api.models.bulk import SampleJourney as SampleJourney
    from client.api.models.bulk import SendToAll as SendToAll
    from client.api.models.bulk import WriteToAll as WriteToAll
    from client.api.models.capacity import Capacity as Capacity
    from client.api.models.capacity import CapacityRecorded as CapacityRecorded
    from client.api.models.capacity import CapacityReviewed as CapacityReviewed
    from client.api.models.capacity import Figures as Figures
    from client.api.models.capacity import MentorCapacity as MentorCapacity
    from client.api.models.capacity import Utilization as Utilization
    from client.api.models.capacity import Wait as Wait
    from client.api.models.capacity import Waiting as Waiting
    from client.api.models.capacity import WeekForecast as WeekForecast
    from client.api.models.cases import CasePage as CasePage
    from client.api.models.cases import CaseRow as CaseRow
    from client.api.models.cohorts import CameOtherwise as CameOtherwise
    from client.api.models.cohorts import CohortRow as CohortRow
    from client.api.models.cohorts import FollowUpOfOne as FollowUpOfOne
    from client.api.models.cohorts import GroupSession as GroupSession
    from client.api.models.cohorts import GroupsFormed as GroupsFormed
    from client.api.models.cohorts import PlannedSession as PlannedSession
    from client.api.models.cohorts import ProposedGroup as ProposedGroup
    from client.api.models.cohorts import Roster as Roster
    from client.api.models.cohorts import RosterEntry as RosterEntry
    from client.api.models.cohorts import Told as Told
    from client.api.models.cohorts import Unplaced as Unplaced
    from client.api.models.cohorts import Unsuited as Unsuited
    from client.api.models.commands import CommandForm as CommandForm
    from client.api.models.commands import ForeseenDuty as ForeseenDuty
    from client.api.models.commands import ForeseenEvent as ForeseenEvent
    from client.api.models.commands import ForeseenLetter as ForeseenLetter
    from client.api.models.commands import ForeseenTimer as ForeseenTimer
    from client.api.models.commands import MeetingInput as MeetingInput
    from client.api.models.commands import Preview as Preview
    from client.api.models.complaints import AnswerGiven as AnswerGiven
    from client.api.models.complaints import Complaint as Complaint
    from client.api.models.complaints import ComplaintPage as ComplaintPage
    from client.api.models.complaints import Dealt as Dealt
    from client.api.models.enrollment import EnrollingTally as EnrollingTally
    from client.api.models.enrollment import EnrollmentChanged as EnrollmentChanged
    from client.api.models.enrollment import EnrollmentResult as EnrollmentResult
    from client.api.models.enrollment import EnrollmentRoll as EnrollmentRoll
    from client.api.models.enrollment import EnrollmentStanding as EnrollmentStanding
    from client.api.models.enrollment import Newcomer as Newcomer
    from client.api.models.enrollment import Started as Started
    from client.api.models.enrollment import WaitingLearner as WaitingLearner
    from client.api.models.enrollment import WaitingList as WaitingList
    from client.api.models.events import CloudEvent as CloudEvent
    from client.api.models.events import EventPage as EventPage
    from client.api.models.events import EventType as EventType
    from client.api.models.feedback import EvidenceRules as EvidenceRules
    from client.api.models.feedback import Feedback as Feedback
    from client.api.models.feedback import FindingShown as FindingShown
    from client.api.models.feedback import GroupFigure as GroupFigure
    from client.api.models.feedback import PlaceShown as PlaceShown
    from client.api.models.feedback import QuestionFigures as QuestionFigures
    from client.api.models.feedback import QuestionOfIntake as QuestionOfIntake
    from client.api.models.figures import Cost as Cost
    from client.api.models.figures import Count as Count
    from client.api.models.figures import Delivered as Delivered
    from client.api.models.figures import FulfillmentDelivered as FulfillmentDelivered
    from client.api.models.figures import Learners as Learners
    from client.api.models.figures import MilestonesDelivered as MilestonesDelivered
    from client.api.models.figures import Outcome as Outcome
    from client.api.models.figures import OutcomeValue as OutcomeValue
    from client.api.models.figures import Overview as Overview
    from client.api.models.figures import Return as Return
    from client.api.models.figures import SegmentCount as SegmentCount
    from client.api.models.figures import SessionsDelivered as SessionsDelivered
    from client.api.models.figures import Step as Step
    from client.api.models.figures import VersionReturn as VersionReturn
    from client.api.models.findings import Coaching as Coaching
    from client.api.models.findings import DetectorRecord as DetectorRecord
    from client.api.models.findings import Drift as Drift
    from client.api.models.findings import FindingPage as FindingPage
    from client.api.models.findings import FindingRecord as FindingRecord
    from client.api.models.findings import FindingRow as FindingRow
    from client.api.models.findings import Interval as Interval
    from client.api.models.findings import Looked as Looked
    from client.api.models.growth import GrowthCondition as GrowthCondition
    from client.api.models.growth import GrowthReadiness as GrowthReadiness
    from client.api.models.health import Readiness as Readiness
    from client.api.models.journeys import Attempt as Attempt
    from client.api.models.journeys import Attention as Attention
    from client.api.models.journeys import AttentionTally as AttentionTally
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
    from client.api.models.journeys import Milestones as Milestones
    from client.api.models.journeys import Named as Named
    from client.api.models.journeys import OpenDuty as OpenDuty
    from client.api.models.journeys import Profile as Profile
    from client.api.models.journeys import Progress as Progress
    from client.api.models.journeys import RecordedOutcome as RecordedOutcome
    from client.api.models.journeys import RuleStanding as RuleStanding
    from client.api.models.journeys import SavedViewShown as SavedViewShown
    from client.api.models.journeys import Sessions as Sessions
    from client.api.models.journeys import Status as Status
    from client.api.models.journeys import TimelineEntry as TimelineEntry
    from client.api.models.journeys import Upcoming as Upcoming
    from client.api.models.journeys import UpcomingTimer as UpcomingTimer
    from client.api.models.journeys import Why as Why
    from client.api.models.journeys import Words as Words
    from client.api.models.journeys import Work as Work
    from client.api.models.journeys import WrittenEntry as WrittenEntry
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
    from client.api.models.matching import RoundStatus as RoundStatus
    from client.api.models.matching import SetPair as SetPair
    from client.api.models.matching import Verification as Verification
    from client.api.models.matching import WhatIf as WhatIf
    from client.api.models.measures import Adjusted as Adjusted
    from client.api.models.measures import Associations as Associations
    from client.api.models.measures import BehaviorAssociation as BehaviorAssociation
    from client.api.models.measures import DropOff as DropOff
    from client.api.models.measures import Engagement as Engagement
    from client.api.models.measures import Group as Group
    from client.api.models.measures import HeldLeft as HeldLeft
    from client.api.models.measures import LearnersEach as LearnersEach
    from client.api.models.measures import MeasureShown as MeasureShown
    from client.api.models.measures import MeetingWeek as MeetingWeek
    from client.api.models.measures import PartValue as PartValue
    from client.api.models.measures import PathwayAssociation as PathwayAssociation
    from client.api.models.measures import ProgramMeasures as ProgramMeasures
    from client.api.models.measures import StageLeft as StageLeft
    from client.api.models.measures import Value as Value
    from client.api.models.measures import Workload as Workload
    from client.api.models.mentors import Check as Check
    from client.api.models.mentors import Leave as Leave
    from client.api.models.mentors import LeaveChanged as LeaveChanged
    from client.api.models.mentors import Load as Load
    from client.api.models.mentors import Mentor as Mentor
    from client.api.models.mentors import MentorAdded as MentorAdded
    from client.api.models.mentors import MentorChanged as MentorChanged
    from client.api.models.mentors import MentorDay as MentorDay
    from client.api.models.mentors import MentorProfile as MentorProfile
    from client.api.models.mentors import MentorsImported as MentorsImported
    from client.api.models.mentors import OfficeHoursToday as OfficeHoursToday
    from client.api.models.mentors import Owed as Owed
    from client.api.models.mentors import Seen as Seen
    from client.api.models.mentors import SessionInLeave as SessionInLeave
    from client.api.models.mentors import Window as Window
    from client.api.models.messages import CourierResumed as CourierResumed
    from client.api.models.messages import EventSetAside as EventSetAside
    from client.api.models.messages import MessageBounced as MessageBounced
    from client.api.models.messages import MessageRetried as MessageRetried
    from client.api.models.messages import MessageRow as MessageRow
    from client.api.models.messages import ParkedEvent as ParkedEvent
    from client.api.models.monthly_reviews import CapacityThen as CapacityThen
    from client.api.models.monthly_reviews import Cases as Cases
    from client.api.models.monthly_reviews import Figure as Figure
    from client.api.models.monthly_reviews import Found as Found
    from client.api.models.monthly_reviews import Happening as Happening
    from client.api.models.monthly_reviews import KitChange as KitChange
    from client.api.models.monthly_reviews import KitDifference as KitDifference
    from client.api.models.monthly_reviews import MonthlyReviewAnswer as MonthlyReviewAnswer
    from client.api.models.monthly_reviews import MonthlyReviewRow as MonthlyReviewRow
    from client.api.models.monthly_reviews import MonthlyReviews as MonthlyReviews
    from client.api.models.monthly_reviews import ProposalBehind as ProposalBehind
    from client.api.models.monthly_reviews import QualityThen as QualityThen
    from client.api.models.monthly_reviews import ReviewDocument as ReviewDocument
    from client.api.models.monthly_reviews import ReviewLetter as ReviewLetter
    from client.api.models.monthly_reviews import ReviewNote as ReviewNote
    from client.api.models.monthly_reviews import SurveyAnswered as SurveyAnswered
    from client.api.models.names import KitTitles as KitTitles
    from client.api.models.names import PersonName as PersonName
    from client.api.models.office_hours import Offered as Offered
    from client.api.models.office_hours import OfficeHoursAhead as OfficeHoursAhead
    from client.api.models.office_hours import OfficeHoursCanceled as OfficeHoursCanceled
    from client.api.models.office_hours import Seat as Seat
    from client.api.models.people import OwnPageLink as OwnPageLink
    from client.api.models.people import OwnPageLinksRevoked as OwnPageLinksRevoked
    from client.api.models.people import PeopleImported as PeopleImported
    from client.api.models.people import PeoplePage as PeoplePage
    from client.api.models.people import PersonRecord as PersonRecord
    from client.api.models.people import PersonStored as PersonStored
    from client.api.models.pilots import BaselineFigures as BaselineFigures
    from client.api.models.pilots import Imported as Imported
    from client.api.models.pilots import Mean as Mean
    from client.api.models.pilots import PilotBegun as PilotBegun
    from client.api.models.pilots import PilotReport as PilotReport
    from client.api.models.pilots import PilotRow as PilotRow
    from client.api.models.pilots import SampleNeeded as SampleNeeded
    from client.api.models.pilots import Share as Share
    from client.api.models.pilots import Whom as Whom
    from client.api.models.problems import ProblemCode as ProblemCode
    from client.api.models.programs import Candidate as Candidate
    from client.api.models.programs import Checked as Checked
    from client.api.models.programs import CurrentVersion as CurrentVersion
    from client.api.models.programs import Diff as Diff
    from client.api.models.programs import Difference as Difference
    from client.api.models.programs import Finding as Finding
    from client.api.models.programs import Guide as Guide
    from client.api.models.programs import GuideRow as GuideRow
    from client.api.models.programs import KitFiles as KitFiles
    from client.api.models.programs import KitName as KitName
    from client.api.models.programs import Milestone as Milestone
    from client.api.models.programs import MilestonesOfPathway as MilestonesOfPathway
    from client.api.models.programs import MovePreview as MovePreview
    from client.api.models.programs import Program as Program
    from client.api.models.programs import ProgramRow as ProgramRow
    from client.api.models.programs import PublishedVersion as PublishedVersion
    from client.api.models.programs import Question as Question
    from client.api.models.programs import Session as Session
    from client.api.models.programs import SessionsOfPathway as SessionsOfPathway
    from client.api.models.programs import Version as Version
    from client.api.models.proposals import Decided as Decided
    from client.api.models.proposals import Ended as Ended
    from client.api.models.proposals import ProposalPage as ProposalPage
    from client.api.models.proposals import ProposalRecord as ProposalRecord
    from client.api.models.proposals import ProposalRow as ProposalRow
    from client.api.models.proposals import Trial as Trial
    from client.api.models.quality import Agreement as Agreement
    from client.api.models.quality import Dimension as Dimension
    from client.api.models.quality import QualityFigures as QualityFigures
    from client.api.models.quality import QueuedReview as QueuedReview
    from client.api.models.quality import ReviewRound as ReviewRound
    from client.api.models.quality import Reviews as Reviews
    from client.api.models.quality import ReviewSkipped as ReviewSkipped
    from client.api.models.quality import RubricQuestion as RubricQuestion
    from client.api.models.quality import ScoreFigure as ScoreFigure
    from client.api.models.quality import ScoreRecorded as ScoreRecorded
    from client.api.models.quality import ScoreShown as ScoreShown
    from client.api.models.quality import ToReview as ToReview
    from client.api.models.schedules import ScheduleShown as ScheduleShown
    from client.api.models.shared import Agenda as Agenda
    from client.api.models.shared import Answered as Answered
    from client.api.models.shared import Asked as Asked
    from client.api.models.shared import CommandResult as CommandResult
    from client.api.models.shared import Effect as Effect
    from client.api.models.shared import Estimate as Estimate
    from client.api.models.shared import Evidence as Evidence
    from client.api.models.shared import Fulfillment as Fulfillment
    from client.api.models.shared import MeetingOutput as MeetingOutput
    from client.api.models.shared import NextStepInput as NextStepInput
    from client.api.models.shared import NextStepOutput as NextStepOutput
    from client.api.models.shared import Promise as Promise
    from client.api.models.shared import RiskFlag as RiskFlag
    from client.api.models.surveys import LinksRotated as LinksRotated
    from client.api.models.surveys import SurveyAddress as SurveyAddress
    from client.api.models.surveys import SurveyAnsweredNow as SurveyAnsweredNow
    from client.api.models.surveys import SurveyAnswers as SurveyAnswers
    from client.api.models.surveys import SurveyForm as SurveyForm
    from client.api.models.surveys import SurveyQuestion as SurveyQuestion
    from client.api.models.surveys import SurveyRate as SurveyRate
    from client.api.models.surveys import SurveyRequestPage as SurveyRequestPage
    from client.api.models.surveys import SurveyRequestRow as SurveyRequestRow
    from client.api.models.times import BookedTime as BookedTime
    from client.api.models.times import CommonTimes as CommonTimes
    from client.api.models.times import Moment as Moment
    from client.api.models.times import Obstacle as Obstacle
    from client.api.models.times import Side as Side
    from client.api.models.times import Times as Times
    from client.api.models.times import Unsuitable as Unsuitable
    from client.api.models.times import WeeklyTime as WeeklyTime
    from client.api.models.training import Acknowledged as Acknowledged
    from client.api.models.training import Standing as Standing
    from client.api.models.training import Trained as Trained
    from client.api.models.training import TrainingStep as TrainingStep
    from client.api.models.webhooks import ShownWebhook as ShownWebhook
    from client.api.models.webhooks import WebhookChange as WebhookChange
    from client.api.models.webhooks import WebhookDelivery as WebhookDelivery
    from client.api.models.webhooks import WebhookDeliveryPage as WebhookDeliveryPage
    from client.api.models.webhooks import WebhookRow as WebhookRow
    from client.api.models.webhooks import WebhookTestResult as WebhookTestResult
    from client.api.models.webhooks import WebhookTry as WebhookTry
    from client.api.models.webhooks import WebhookWithSecret as WebhookWithSecret

_MODULES = {
    "Acknowledged": "training",
    "Adjusted": "measures",
    "Agenda": "shared",
    "Agreement": "quality",
    "AnswerGiven": "complaints",
    "Answered": "shared",
    "Asked": "shared",
    "Associations": "measures",
    "Attempt": "journeys",
    "Attention": "journeys",
    "AttentionTally": "journeys",
    "Awaited": "journeys",
    "BaselineFigures": "pilots",
    "BehaviorAssociation": "measures",
    "BoardPage": "journeys",
    "BoardRow": "journeys",
    "BookedTime": "times",
    "BulkFilter": "bulk",
    "BulkJourneys": "bulk",
    "BulkPage": "bulk",
    "BulkPlan": "bulk",
    "BulkRefusals": "bulk",
    "BulkRow": "bulk",
    "BulkShown": "bulk",
    "CameOtherwise": "cohorts",
    "Candidate": "programs",
    "Capacity": "capacity",
    "CapacityRecorded": "capacity",
    "CapacityReviewed": "capacity",
    "CapacityThen": "monthly_reviews",
    "Case": "journeys",
    "CasePage": "cases",
    "CaseRow": "cases",
    "Cases": "monthly_reviews",
    "Certificate": "matching",
    "Check": "mentors",
    "Checked": "programs",
    "Choice": "matching",
    "CloudEvent": "events",
    "Coaching": "findings",
    "CohortRow": "cohorts",
    "ComingTimer": "journeys",
    "CommandForm": "commands",
    "CommandResult": "shared",
    "CommonTimes": "times",
    "Complaint": "complaints",
    "ComplaintPage": "complaints",
    "Confidence": "journeys",
    "Contribution": "matching",
    "Cost": "figures",
    "Count": "figures",
    "CourierResumed": "messages",
    "CurrentVersion": "programs",
    "Dealt": "complaints",
    "Decided": "proposals",
    "Delivered": "figures",
    "DetectorRecord": "findings",
    "Diff": "programs",
    "Difference": "programs",
    "Dimension": "quality",
    "Drift": "findings",
    "DropOff": "measures",
    "Effect": "shared",
    "Ended": "proposals",
    "Engagement": "measures",
    "EnrollingTally": "enrollment",
    "EnrollmentChanged": "enrollment",
    "EnrollmentResult": "enrollment",
    "EnrollmentRoll": "enrollment",
    "EnrollmentStanding": "enrollment",
    "Estimate": "shared",
    "EventPage": "events",
    "EventSetAside": "messages",
    "EventType": "events",
    "Evidence": "shared",
    "EvidenceRules": "feedback",
    "Exclusion": "matching",
    "ExpectedOutcomes": "bulk",
    "ExpectedRefusals": "bulk",
    "Explained": "matching",
    "Explanation": "matching",
    "Feedback": "feedback",
    "Figure": "monthly_reviews",
    "Figures": "capacity",
    "Finding": "programs",
    "FindingPage": "findings",
    "FindingRecord": "findings",
    "FindingRow": "findings",
    "FindingShown": "feedback",
    "FollowUpOfOne": "cohorts",
    "ForeseenDuty": "commands",
    "ForeseenEvent": "commands",
    "ForeseenLetter": "commands",
    "ForeseenTimer": "commands",
    "Found": "monthly_reviews",
    "Fulfillment": "shared",
    "FulfillmentDelivered": "figures",
    "Group": "measures",
    "GroupFigure": "feedback",
    "GroupSession": "cohorts",
    "GroupsFormed": "cohorts",
    "GrowthCondition": "growth",
    "GrowthReadiness": "growth",
    "Guide": "programs",
    "GuideRow": "programs",
    "HandledCommand": "journeys",
    "Happening": "monthly_reviews",
    "HeldLeft": "measures",
    "Imagined": "matching",
    "Imported": "pilots",
    "Interval": "findings",
    "Item": "journeys",
    "ItemRow": "bulk",
    "JourneyStarted": "journeys",
    "KitChange": "monthly_reviews",
    "KitDifference": "monthly_reviews",
    "KitFiles": "programs",
    "KitName": "programs",
    "KitTitles": "names",
    "Learners": "figures",
    "LearnersEach": "measures",
    "Leave": "mentors",
    "LeaveChanged": "mentors",
    "LeftLearner": "matching",
    "LinksRotated": "surveys",
    "Load": "mentors",
    "Looked": "findings",
    "Mean": "pilots",
    "MeasureShown": "measures",
    "MeetingInput": "commands",
    "MeetingOutput": "shared",
    "MeetingWeek": "measures",
    "Meetings": "journeys",
    "Mentor": "mentors",
    "MentorAdded": "mentors",
    "MentorCapacity": "capacity",
    "MentorChanged": "mentors",
    "MentorDay": "mentors",
    "MentorProfile": "mentors",
    "MentorsImported": "mentors",
    "MessageBounced": "messages",
    "MessageRetried": "messages",
    "MessageRow": "messages",
    "Milestone": "programs",
    "Milestones": "journeys",
    "MilestonesDelivered": "figures",
    "MilestonesOfPathway": "programs",
    "Moment": "times",
    "MonthlyReviewAnswer": "monthly_reviews",
    "MonthlyReviewRow": "monthly_reviews",
    "MonthlyReviews": "monthly_reviews",
    "Move": "matching",
    "MoveAllToKit": "bulk",
    "MovePreview": "programs",
    "Named": "journeys",
    "Newcomer": "enrollment",
    "NextStepInput": "shared",
    "NextStepOutput": "shared",
    "Obstacle": "times",
    "Offered": "office_hours",
    "OfficeHoursAhead": "office_hours",
    "OfficeHoursCanceled": "office_hours",
    "OfficeHoursToday": "mentors",
    "OpenDuty": "journeys",
    "Outcome": "figures",
    "OutcomeValue": "figures",
    "Outcomes": "bulk",
    "Overview": "figures",
    "Owed": "mentors",
    "OwnPageLink": "people",
    "OwnPageLinksRevoked": "people",
    "ParkedEvent": "messages",
    "PartValue": "measures",
    "PathwayAssociation": "measures",
    "PeopleImported": "people",
    "PeoplePage": "people",
    "PersonName": "names",
    "PersonRecord": "people",
    "PersonStored": "people",
    "PilotBegun": "pilots",
    "PilotReport": "pilots",
    "PilotRow": "pilots",
    "PlaceShown": "feedback",
    "PlannedSession": "cohorts",
    "Poor": "matching",
    "Preview": "commands",
    "ProblemCode": "problems",
    "Profile": "journeys",
    "Program": "programs",
    "ProgramMeasures": "measures",
    "ProgramRow": "programs",
    "Progress": "journeys",
    "Promise": "shared",
    "ProposalBehind": "monthly_reviews",
    "ProposalPage": "proposals",
    "ProposalRecord": "proposals",
    "ProposalRow": "proposals",
    "ProposedGroup": "cohorts",
    "ProposedPair": "matching",
    "PublishedVersion": "programs",
    "QualityFigures": "quality",
    "QualityThen": "monthly_reviews",
    "Question": "programs",
    "QuestionFigures": "feedback",
    "QuestionOfIntake": "feedback",
    "QueuedReview": "quality",
    "Readiness": "health",
    "ReassignAll": "bulk",
    "RecordedOutcome": "journeys",
    "Refused": "matching",
    "Return": "figures",
    "ReviewDocument": "monthly_reviews",
    "ReviewLetter": "monthly_reviews",
    "ReviewNote": "monthly_reviews",
    "ReviewRound": "quality",
    "ReviewSkipped": "quality",
    "Reviews": "quality",
    "RiskFlag": "shared",
    "Roster": "cohorts",
    "RosterEntry": "cohorts",
    "RoundDrafted": "matching",
    "RoundRecord": "matching",
    "RoundRow": "matching",
    "RoundStatus": "matching",
    "RubricQuestion": "quality",
    "RuleStanding": "journeys",
    "SampleJourney": "bulk",
    "SampleNeeded": "pilots",
    "SavedViewShown": "journeys",
    "ScheduleShown": "schedules",
    "ScoreFigure": "quality",
    "ScoreRecorded": "quality",
    "ScoreShown": "quality",
    "Seat": "office_hours",
    "Seen": "mentors",
    "SegmentCount": "figures",
    "SendToAll": "bulk",
    "Session": "programs",
    "SessionInLeave": "mentors",
    "Sessions": "journeys",
    "SessionsDelivered": "figures",
    "SessionsOfPathway": "programs",
    "SetPair": "matching",
    "Share": "pilots",
    "ShownWebhook": "webhooks",
    "Side": "times",
    "StageLeft": "measures",
    "Standing": "training",
    "Started": "enrollment",
    "Status": "journeys",
    "Step": "figures",
    "SurveyAddress": "surveys",
    "SurveyAnswered": "monthly_reviews",
    "SurveyAnsweredNow": "surveys",
    "SurveyAnswers": "surveys",
    "SurveyForm": "surveys",
    "SurveyQuestion": "surveys",
    "SurveyRate": "surveys",
    "SurveyRequestPage": "surveys",
    "SurveyRequestRow": "surveys",
    "TimelineEntry": "journeys",
    "Times": "times",
    "ToReview": "quality",
    "Told": "cohorts",
    "Trained": "training",
    "TrainingStep": "training",
    "Trial": "proposals",
    "Unplaced": "cohorts",
    "Unsuitable": "times",
    "Unsuited": "cohorts",
    "Upcoming": "journeys",
    "UpcomingTimer": "journeys",
    "Utilization": "capacity",
    "Value": "measures",
    "Verification": "matching",
    "Version": "programs",
    "VersionReturn": "figures",
    "Wait": "capacity",
    "Waiting": "capacity",
    "WaitingLearner": "enrollment",
    "WaitingList": "enrollment",
    "WebhookChange": "webhooks",
    "WebhookDelivery": "webhooks",
    "WebhookDeliveryPage": "webhooks",
    "WebhookRow": "webhooks",
    "WebhookTestResult": "webhooks",
    "WebhookTry": "webhooks",
    "WebhookWithSecret": "webhooks",
    "WeekForecast": "capacity",
    "WeeklyTime": "times",
    "WhatIf": "matching",
    "Whom": "pilots",
    "Why": "journeys",
    "Window": "mentors",
    "Words": "journeys",
    "Work": "journeys",
    "Workload": "measures",
    "WriteToAll": "bulk",
    "WrittenEntry": "journeys",
}


if not TYPE_CHECKING:  # for a type checker, it would give a type to every name

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"{__name__} has no {name}")
        found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted(_MODULES)
