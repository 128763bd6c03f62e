"""What is expected to go wrong below HTTP, as answers: a new kind of failure is a line here."""

from collections.abc import Sequence

import asyncpg
from fastapi import FastAPI, Request
from fastapi.responses import Response
from pydantic_core import PydanticSerializationError
from temporalio.service import RPCError

from client.journeys import NotAnswering, Refused
from client.quality_rounds import NobodySamples
from client.rounds import NobodyMatches
from domain.refusal import NotFound, Rejected
from interfaces.http.access import NO_PROGRAM
from interfaces.http.problems import Misfit, answer, misfit_in_file
from interfaces.http.refusals import status_of_refusal
from kits.guides import NoSuchGuide
from kits.lookup import NoSuchKit, NoSuchProgram
from kits.problems import BadFileError
from projections.reading import BeingRebuilt
from queries.common_times import NoGroup
from queries.freshness import Behind
from queries.journey_record import NotFoldable
from queries.recent import NotCountedYet
from runtime.event_hub import TooManySubscribersError
from services.capacity_review import NobodyReviews
from services.cohorts import NoOpenJourney
from services.findings import NobodyLooks
from services.mentors import NotAddable
from services.webhooks import NobodyDelivers
from store.availability import is_away
from store.courier import CourierNotStopped
from store.errors import KitNotReadable, MissingKit, NotDecodable, TooManyConflicts


def answer_failures(app: FastAPI) -> None:
    """Refusals, what is not there, what cannot be stored or read, and what is away."""
    _answer_refusals(app)
    _answer_422_for_files(app)
    _answer_409_for_a_courier_that_goes_on(app)
    _answer_404_for_unknown_ids(app)
    _answer_what_cannot_be_stored(app)
    _answer_500_for_unreadable_records(app)
    _answer_503_while_something_is_away(app)


def _answer_refusals(app: FastAPI) -> None:
    """With the words of the command line, and the status that suits the code."""

    @app.exception_handler(Refused)
    @app.exception_handler(Rejected)
    async def refused(request: Request, error: Refused | Rejected) -> Response:
        status = status_of_refusal(error.code)
        return answer(request.headers, status, str(error), code=error.code, data=error.data)


def _answer_422_for_files(app: FastAPI) -> None:
    """With every problem: `errors` has its place in the file."""

    @app.exception_handler(BadFileError)
    async def bad_file(request: Request, error: BadFileError) -> Response:
        errors = [misfit_in_file(one) for one in error.problems if one.grave]
        return answer(request.headers, 422, str(error), errors=errors, code="file_invalid")

    @app.exception_handler(NotAddable)
    async def not_addable(request: Request, error: NotAddable) -> Response:
        return answer(request.headers, 422, str(error), code="file_invalid")

    @app.exception_handler(NoGroup)
    @app.exception_handler(NoOpenJourney)
    async def no_group(request: Request, error: Exception) -> Response:
        return answer(request.headers, 422, str(error), code="learners_unusable")


def _answer_409_for_a_courier_that_goes_on(app: FastAPI) -> None:
    @app.exception_handler(CourierNotStopped)
    async def not_stopped(request: Request, error: CourierNotStopped) -> Response:
        data = {"stopped_at": error.stopped_at}
        return answer(request.headers, 409, str(error), code="courier_not_stopped", data=data)


def _answer_404_for_unknown_ids(app: FastAPI) -> None:
    @app.exception_handler(NotFound)
    @app.exception_handler(NoSuchKit)
    @app.exception_handler(NoSuchGuide)
    async def not_there(request: Request, error: Exception) -> Response:
        return answer(request.headers, 404, str(error))

    @app.exception_handler(NoSuchProgram)
    async def no_program(request: Request, error: Exception) -> Response:
        """The error names all programs: for those who may see all of them."""
        says = str(error) if request.state.caller.programs is None else NO_PROGRAM
        return answer(request.headers, 404, says, code="no_such_program")


