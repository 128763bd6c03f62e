"""Looks at everything, and goes on where something cannot be looked at."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from temporalio.client import Client

from runtime.connecting import connect_temporal, open_database
from runtime.server_problems import ServerProblem, UnreachableError
from services.diagnosis import database, doors, machine, programs, quality, temporal, work
from services.diagnosis.finding import Finding, State, broken, of_problem, ok
from settings import Settings
from store.database import Pool

_SECONDS = 10.0
"""For each look. A server that takes longer is not well."""

Look = Callable[[], Awaitable[list[Finding]]]
Server = TypeVar("Server")


async def examine(settings: Settings) -> list[Finding]:
    """Everything, in the order in which one thing rests on another. Changes nothing."""
    here = asyncio.ensure_future(_look_at_all(_of_this_machine(settings)))
    pool, client = await asyncio.gather(
        _reached("postgres", open_database(settings)), _reached("temporal", connect_temporal(settings))
    )
    try:
        of_database, of_temporal = await asyncio.gather(_database(pool, settings), _temporal(client, settings))
        of_both: list[Finding] = []
        if not isinstance(pool, Finding) and not isinstance(client, Finding) and _is_usable(of_database):
            of_both = await _look_at_all(_of_both(pool, client))
        return [*of_database, *of_temporal, *of_both, *await here]
    finally:
        if not isinstance(pool, Finding):
            pool.terminate()


async def _reached(server: str, connecting: Awaitable[Server]) -> Server | Finding:
    try:
        async with asyncio.timeout(_SECONDS):
            return await connecting
    except (ServerProblem, TimeoutError) as error:
        return _unreachable(server, error)


def _of_this_machine(settings: Settings) -> dict[str, Look]:
    looks: dict[str, Look] = {"HTTP": lambda: doors.http_findings(settings)}
    if not settings.database_url:
        looks["disk"] = lambda: machine.disk_findings(settings)
    return looks


async def _database(pool: "Pool | Finding", settings: Settings) -> list[Finding]:
    if isinstance(pool, Finding):
        return [pool]
    version = await pool.fetchval("show server_version")
    schema = await _look("migrations", lambda: database.schema_findings(pool))
    found = [ok("postgres", f"reachable; PostgreSQL {version}"), *schema]
    if not _is_usable(schema):
        return found  # the rest would only say so once more
    return found + await _look_at_all(_of_database(pool, settings))


def _is_usable(found: list[Finding]) -> bool:
    return not any(one.about == "migrations" and one.state == State.BROKEN for one in found)


def _of_database(pool: Pool, settings: Settings) -> dict[str, Look]:
    messages = settings.messages != "off"
    looks: dict[str, Look] = {
        "storage": lambda: machine.storage_findings(pool),
        "clocks": lambda: machine.clock_findings(pool),
        "sequencer": lambda: database.sequencer_findings(pool),
        "views": lambda: database.view_findings(pool),
        "workflows": lambda: database.reconciliation_findings(pool, with_messages=messages),
        "places": lambda: database.places_findings(pool),
        "ledger": lambda: database.ledger_findings(pool),
        "kits": lambda: programs.kit_findings(pool),
        "keys": lambda: doors.key_findings(pool, settings),
        "links": lambda: doors.link_findings(pool, settings),
        "webhooks": lambda: work.webhook_findings(pool),
        "bulk actions": lambda: work.bulk_findings(pool),
        "surveys": lambda: quality.survey_findings(pool),
        "reviews": lambda: quality.review_findings(pool),
    }
    if messages:
        looks |= {
            "courier": lambda: database.courier_findings(pool),
            "messages": lambda: database.message_findings(pool),
        }
    return looks


async def _temporal(client: Client | Finding, settings: Settings) -> list[Finding]:
    if isinstance(client, Finding):
        return [client]
    found = [ok("temporal", f"reachable; namespace {client.namespace!r}")]
    return found + await _look_at_all(_of_temporal(client, settings))


def _of_temporal(client: Client, settings: Settings) -> dict[str, Look]:
    messages = settings.messages != "off"
    return {
        "search attributes": lambda: temporal.search_attribute_findings(client),
        "workers": lambda: temporal.worker_findings(client, with_messages=messages),
        "workflow tasks": lambda: temporal.workflow_task_findings(client),
    }


def _of_both(pool: Pool, client: Client) -> dict[str, Look]:
    return {
        "schedules": lambda: programs.schedule_findings(pool, client),
        "versions": lambda: machine.version_findings(pool, client),
    }


async def _look_at_all(looks: Mapping[str, Look]) -> list[Finding]:
    """At the same time, so that slow ones do not add up; told in their order."""
    found = await asyncio.gather(*(_look(about, look) for about, look in looks.items()))
    return [one for findings in found for one in findings]


async def _look(about: str, look: Look) -> list[Finding]:
    """Whatever goes wrong while looking is what is found."""
    try:
        async with asyncio.timeout(_SECONDS):
            return await look()
    except TimeoutError:
        return [broken(about, f"no answer within {_SECONDS:.0f} s", "check whether the server is overloaded")]
    except Exception as error:  # noqa: BLE001 - it is told, with its kind
        return [broken(about, f"cannot be checked: {type(error).__name__}: {error}", "check the server's log")]


def _unreachable(server: str, error: Exception) -> Finding:
    match error:
        case UnreachableError():
            return broken(server, f"{error.server} does not answer at {error.where}: {error.reason}", error.remedy)
        case ServerProblem():
            return of_problem(server, error)
        case _:
            return broken(server, f"no answer within {_SECONDS:.0f} s", "check whether the server is overloaded")
