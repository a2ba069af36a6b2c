"""A ticket as its requester sees it: what was said, how it stands, what happens next."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from helpdesk.core.redaction import notice_to_writer
from helpdesk.tickets.presenters.slots import promise_in_words, promised_call
from helpdesk.tickets.presenters.timeline import Entry, message
from helpdesk.tickets.types import EventKind, Status

if TYPE_CHECKING:
    from helpdesk.tickets.models import Ticket, TicketEvent

FOR_REQUESTER = {
    EventKind.RESOLVED: "We marked this as solved.",
    EventKind.REOPENED: "We opened this again.",
    EventKind.ESCALATED: "We passed this on, because it needs more help.",
}

STATUS_FOR_REQUESTER = {
    Status.NEW: "We have your request",
    Status.OPEN: "We are working on it",
    Status.WAITING_FOR_REQUESTER: "We have replied",
    Status.ON_HOLD: "On hold",
    Status.SOLVED: "Solved",
    Status.CLOSED: "Closed",
}


@dataclass(frozen=True)
class RequesterPage:
    """A ticket as its requester sees it."""

    reference: str
    title: str
    status: str
    what_next: str
    # When we promised to phone; empty where no call is to come.
    promise: str
    is_closed: bool
    entries: list[Entry]


def requester_page(ticket: "Ticket") -> RequesterPage:
    """What the requester reads: how it stands, what happens next, and everything that was said."""
    return RequesterPage(
        reference=ticket.reference,
        title=ticket.summary,
        status=STATUS_FOR_REQUESTER[ticket.status],
        what_next=_what_next(ticket),
        promise=promise_in_words(promised_call(ticket)),
        is_closed=ticket.status is Status.CLOSED,
        entries=_entries(ticket.events),
    )


def _what_next(ticket: "Ticket") -> str:
    match ticket.status:
        case Status.NEW | Status.OPEN:
            return "Our next message shows here and goes to your email."
        case Status.WAITING_FOR_REQUESTER:
            return "We have replied. Write below if it is not solved."
        case Status.ON_HOLD:
            return "We are waiting for somebody else. We will write here when we know more."
        case Status.SOLVED:
            return "If it is not solved, write below and we open it again."
        case Status.CLOSED:
            return f"Ask again in the chat if you need more help, and quote {ticket.reference}."


def _entries(events: Iterable["TicketEvent"]) -> list[Entry]:
    """What was said to and by them; of an agent they learn the first name only."""
    return [_entry(event) for event in events if event.is_public]


def _entry(event: "TicketEvent") -> Entry:
    if event.kind in FOR_REQUESTER:
        return Entry("change", event.number, at=event.at, text=FOR_REQUESTER[event.kind])
    if event.kind is EventKind.REPLIED:
        return replace(message(event), author=f"{event.actor_name.split()[0]} at the helpdesk", notice="")
    return replace(message(event), author="You", notice=notice_to_writer(event.text))
