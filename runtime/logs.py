"""Logging: one event a line, JSON for machines, colors for people.

Our own structlog events and the records that libraries write through the standard library take the same path. Log lines
carry ids, never names or addresses.
"""

import asyncio
import logging
import sys
from typing import Literal

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from store.availability import TEMPORAL, is_away

Format = Literal["auto", "json", "console"]

_QUIETER = {"uvicorn": logging.WARNING, "asyncio": logging.WARNING, "httpx2": logging.WARNING}
_WITHHELD = frozenset({"address", "answers", "email", "feedback", "name", "notes", "phone", "reason", "resolution"})

_LONGEST_FIELD = 1_000


def configure(*, log_format: Format, level: str) -> None:
    """Sets up structlog and the standard library for this process; the last call counts. Writes to stderr."""
    as_json = log_format == "json" or (log_format == "auto" and not sys.stderr.isatty())
    shared = _shared_processors()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), flatten_core_fields, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(as_json)],
        )
    )
    handler.addFilter(_is_not_reported_elsewhere)
    logging.root.handlers = [handler]
    logging.root.setLevel(level.upper())
    for name, quieter in _QUIETER.items():
        logging.getLogger(name).setLevel(quieter)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # modules take their logger before this is called
    )


def _is_not_reported_elsewhere(record: logging.LogRecord) -> bool:
    """False for the lines that each attempt writes while a server is unavailable or slow, because store/availability.py
    logs the outage once: a pool that cannot connect, local activities that time out while they wait, and calls to
    Temporal that are retried.
    """
    error = record.exc_info[1] if record.exc_info else None
    core = getattr(record, "temporal_log", None)
    if core is not None:
        return not (core.target == "temporalio_client::retry" and TEMPORAL.is_away)
    if record.name == "asyncpg.pool":
        return error is None or not is_away(error)
    return not (record.name == "temporalio.activity" and isinstance(error, asyncio.CancelledError))


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.UnicodeDecoder(),
        redact_personal_fields,
    ]


def _renderers(as_json: bool) -> list[Processor]:
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    # Not the rich tracebacks: they print local variables, and those may hold personal data.
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]


def flatten_core_fields(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The Rust core of Temporal's SDK logs an object: its fields become fields of the line, as text."""
    entry = event.pop("temporal_log", None)
    if entry is not None:
        event["target"] = entry.target
        for name, value in entry.fields.items():
            event.setdefault(name, value if isinstance(value, int | float) else str(value)[:_LONGEST_FIELD])
    return event


def redact_personal_fields(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A safety net: fields whose name says that they hold personal data are never written."""
    for field in _WITHHELD & event.keys():
        event[field] = "[withheld]"
    return event
