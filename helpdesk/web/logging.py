"""One JSON line an event on standard error, with ids only: no text that people typed, no address, no secret."""

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

SECRET_WORDS = ("password", "token", "secret", "pin", "code", "cookie", "email", "phone", "text", "body")
HIDDEN = "(hidden)"


def set_up() -> None:
    """Send every event to standard error as JSON."""
    # It tells the address of each call at a provider, and in some of them is a person's email address.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            hide_secrets,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace the value of any key that sounds like a secret or a person's data."""
    for key in event:
        if any(word in key.lower() for word in SECRET_WORDS):
            event[key] = HIDDEN
    return event
