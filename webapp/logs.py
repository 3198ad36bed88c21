"""One way to log: structured lines on standard error, without bodies, full phone numbers or secrets.

An exception is told by its classes and places in the code, never by its message: a database error quotes the row.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

#: As it is stored, and as people write it: (512) 555-0123, 512-555-0123, 512.555.0123.
_PHONE = re.compile(r"\+?\d{6,11}(\d{4})(?!\d)|(?<!\d)\(?\d{3}\)?[ .-]{1,2}\d{3}[ .-](\d{4})(?!\d)")
#: What a line about a request quotes of its address: what was typed into a search, and links that open an account.
_QUERY = re.compile(r"\?\S*(?= HTTP/)")
_LINK = re.compile(r"/(reset|invitation)/[\w.~%-]+")


def configure(*, pretty: bool = False) -> None:
    """Sets up structlog and the standard library's logging. ``pretty``: for a terminal instead of for machines."""
    renderer: Any = structlog.dev.ConsoleRenderer(colors=False) if pretty else structlog.processors.JSONRenderer()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tell_exception,
        mask,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[_without_internals, renderer])
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def tell_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replaces ``exc_info`` by the classes of the exception and its causes, and where each passed."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = _told(error)
    return event


def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Whatever looks like a phone number keeps its last four digits, however deep it lies; addresses lose what opens
    an account, and what was typed into them."""
    for name, value in event.items():
        if name not in {"timestamp", "error_id"} and not name.startswith("_"):
            event[name] = _masked(value)
    return event


def _masked(value: object) -> object:
    if isinstance(value, str):
        return _PHONE.sub(_last_four, _LINK.sub(r"/\1/…", _QUERY.sub("?…", value)))
    if isinstance(value, dict):
        return {_masked(name): _masked(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(part) for part in value]
    return value


def _last_four(found: re.Match[str]) -> str:
    return f"…{found[1] or found[2]}"


def _told(error: BaseException) -> str:
    chain: list[str] = []
    current: BaseException | None = error
    while current is not None:
        frames = traceback.extract_tb(current.__traceback__)[-8:]
        places = " < ".join(
            f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in frames[::-1]
        )
        chain.append(f"{type(current).__module__}.{type(current).__name__} at {places}")
        current = current.__cause__ or current.__context__
    return "; from ".join(chain)


def _without_internals(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event.pop("_record", None)
    event.pop("_from_structlog", None)
    return event
