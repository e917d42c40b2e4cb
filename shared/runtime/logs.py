"""Logs: one line per event on standard output, as JSON or for people; libraries' own logs come the same way.

An event is a word in the past tense and its facts: `log.info("record_parked", topic=…, key=…)`. Service, role and
trace are added here. Standard output is all a process knows of logging; who starts it keeps the lines.
"""

import logging
import sys
from typing import TYPE_CHECKING, cast

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from shared.runtime import tracing
from shared.runtime.redaction import redact

if TYPE_CHECKING:
    from shared.runtime.settings import ServiceSettings

# What these say at INFO is said by our own events, or is noise at each reconnect.
_QUIET = ("aiokafka", "faststream", "temporalio.worker", "uvicorn", "asyncio", "httpx")


def get_logger(name: str) -> FilteringBoundLogger:
    """The logger of a module; safe to take at import time."""
    return cast("FilteringBoundLogger", structlog.get_logger(name))


def configure(service: str, settings: "ServiceSettings") -> None:
    """Route everything that this process logs, ours and the libraries', through one formatter."""
    structlog.contextvars.bind_contextvars(service=service)
    structlog.configure(
        processors=[*_before(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_formatter(settings.log_format))
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    # A command that fails is logged where it fails; the SDK would say it again at each attempt.
    logging.getLogger("temporalio.activity").setLevel(logging.ERROR)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(settings.log_level)))
    # Our own web layer writes the access log, with routes instead of addresses.
    logging.getLogger("uvicorn.access").disabled = True


def _before() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
    ]


def _formatter(form: str) -> logging.Formatter:
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
        if form == "console"
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_before(), structlog.stdlib.PositionalArgumentsFormatter()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redact,
            _in_order,
            renderer,
        ],
    )


def _add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    trace = tracing.trace_id(tracing.current())
    return event if trace is None else {**event, "trace": trace}


def _in_order(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """What people look for first comes first."""
    return {**{key: event[key] for key in ("timestamp", "level", "event") if key in event}, **event}
