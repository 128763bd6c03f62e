"""Every operation."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from client.api.operations.bulk import BulkOperations
from client.api.operations.capacity import CapacityOperations
from client.api.operations.cases import CasesOperations
from client.api.operations.cohorts import CohortsOperations
from client.api.operations.commands import CommandsOperations
from client.api.operations.complaints import ComplaintsOperations
from client.api.operations.enrollment import EnrollmentOperations
from client.api.operations.events import EventsOperations
from client.api.operations.exchange import ExchangeOperations
from client.api.operations.feedback import FeedbackOperations
from client.api.operations.figures import FiguresOperations
from client.api.operations.findings import FindingsOperations
from client.api.operations.growth import GrowthOperations
from client.api.operations.health import HealthOperations
from client.api.operations.journeys import JourneysOperations
from client.api.operations.matching import MatchingOperations
from client.api.operations.measures import MeasuresOperations
from client.api.operations.mentors import MentorsOperations
from client.api.operations.messages import MessagesOperations
from client.api.operations.monthly_reviews import MonthlyReviewsOperations
from client.api.operations.names import NamesOperations
from client.api.operations.office_hours import OfficeHoursOperations
from client.api.operations.people import PeopleOperations
from client.api.operations.pilots import PilotsOperations
from client.api.operations.problems import ProblemsOperations
from client.api.operations.programs import ProgramsOperations
from client.api.operations.proposals import ProposalsOperations
from client.api.operations.quality import QualityOperations
from client.api.operations.schedules import SchedulesOperations
from client.api.operations.surveys import SurveysOperations
from client.api.operations.times import TimesOperations
from client.api.operations.training import TrainingOperations
from client.api.operations.webhooks import WebhooksOperations


class Operations(
    BulkOperations,
    CapacityOperations,
    CasesOperations,
    CohortsOperations,
    CommandsOperations,
    ComplaintsOperations,
    EnrollmentOperations,
    EventsOperations,
    ExchangeOperations,
    FeedbackOperations,
    FiguresOperations,
    FindingsOperations,
    GrowthOperations,
    HealthOperations,
    JourneysOperations,
    MatchingOperations,
    MeasuresOperations,
    MentorsOperations,
    MessagesOperations,
    MonthlyReviewsOperations,
    NamesOperations,
    OfficeHoursOperations,
    PeopleOperations,
    PilotsOperations,
    ProblemsOperations,
    ProgramsOperations,
    ProposalsOperations,
    QualityOperations,
    SchedulesOperations,
    SurveysOperations,
    TimesOperations,
    TrainingOperations,
    WebhooksOperations,
):
    """A method for each operation, named as in the OpenAPI document."""
