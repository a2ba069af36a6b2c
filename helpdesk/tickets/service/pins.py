"""The PIN with which a requester, who has no account, gets back to their ticket."""

import re
from dataclasses import dataclass
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from helpdesk.core.secret_text import LONGEST_REFERENCE, derive_pin, read_reference
from helpdesk.core.throttle import Limit, charge, forgive, give_back
from helpdesk.db import write_transaction
from helpdesk.settings import in_use
from helpdesk.tickets.errors import WrongPin
from helpdesk.tickets.models.ticket import Ticket
from helpdesk.tickets.queries.tickets import find_ticket

_WAIT = "That was tried too often. Wait an hour, or phone the helpdesk."
# Wrong tries, of anybody for one reference and of one network for all. Five bad guesses by a stranger keep the owner's
# other devices waiting too; a browser that has opened the request before asks for no PIN and is not held up.
TRIES_BY_REFERENCE = Limit("pin:reference", 5, timedelta(hours=1), _WAIT)
TRIES_BY_NETWORK = Limit("pin:network", 30, timedelta(hours=1), _WAIT)

# A PIN opens one ticket and its tries are limited, so its hash is lighter than a password's.
_hasher = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
_HASH_OF_NO_TICKET = _hasher.hash("no such ticket")


@dataclass(frozen=True)
class Pin:
    """A PIN as it is shown once, and as it is kept."""

    digits: str
    hash: str


def make_pin(idempotency_key: str) -> Pin:
    """The PIN of a hand-over. Hashing takes some milliseconds: call this before the transaction begins."""
    digits = derive_pin(in_use().secret_key.get_secret_value(), idempotency_key)
    return Pin(digits, _hasher.hash(digits))


def ticket_opened_by(reference: str, pin: str, *, network: str) -> Ticket:
    """The ticket that this reference and PIN open. Tries are counted before they are checked, and the right one is
    given back: a pharmacy group shares one network.

    WrongPin, in the same words and about the same time, when either is wrong; TooMany after too many wrong tries.
    """
    tried = read_reference(reference) or reference[:LONGEST_REFERENCE].upper()
    with write_transaction():
        charge(TRIES_BY_NETWORK, network)
        charge(TRIES_BY_REFERENCE, tried)
    ticket = find_ticket(reference)
    if not _is_right(ticket.pin_hash if ticket else _HASH_OF_NO_TICKET, pin) or ticket is None:
        raise WrongPin
    with write_transaction():
        give_back(TRIES_BY_NETWORK, network)
        forgive(TRIES_BY_REFERENCE, tried)
    return ticket


def _is_right(pin_hash: str, pin: str) -> bool:
    try:
        return _hasher.verify(pin_hash, re.sub(r"[\s-]", "", pin))
    except VerifyMismatchError:
        return False
