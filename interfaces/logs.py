"""What the processes say about themselves: one event a line, JSON for machines, colors for people.

Everything goes through here: our own structlog events and whatever the libraries say through the standard library.
Facts carry ids, not people; so do the logs.
"""

import logging
import sys
from typing import Literal

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

Format = Literal["auto", "json", "console"]

_QUIETER = {"uvicorn": logging.WARNING, "asyncio": logging.WARNING, "httpx2": logging.WARNING}
_WITHHELD = frozenset({"address", "answers", "email", "feedback", "name", "notes", "phone", "reason", "resolution"})


def configure(*, log_format: Format, level: str) -> None:
    """Sets up structlog and the standard library for this process; the last call counts. Writes to stderr."""
    as_json = log_format == "json" or (log_format == "auto" and not sys.stderr.isatty())
    shared = _shared_processors()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(as_json)],
        )
    )
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


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.UnicodeDecoder(),
        withhold_people,
    ]


def _renderers(as_json: bool) -> list[Processor]:
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
    # Not the rich tracebacks: they print local variables, and those may hold personal data.
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]


def withhold_people(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The last net: fields that hold personal data by their very name are never written, whoever logs them."""
    for field in _WITHHELD & event.keys():
        event[field] = "[withheld]"
    return event
