"""What can be asked of a journey: a table of contents. Each command stands in the file of its topic.

The commands of people are known by their names, the same by signal, update, CLI and HTTP. Those of timers and effects
have names that nobody can call.
"""

from typing import get_args

from domain.journey.attendance import AttendanceCommand, RecordAttendance, TakeBackAttendance
from domain.journey.bases import Command, NamedCommand, TimerCommand
from domain.journey.between_sessions import AskForHelp, BetweenSessionsCommand, CheckIn, GiveFeedback, RaiseRiskFlag
from domain.journey.cases import AcknowledgeCase, CaseCommand, ReassignCase, ResolveCase, SnoozeCase
from domain.journey.cohort import CohortCommand, JoinCohort, LeaveCohort
from domain.journey.ending import (
    CloseAtEnd,
    CompleteWrapUp,
    EndEarly,
    EndingCommand,
    EndPathway,
    RecordOutcome,
    Reopen,
    Withdraw,
)
from domain.journey.escalations import Escalate, EscalationCommand, ReportActivity
from domain.journey.follow_ups import CloseActionItem, FollowUpCommand, NextStep, SendFollowUp, WriteNotes
from domain.journey.intake import ChoosePathway, GiveUpIntake, IntakeCommand, ReviewIntake, StartJourney, SubmitIntake
from domain.journey.matching import ApproveMatch, MatchingCommand, ReleaseMentor
from domain.journey.messages import SendMessage
from domain.journey.milestones import (
    MilestoneCommand,
    MissDeadline,
    ReviewMilestone,
    SubmitMilestone,
    WaiveMilestone,
)
from domain.journey.moving import AdoptKit, MoveToKit, MovingCommand
from domain.journey.offers import AnswerOffer, ExpireOffer, OfferCommand, OfferMatch, WithdrawOffer
from domain.journey.pathway import ResetPathway
from domain.journey.pausing import Pause, PauseCommand, Resume
from domain.journey.remedies import ChooseRemedy, ExpireRemedies, RemedyCommand
from domain.journey.reminders import Remind
from domain.journey.sessions import PrepareSession, RescheduleSession, SessionCommand

_ALL = (
    StartJourney
    | IntakeCommand
    | OfferCommand
    | MatchingCommand
    | ResetPathway
    | SessionCommand
    | AttendanceCommand
    | FollowUpCommand
    | BetweenSessionsCommand
    | SendMessage
    | MilestoneCommand
    | Remind
    | EscalationCommand
    | CaseCommand
    | RemedyCommand
    | MovingCommand
    | PauseCommand
    | CohortCommand
    | EndingCommand
)

COMMANDS: dict[str, type[NamedCommand]] = {
    command.name: command for command in get_args(_ALL) if issubclass(command, NamedCommand)
}
"""Every command that people can give, by name."""
