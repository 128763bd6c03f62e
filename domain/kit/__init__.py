"""The program kit: what a program promises, and the rules by which each journey through it runs.

Import from here. In reading order: words, forms, delivery, escalating, messages, promising, kit; checking,
what no kit may lack to run at all; reviewing, what none may lack to be published.
"""

from domain.kit.delivery import Milestone, Monitoring, Pathway, Session
from domain.kit.escalating import (
    Escalation,
    HelpAsked,
    LowConfidence,
    Measure,
    MentorSilent,
    MilestoneSetbacks,
    MissedInARow,
    MissedWithin,
    NoActivity,
    Nudge,
    OfferRemedies,
    OpenCase,
    Overdue,
    RiskFlag,
    Step,
    Trigger,
)
from domain.kit.forms import Form, Intake, Question, Template
from domain.kit.kit import Capacity, Kit, Matching, Segment, ServiceLevels, Survey, WrapUp
from domain.kit.messages import Change, Message, Occasion, QuietHours, Topic
from domain.kit.promising import Fulfillment, Promise, fulfilled_when
from domain.kit.reviewing import Finding, findings_of
from domain.kit.words import Duty, HumanStep, Mode, Remedy, Role, Severity

__all__ = [
    "Capacity",
    "Change",
    "Duty",
    "Escalation",
    "Finding",
    "Form",
    "Fulfillment",
    "HelpAsked",
    "HumanStep",
    "Intake",
    "Kit",
    "LowConfidence",
    "Matching",
    "Measure",
    "MentorSilent",
    "Message",
    "Milestone",
    "MilestoneSetbacks",
    "MissedInARow",
    "MissedWithin",
    "Mode",
    "Monitoring",
    "NoActivity",
    "Nudge",
    "Occasion",
    "OfferRemedies",
    "OpenCase",
    "Overdue",
    "Pathway",
    "Promise",
    "Question",
    "QuietHours",
    "Remedy",
    "RiskFlag",
    "Role",
    "Segment",
    "ServiceLevels",
    "Session",
    "Severity",
    "Step",
    "Survey",
    "Template",
    "Topic",
    "Trigger",
    "WrapUp",
    "findings_of",
    "fulfilled_when",
]