def _answer_what_cannot_be_stored(app: FastAPI) -> None:
    """NUL characters, halves of surrogate pairs, and what is nested hundreds of levels deep: 404 for an id in the path,
    and 422 for any other value."""

    @app.exception_handler(asyncpg.CharacterNotInRepertoireError)
    @app.exception_handler(asyncpg.UntranslatableCharacterError)
    async def not_storable(request: Request, _error: Exception) -> Response:
        if "\0" in request.scope["path"]:
            return answer(request.headers, 404, "Not found")
        named = [name for name, value in request.query_params.multi_items() if "\0" in value]
        says = "a text has a NUL character in it; take it out"
        return _misfits(request, [["query", name] for name in named] or [["body"]], says)

    @app.exception_handler(UnicodeEncodeError)
    @app.exception_handler(PydanticSerializationError)
    @app.exception_handler(asyncpg.DataError)
    async def not_text(request: Request, error: Exception) -> Response:
        if "depth exceeded" in str(error):
            return _misfits(request, [["body"]], "lists and objects are nested too deeply; send a flatter value")
        if "surrogates not allowed" not in str(error):
            raise error
        return _misfits(request, [["body"]], "half of a surrogate pair is no character; take it out")


def _misfits(request: Request, places: Sequence[list[str | int]], says: str) -> Response:
    errors = [Misfit(loc=one, msg=says, type="value_error") for one in places]
    return answer(request.headers, 422, says, errors=errors)


def _answer_500_for_unreadable_records(app: FastAPI) -> None:
    """500, because the caller cannot fix it; the detail tells the operator what to do."""

    @app.exception_handler(NotDecodable)
    @app.exception_handler(NotFoldable)
    @app.exception_handler(KitNotReadable)
    @app.exception_handler(MissingKit)
    async def not_readable(request: Request, error: Exception) -> Response:
        return answer(request.headers, 500, f"{error}. The board and GET /v1/journeys/JOURNEY/timeline still work.")


def _answer_503_while_something_is_away(app: FastAPI) -> None:
    """503 rather than 500, because the caller can try again."""

    @app.exception_handler(BeingRebuilt)
    async def not_rebuilt_yet(request: Request, error: BeingRebuilt) -> Response:
        return _later(request, str(error), error.retry_after, code="view_being_rebuilt")

    @app.exception_handler(Behind)
    async def behind(request: Request, error: Behind) -> Response:
        return _later(request, str(error), 1, code="view_behind")

    @app.exception_handler(NotCountedYet)
    async def not_counted_yet(request: Request, error: NotCountedYet) -> Response:
        return _later(request, str(error), code="not_counted_yet")

    @app.exception_handler(asyncpg.UndefinedTableError)
    async def no_views_yet(request: Request, _error: Exception) -> Response:
        return _later(
            request, "The views are not built yet. A worker with the role projector builds them.", code="view_missing"
        )

    @app.exception_handler(OSError)
    @app.exception_handler(asyncpg.PostgresError)
    @app.exception_handler(asyncpg.InterfaceError)
    @app.exception_handler(asyncpg.InternalClientError)
    async def no_database(request: Request, error: Exception) -> Response:
        if not is_away(error):
            raise error
        return _later(request, "Postgres is not responding.", code="postgres_away")

    @app.exception_handler(RPCError)
    async def no_temporal(request: Request, _error: Exception) -> Response:
        return _later(request, "Temporal is not responding.", code="temporal_away")

    @app.exception_handler(TooManySubscribersError)
    async def no_room(request: Request, _error: Exception) -> Response:
        says = "Too many clients follow the events just now. Pages without `wait` still work."
        return _later(request, says, code="too_many_subscribers")

    @app.exception_handler(TooManyConflicts)
    @app.exception_handler(NobodyMatches)
    @app.exception_handler(NobodyReviews)
    @app.exception_handler(NobodyLooks)
    @app.exception_handler(NobodySamples)
    @app.exception_handler(NotAnswering)
    @app.exception_handler(NobodyDelivers)
    async def no_answer(request: Request, error: Exception) -> Response:
        return _later(request, str(error), code="not_answering")


def _later(request: Request, problem: str, seconds: int = 5, *, code: str) -> Response:
    return answer(request.headers, 503, problem, extra={"Retry-After": str(seconds)}, code=code)
