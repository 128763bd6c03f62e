"""Every operation."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from client.api.async_operations.bulk import AsyncBulkOperations
from client.api.async_operations.capacity import AsyncCapacityOperations
from client.api.async_operations.cases import AsyncCasesOperations
from client.api.async_operations.cohorts import AsyncCohortsOperations
from client.api.async_operations.commands import AsyncCommandsOperations
from client.api.async_operations.complaints import AsyncComplaintsOperations
from client.api.async_operations.enrollment import AsyncEnrollmentOperations
from client.api.async_operations.events import AsyncEventsOperations
from client.api.async_operations.exchange import AsyncExchangeOperations
from client.api.async_operations.feedback import AsyncFeedbackOperations
from client.api.async_operations.figures import AsyncFiguresOperations
from client.api.async_operations.findings import AsyncFindingsOperations
from client.api.async_operations.growth import AsyncGrowthOperations
from client.api.async_operations.health import AsyncHealthOperations
from client.api.async_operations.journeys import AsyncJourneysOperations
from client.api.async_operations.matching import AsyncMatchingOperations
from client.api.async_operations.measures import AsyncMeasuresOperations
from client.api.async_operations.mentors import AsyncMentorsOperations
from client.api.async_operations.messages import AsyncMessagesOperations
from client.api.async_operations.monthly_reviews import AsyncMonthlyReviewsOperations
from client.api.async_operations.names import AsyncNamesOperations
from client.api.async_operations.office_hours import AsyncOfficeHoursOperations
from client.api.async_operations.people import AsyncPeopleOperations
from client.api.async_operations.pilots import AsyncPilotsOperations
from client.api.async_operations.problems import AsyncProblemsOperations
from client.api.async_operations.programs import AsyncProgramsOperations
from client.api.async_operations.proposals import AsyncProposalsOperations
from client.api.async_operations.quality import AsyncQualityOperations
from client.api.async_operations.schedules import AsyncSchedulesOperations
from client.api.async_operations.surveys import AsyncSurveysOperations
from client.api.async_operations.times import AsyncTimesOperations
from client.api.async_operations.training import AsyncTrainingOperations
from client.api.async_operations.webhooks import AsyncWebhooksOperations


class AsyncOperations(
    AsyncBulkOperations,
    AsyncCapacityOperations,
    AsyncCasesOperations,
    AsyncCohortsOperations,
    AsyncCommandsOperations,
    AsyncComplaintsOperations,
    AsyncEnrollmentOperations,
    AsyncEventsOperations,
    AsyncExchangeOperations,
    AsyncFeedbackOperations,
    AsyncFiguresOperations,
    AsyncFindingsOperations,
    AsyncGrowthOperations,
    AsyncHealthOperations,
    AsyncJourneysOperations,
    AsyncMatchingOperations,
    AsyncMeasuresOperations,
    AsyncMentorsOperations,
    AsyncMessagesOperations,
    AsyncMonthlyReviewsOperations,
    AsyncNamesOperations,
    AsyncOfficeHoursOperations,
    AsyncPeopleOperations,
    AsyncPilotsOperations,
    AsyncProblemsOperations,
    AsyncProgramsOperations,
    AsyncProposalsOperations,
    AsyncQualityOperations,
    AsyncSchedulesOperations,
    AsyncSurveysOperations,
    AsyncTimesOperations,
    AsyncTrainingOperations,
    AsyncWebhooksOperations,
):
    """A method for each operation, named as in the OpenAPI document."""
