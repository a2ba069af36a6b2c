"""What happens next for somebody who is to be phoned, or phones us: when, and what to say."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpdesk.faq.types import Library
from helpdesk.tickets.presenters.slots import promise_in_words, promised_call
from helpdesk.tickets.presenters.words import site_of
from helpdesk.tickets.types import Route

if TYPE_CHECKING:
    from helpdesk.tickets.models.ticket import Ticket

# A call is short: the answers that were tried last tell the most.
MOST_TRIED = 3


@dataclass(frozen=True)
class ByPhone:
    """The part of the confirmation for the route phone."""

    # The number that we ring; empty where they ring us.
    number: str
    # The promised time in words; empty where none was promised.
    promise: str
    what_to_say: tuple[str, ...]


def by_phone(library: Library, ticket: "Ticket") -> ByPhone:
    """When the phone rings, and a few short lines to read out on it."""
    lines = (_who(ticket), _problem(library, ticket), _tried(library, ticket))
    return ByPhone(
        number=ticket.requester_phone if ticket.call_backs else "",
        promise=promise_in_words(promised_call(ticket)),
        what_to_say=tuple(line for line in lines if line),
    )


def contact_for_requester(ticket: "Ticket") -> str:
    """How they and we will be in touch, as the requester asked for it."""
    if ticket.route is Route.EMAIL:
        return f"Email to {ticket.requester_email}"
    if not ticket.call_backs:
        return "You phone us"
    promise = promise_in_words(promised_call(ticket))
    return f"Phone on {ticket.requester_phone}{f', {promise}' if promise else ''}"


def _who(ticket: "Ticket") -> str:
    waiting = " A patient is waiting." if ticket.patient_waiting else ""
    return f"My name is {ticket.requester_name}, from {site_of(ticket)}. My reference is {ticket.reference}.{waiting}"


def _problem(library: Library, ticket: "Ticket") -> str:
    topic = library.find_topic(ticket.topic)
    about = f"It is about “{topic.title}”. " if topic else ""
    return f"{about}I asked: {ticket.summary}"


def _tried(library: Library, ticket: "Ticket") -> str:
    ids = dict.fromkeys(answer_id for line in ticket.transcript for answer_id in line["answer_ids"])
    titles = [library.answers[answer_id].title for answer_id in ids if answer_id in library.answers]
    return f"I have tried: {', '.join(f'“{title}”' for title in titles[-MOST_TRIED:])}" if titles else ""
