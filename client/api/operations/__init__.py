"""Every operation."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from client.api.operations.cases import CasesOperations
from client.api.operations.commands import CommandsOperations
from client.api.operations.events import EventsOperations
from client.api.operations.exchange import ExchangeOperations
from client.api.operations.health import HealthOperations
from client.api.operations.journeys import JourneysOperations
from client.api.operations.matching import MatchingOperations
from client.api.operations.mentors import MentorsOperations
from client.api.operations.messages import MessagesOperations
from client.api.operations.programs import ProgramsOperations
from client.api.operations.times import TimesOperations
from client.api.operations.views import ViewsOperations


class Operations(
    CasesOperations,
    CommandsOperations,
    EventsOperations,
    ExchangeOperations,
    HealthOperations,
    JourneysOperations,
    MatchingOperations,
    MentorsOperations,
    MessagesOperations,
    ProgramsOperations,
    TimesOperations,
    ViewsOperations,
):
    """A method for each operation, named as in the OpenAPI document."""
