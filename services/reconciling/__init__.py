"""Keeps Temporal in step with the log: every open stream has a running workflow at the version of its stream.

In reading order: kind (what is compared), journeys, messages, rounds, cohorts, bulks, review_letters and qa_rounds (the
kinds),
running (what Temporal says), comparing (compares and repairs), reconciler (does so in the background).
"""

from services.reconciling.bulks import BulkWorkflows
from services.reconciling.cohorts import CohortWorkflows
from services.reconciling.comparing import Report, reconcile
from services.reconciling.journeys import JourneyWorkflows
from services.reconciling.kind import Kind
from services.reconciling.messages import NotificationWorkflows
from services.reconciling.qa_rounds import QaRoundWorkflows
from services.reconciling.reconciler import Pace, Reconciler
from services.reconciling.review_letters import ReviewLetterWorkflows
from services.reconciling.rounds import RoundWorkflows, TakeBackWorkflows

KINDS = (
    *(JourneyWorkflows, NotificationWorkflows, RoundWorkflows, TakeBackWorkflows, CohortWorkflows, BulkWorkflows),
    ReviewLetterWorkflows,
    QaRoundWorkflows,
)
"""Every kind of workflow. To add one, add a file like theirs and an entry here."""

__all__ = [
    "KINDS",
    "BulkWorkflows",
    "CohortWorkflows",
    "JourneyWorkflows",
    "Kind",
    "NotificationWorkflows",
    "Pace",
    "QaRoundWorkflows",
    "Reconciler",
    "Report",
    "ReviewLetterWorkflows",
    "RoundWorkflows",
    "TakeBackWorkflows",
    "reconcile",
]
