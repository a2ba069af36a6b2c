"""What a ticket is found by: the words of all that was written on it, and a label for each filter."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from helpdesk.tickets.search.words import MARK, label, reference_label, words_of

# Some thirty long letters. What is written later than that on one ticket is found by its other words.
MOST_WORDS = 15_000
REFERENCE_PREFIX = "HD-"


@dataclass(frozen=True)
class TicketText:
    """All of a ticket that a search looks at, as plain values."""

    reference: str
    name: str
    email: str
    phone: str
    # The pharmacy as it was typed; its name, code and postcode as we know them.
    site: Sequence[str]
    texts: Iterable[str]
    status: str
    priority: str
    topic: str
    # As text; '' for nobody.
    assignee_id: str
    is_open: bool
    is_escalated: bool


def words_of_ticket(ticket: TicketText) -> list[str]:
    """Labels first, then every word in its place."""
    return [*_labels(ticket), *islice(_words(ticket), MOST_WORDS)]


def _labels(ticket: TicketText) -> Iterable[str]:
    yield reference_label(ticket.reference.removeprefix(REFERENCE_PREFIX).replace("-", ""))
    yield label("status", ticket.status)
    yield label("priority", ticket.priority)
    yield label("topic", ticket.topic)
    yield label("to", ticket.assignee_id)
    yield label("is", "open" if ticket.is_open else "done")
    if ticket.is_escalated:
        yield label("is", "escalated")
    yield from _each("from", (ticket.name, ticket.email))
    yield from _each("site", ticket.site)


def _each(name: str, texts: Iterable[str]) -> Iterable[str]:
    return (f"{name}{MARK}{word}" for word in dict.fromkeys(word for text in texts for word in words_of(text)))


def _words(ticket: TicketText) -> Iterable[str]:
    phone = "".join(letter for letter in ticket.phone if letter.isdigit())
    own = (ticket.reference, ticket.name, ticket.email, ticket.phone, phone, *ticket.site)
    for text in (*own, *ticket.texts):
        yield MARK
        yield from words_of(text)
