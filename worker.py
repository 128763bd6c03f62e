"""The composition root: everything that runs in a process of Trellis is put together, started and stopped here.

    python -m worker [--roles journeys,programs,sequencer,projector,messages,webhooks,http]

A role that dies takes the process down, with a non-zero exit, so that whoever started it notices. On SIGTERM and SIGINT
every role ends what it has begun; a second signal ends the process at once.
"""

import argparse
import asyncio
import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import structlog
import uvloop
from prometheus_client import REGISTRY

import settings as settings_module
from roles import http, journeys, messages, programs, views, webhooks
from roles.part import Part, Process
from roles.role import Role
from runtime import ending, logs
from runtime.connecting import connect_temporal, open_database, require_sessions
from runtime.embedded.errors import PortTakenError
from runtime.exits import Exit
from runtime.process import ServiceDiedError, serve, stop_on_signals
from runtime.restarts import RestartsCollector
from runtime.server_problems import ServerProblem, UnreachableError, exit_of, problem_of
from runtime.temporal_sdk import temporal_runtime
from settings import Settings, SettingsError
from store.pooling import TransactionPooled

log = structlog.get_logger("trellis.worker")

ROLES: Mapping[Role, Callable[[Process], Iterator[Part]]] = {
    Role.JOURNEYS: journeys.parts,
    Role.PROGRAMS: programs.parts,
    Role.MESSAGES: messages.parts,
    Role.WEBHOOKS: webhooks.parts,
    Role.SEQUENCER: views.sequencer,
    Role.PROJECTOR: views.projector,
}
"""What each role runs. That of `http` runs in every process that has a port, for health and metrics."""


async def run(settings: Settings, roles: Sequence[Role], restarts: Path | None = None) -> None:
    """Runs the roles until SIGTERM or SIGINT. `restarts` is where a supervisor counts, for the metrics.

    Raises ServerProblem, TransactionPooled, ServiceDiedError, PortTakenError.
    """
    if restarts:
        REGISTRY.register(RestartsCollector(restarts))
    stop = stop_on_signals()
    for remark in settings.database_remarks:
        log.warning("setting_without_effect", problem=remark)
    await require_sessions(settings, wait_seconds=settings.server_wait_seconds)
    pool = await open_database(settings, wait_seconds=settings.server_wait_seconds)
    try:
        client = await connect_temporal(
            settings,
            runtime=temporal_runtime(settings),
            wait_seconds=settings.server_wait_seconds,
            for_journeys=Role.JOURNEYS in roles,
        )
        parts = build(Process(settings, client, pool, roles))
        gc.freeze()  # what is there now stays: looking through it, time and again, held up every request for 0.2 s
        log.info(
            "started",
            roles=[part.name for part in parts],
            temporal=settings.temporal_target,
            http=settings.http_url,
            connections_at_most=most_connections(settings, parts),
        )
        await serve({part.name: part.service for part in parts}, stop, settings.shutdown_seconds)
        log.info("stopped")
    finally:
        pool.terminate()


def build(process: Process) -> list[Part]:
    """Raises PortTakenError."""
    parts = [part for role in ROLES if role in process.roles for part in ROLES[role](process)]
    return [*parts, *http.parts(process)] if process.settings.http_port else parts


def most_connections(settings: Settings, parts: Iterable[Part]) -> int:
    """How many connections to Postgres a process of these parts has at most, but for rebuilds of views."""
    return settings.database_pool + sum(part.own_connections for part in parts)


def _roles(names: str) -> list[Role]:
    """Raises ValueError for what is no role."""
    unknown = [name for name in names.split(",") if name not in set(Role)]
    if unknown:
        raise ValueError(f"no such role: {', '.join(unknown)}; the roles are {', '.join(Role)}")
    return [Role(name) for name in names.split(",")]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m worker", description="Runs roles of Trellis until asked to stop.")
    parser.add_argument("--roles", default=",".join(Role), help="comma-separated; all of them unless given")
    parser.add_argument("--restarts", type=Path, metavar="FILE", help="where a supervisor counts its restarts")
    arguments = parser.parse_args()
    try:
        settings = settings_module.load()
        roles = _roles(arguments.roles)
    except (SettingsError, ValueError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - logging is not set up yet
        return Exit.BAD_INPUT
    logs.configure(log_format=settings.log_format, level=settings.log_level)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run(settings, roles, arguments.restarts))
    except ServerProblem as error:
        return _ended_by(error)
    except TransactionPooled as error:
        log.error("sessions_shared", problem=str(error), setting="DATABASE_URL")
        return Exit.BAD_INPUT
    except PortTakenError as error:
        log.error("port_taken", problem=str(error), setting=settings_module.setting_of_port(settings, error.port))
        return Exit.FAILED
    except ServiceDiedError as error:
        if error.__cause__ and (problem := problem_of(error.__cause__, settings)):
            log.error("role_died", problem=str(error))
            return _ended_by(problem)
        log.exception("role_died", problem=str(error))
        return Exit.FAILED
    return Exit.OK


def _ended_by(problem: ServerProblem) -> Exit:
    event = "server_unreachable" if isinstance(problem, UnreachableError) else "server_refuses"
    log.error(event, server=problem.server, problem=str(problem))
    return exit_of(problem)


if __name__ == "__main__":
    ending.leave(main())
