"""Every operation."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from client.api.async_operations.cases import AsyncCasesOperations
from client.api.async_operations.commands import AsyncCommandsOperations
from client.api.async_operations.events import AsyncEventsOperations
from client.api.async_operations.exchange import AsyncExchangeOperations
from client.api.async_operations.health import AsyncHealthOperations
from client.api.async_operations.journeys import AsyncJourneysOperations
from client.api.async_operations.matching import AsyncMatchingOperations
from client.api.async_operations.mentors import AsyncMentorsOperations
from client.api.async_operations.messages import AsyncMessagesOperations
from client.api.async_operations.programs import AsyncProgramsOperations
from client.api.async_operations.times import AsyncTimesOperations
from client.api.async_operations.views import AsyncViewsOperations


class AsyncOperations(
    AsyncCasesOperations,
    AsyncCommandsOperations,
    AsyncEventsOperations,
    AsyncExchangeOperations,
    AsyncHealthOperations,
    AsyncJourneysOperations,
    AsyncMatchingOperations,
    AsyncMentorsOperations,
    AsyncMessagesOperations,
    AsyncProgramsOperations,
    AsyncTimesOperations,
    AsyncViewsOperations,
):
    """A method for each operation, named as in the OpenAPI document."""
