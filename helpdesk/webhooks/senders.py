"""The way a message leaves: one POST, of whose answer only the status is read."""

import ssl

import httpcore

from helpdesk.webhooks.errors import NeverTaken, NotTaken
from helpdesk.webhooks.guarded_network import Deadline, GuardedNetwork
from helpdesk.webhooks.rules import TIME_LIMIT
from helpdesk.webhooks.types import Message

GONE = 410


def post(message: Message, *, to_loopback: bool) -> None:
    """Offer it once. NotTaken or NeverTaken says why it was not taken.

    No redirect is followed and no proxy of the environment is asked. The body of the answer is left unread, so that
    none is too long.
    """
    network = GuardedNetwork(Deadline(TIME_LIMIT), to_loopback)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=ssl.create_default_context(), network_backend=network) as pool,
            pool.stream("POST", message.url, headers=list(message.headers.items()), content=message.body) as answer,
        ):
            status = answer.status
    except httpcore.TimeoutException as error:
        raise NotTaken("Took too long.") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise NotTaken(f"No answer: {type(error).__name__}.") from error
    _ensure_taken(status)


def _ensure_taken(status: int) -> None:
    if status == GONE:
        raise NeverTaken("Answered 410: nobody wants this any more.")
    if not 200 <= status < 300:
        raise NotTaken(f"Answered {status}.")
