"""The program kit: what a program promises, and the rules by which each journey through it runs.

Import from here; the conditions of escalations from domain.kit.escalation. In reading order: words, forms, delivery,
escalation, rules, messages, promising, content; checking, what no kit may lack to run at all; kit; reviewing, what none
may lack to be published.
"""

from domain.kit.capacity import Capacity, Costs
from domain.kit.cohorts import Cohorts
from domain.kit.content import KIT_FILE, Segment, ServiceLevels, WrapUp
from domain.kit.delivery import Milestone, Monitoring, Pathway, Session
from domain.kit.forms import Form, Intake, Question, Template
from domain.kit.kit import Kit, fulfilled_when
from domain.kit.matching import Declined, Matching, Rounds, Unmatched, Wishes
from domain.kit.meeting import Meeting
from domain.kit.messages import Change, Message, NoticeReason, Occasion, QuietHours, Topic
from domain.kit.promising import Fulfillment, Promise
from domain.kit.quality import Dimension, Quality, Rubric, RubricQuestion
from domain.kit.reviewing import Finding, findings_of
from domain.kit.rules import Escalation, Measure, Nudge, OfferRemedies, OpenCase, Step
from domain.kit.surveys import Asking, Survey, SurveyAnswer, SurveyOccasion, SurveyQuestion, Tells
from domain.kit.words import Duty, HumanStep, Mode, Remedy, Role, Severity

__all__ = [
    "KIT_FILE",
    "Asking",
    "Capacity",
    "Change",
    "Cohorts",
    "Costs",
    "Declined",
    "Dimension",
    "Duty",
    "Escalation",
    "Finding",
    "Form",
    "Fulfillment",
    "HumanStep",
    "Intake",
    "Kit",
    "Matching",
    "Measure",
    "Meeting",
    "Message",
    "Milestone",
    "Mode",
    "Monitoring",
    "NoticeReason",
    "Nudge",
    "Occasion",
    "OfferRemedies",
    "OpenCase",
    "Pathway",
    "Promise",
    "Quality",
    "Question",
    "QuietHours",
    "Remedy",
    "Role",
    "Rounds",
    "Rubric",
    "RubricQuestion",
    "Segment",
    "ServiceLevels",
    "Session",
    "Severity",
    "Step",
    "Survey",
    "SurveyAnswer",
    "SurveyOccasion",
    "SurveyQuestion",
    "Tells",
    "Template",
    "Topic",
    "Unmatched",
    "Wishes",
    "WrapUp",
    "findings_of",
    "fulfilled_when",
]
